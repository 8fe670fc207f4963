#include "metrics/nearest.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace bench {
namespace {

constexpr size_t kBlock = 512;  // references whose columns stay in the first-level cache

using Block = std::array<float, kBlock>;

// Loops of a constant length become vector instructions; what a last block lacks counts as zeros and is left
// out afterwards. Inlined, GCC 12 would join the loops of two columns (unroll and jam) and then give up on
// vectors.
template <typename T>
using Column = std::array<T, kBlock>;

[[gnu::noinline]] void add_address(uint32_t query, const uint32_t* reference, float* sums) {
  for (size_t i = 0; i < kBlock; ++i) {
    const uint32_t x = query ^ reference[i];
    const int shared = (x >> 24 == 0) + (x >> 16 == 0) + (x >> 8 == 0) + (x == 0);
    sums[i] += static_cast<float>(4 - shared) * 0.25F;
  }
}

[[gnu::noinline]] void add_category(uint32_t query, const uint32_t* reference, float* sums) {
  for (size_t i = 0; i < kBlock; ++i) {
    const int different = query != reference[i];
    sums[i] += static_cast<float>(different);
  }
}

[[gnu::noinline]] void add_number(float query, const float* reference, float* sums) {
  for (size_t i = 0; i < kBlock; ++i) {
    const float distance = std::abs(query - reference[i]);
    sums[i] += distance < 1.0F ? distance : 1.0F;  // std::min keeps GCC from vector instructions
  }
}

template <typename T>
std::vector<Column<T>> block_of(const std::vector<std::vector<T>>& columns, size_t begin, size_t n) {
  std::vector<Column<T>> out(columns.size());
  for (size_t c = 0; c < columns.size(); ++c)
    std::copy_n(columns[c].begin() + static_cast<std::ptrdiff_t>(begin), n, out[c].begin());
  return out;
}

// Puts `distance` into the ascending list if it is below the last one.
void keep(float distance, float* nearest_so_far, size_t k) {
  if (distance >= nearest_so_far[k - 1]) return;
  size_t at = k - 1;
  for (; at > 0 && nearest_so_far[at - 1] > distance; --at) nearest_so_far[at] = nearest_so_far[at - 1];
  nearest_so_far[at] = distance;
}

// The column as it is, whatever its type; columns of one name have one type.
template <typename F>
void with_column(const Trace& trace, std::string_view wanted, F&& f) {
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (name == wanted) f(column);
  });
}

bool has_column(const Trace& trace, std::string_view wanted) {
  bool there = false;
  with_column(trace, wanted, [&](const auto& column) { there = !column.empty(); });
  return there;
}

}  // namespace

std::vector<float> nearest(const MixedTable& queries, const MixedTable& references, size_t k) {
  assert(k >= 1 && references.rows >= k && references.fields() > 0);
  assert(queries.fields() == references.fields());
  std::vector<float> out(queries.rows * k, std::numeric_limits<float>::infinity());
  Block sums;
  for (size_t begin = 0; begin < references.rows; begin += kBlock) {
    const size_t n = std::min(kBlock, references.rows - begin);
    const auto addresses = block_of(references.addresses, begin, n);
    const auto categories = block_of(references.categories, begin, n);
    const auto numbers = block_of(references.numbers, begin, n);
    for (size_t q = 0; q < queries.rows; ++q) {
      sums.fill(0);
      for (size_t c = 0; c < addresses.size(); ++c)
        add_address(queries.addresses[c][q], addresses[c].data(), sums.data());
      for (size_t c = 0; c < categories.size(); ++c)
        add_category(queries.categories[c][q], categories[c].data(), sums.data());
      for (size_t c = 0; c < numbers.size(); ++c)
        add_number(queries.numbers[c][q], numbers[c].data(), sums.data());
      for (size_t i = 0; i < n; ++i) keep(sums[i], out.data() + q * k, k);
    }
  }
  const auto fields = static_cast<float>(queries.fields());
  for (float& distance : out) distance /= fields;
  return out;
}

RecordCoder::RecordCoder(const Trace& real, const Trace& synthetic, const Trace& holdout) {
  const auto in_all = [&](std::string_view column) {
    return has_column(real, column) && has_column(synthetic, column) && has_column(holdout, column);
  };
  for (const std::string_view column :
       {"srcport", "dstport", "proto", "tcp_flags", "ip_flags", "tos", "fragment_offset"}) {
    if (in_all(column)) categories_.push_back(column);
  }
  for (const std::string_view column : {"length", "ttl", "duration", "packets", "bytes"}) {
    if (!in_all(column)) continue;
    with_column(real, column, [&](const auto& values) {
      const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
      const double range = std::log1p(static_cast<double>(*hi)) - std::log1p(static_cast<double>(*lo));
      numbers_.push_back({column, range > 0 ? range : 1});
    });
  }
}

MixedTable RecordCoder::table(const Trace& trace, std::span<const size_t> rows) const {
  MixedTable out;
  out.rows = rows.size();
  const auto pick = [&](const auto& column) {
    std::vector<uint32_t> picked(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) picked[i] = static_cast<uint32_t>(column[rows[i]]);
    return picked;
  };
  out.addresses = {pick(trace.srcip), pick(trace.dstip)};
  for (const std::string_view name : categories_) {
    with_column(trace, name, [&](const auto& column) { out.categories.push_back(pick(column)); });
  }
  for (const Number& number : numbers_) {
    with_column(trace, number.column, [&](const auto& column) {
      std::vector<float>& scaled = out.numbers.emplace_back(rows.size());
      for (size_t i = 0; i < rows.size(); ++i)
        scaled[i] = static_cast<float>(std::log1p(static_cast<double>(column[rows[i]])) / number.range);
    });
  }
  return out;
}

}  // namespace bench
