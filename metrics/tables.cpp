#include "metrics/tables.h"

#include <algorithm>
#include <boost/sort/spreadsort/spreadsort.hpp>
#include <cassert>
#include <cmath>

#include "core/emd.h"
#include "metrics/key_counts.h"

namespace bench {
namespace {

// x in the upper half, y in the lower: ascending keys stand in order of x.
std::vector<uint64_t> cell_keys(std::span<const uint32_t> x, std::span<const uint32_t> y) {
  assert(x.size() == y.size());
  std::vector<uint64_t> keys(x.size());
  for (size_t i = 0; i < x.size(); ++i) keys[i] = (static_cast<uint64_t>(x[i]) << 32) | y[i];
  return ascending(std::move(keys));
}

double c_ln_c(size_t count) {
  return count > 1 ? static_cast<double>(count) * std::log(static_cast<double>(count)) : 0;
}

// Entropy of counts with the sum of their c ln c.
double entropy_of(double sum_c_ln_c, size_t total) {
  const auto n = static_cast<double>(total);
  return std::max(0.0, std::log(n) - sum_c_ln_c / n);
}

}  // namespace

double entropy(std::span<const uint32_t> values) {
  assert(!values.empty());
  std::vector<uint32_t> sorted(values.begin(), values.end());
  boost::sort::spreadsort::integer_sort(sorted.begin(), sorted.end());
  double sum = 0;
  for (size_t i = 0, begin = 0; i < sorted.size(); begin = i) {
    while (i < sorted.size() && sorted[i] == sorted[begin]) ++i;
    sum += c_ln_c(i - begin);
  }
  return entropy_of(sum, sorted.size());
}

TableDifference compare_tables(const DiscretePair& x, const DiscretePair& y) {
  const std::vector<uint64_t> real = cell_keys(x.real, y.real);
  const std::vector<uint64_t> synthetic = cell_keys(x.synthetic, y.synthetic);
  assert(!real.empty() && !synthetic.empty());
  double absolute = 0, squares = 0, real_sum = 0, synthetic_sum = 0;
  for_each_key(real, synthetic, [&](uint64_t, size_t in_real, size_t in_synthetic) {
    const double difference = static_cast<double>(in_real) / static_cast<double>(real.size()) -
                              static_cast<double>(in_synthetic) / static_cast<double>(synthetic.size());
    absolute += std::abs(difference);
    squares += difference * difference;
    real_sum += c_ln_c(in_real);
    synthetic_sum += c_ln_c(in_synthetic);
  });
  return {std::min(absolute / 2, 1.0), std::sqrt(squares), entropy_of(real_sum, real.size()),
          entropy_of(synthetic_sum, synthetic.size())};
}

double conditional_variation(const DiscretePair& x, const DiscretePair& y) {
  const std::vector<uint64_t> real = cell_keys(x.real, y.real);
  const std::vector<uint64_t> synthetic = cell_keys(x.synthetic, y.synthetic);
  assert(!real.empty() && !synthetic.empty());
  const auto group_end = [](std::span<const uint64_t> keys, size_t begin, uint64_t group) {
    while (begin < keys.size() && keys[begin] >> 32 == group) ++begin;
    return begin;
  };
  double sum = 0;
  for (size_t i = 0, j = 0; i < real.size();) {
    const uint64_t group = real[i] >> 32;
    while (j < synthetic.size() && synthetic[j] >> 32 < group) ++j;
    const size_t end_i = group_end(real, i, group);
    const size_t end_j = group_end(synthetic, j, group);
    double variation = j == end_j ? 2 : 0;
    if (j < end_j) {
      const auto rows = std::span(real).subspan(i, end_i - i);
      const auto others = std::span(synthetic).subspan(j, end_j - j);
      for_each_key(rows, others, [&](uint64_t, size_t in_real, size_t in_synthetic) {
        variation += std::abs(static_cast<double>(in_real) / static_cast<double>(rows.size()) -
                              static_cast<double>(in_synthetic) / static_cast<double>(others.size()));
      });
    }
    sum += static_cast<double>(end_i - i) * variation / 2;
    i = end_i;
    j = end_j;
  }
  return std::min(sum / static_cast<double>(real.size()), 1.0);
}

TableSummary compare_all_tables(const std::vector<DiscretePair>& columns) {
  std::vector<double> real_entropy, synthetic_entropy;
  for (const DiscretePair& column : columns) {
    real_entropy.push_back(entropy(column.real));
    synthetic_entropy.push_back(entropy(column.synthetic));
  }
  TableSummary out;
  out.mi_differences.assign(columns.size(), 0);
  size_t categorical_pairs = 0;
  for (size_t x = 0; x < columns.size(); ++x) {
    for (size_t y = x + 1; y < columns.size(); ++y) {
      const TableDifference table = compare_tables(columns[x], columns[y]);
      const double real = real_entropy[x] + real_entropy[y] - table.joint_entropy_real;
      const double synthetic = synthetic_entropy[x] + synthetic_entropy[y] - table.joint_entropy_synthetic;
      const double share = std::abs(real - synthetic) / static_cast<double>(columns.size() - 1);
      out.mi_differences[x] += share;
      out.mi_differences[y] += share;
      if (!columns[x].category || !columns[y].category) continue;
      ++categorical_pairs;
      out.mean_frobenius += table.frobenius;
      out.mean_variation += table.total_variation;
    }
  }
  if (categorical_pairs > 0) {
    out.mean_frobenius /= static_cast<double>(categorical_pairs);
    out.mean_variation /= static_cast<double>(categorical_pairs);
  }
  return out;
}

}  // namespace bench
