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

void add_address(uint32_t query, const uint32_t* reference, size_t n, Block& sums) {
  for (size_t i = 0; i < n; ++i) {
    const uint32_t x = query ^ reference[i];
    const int shared = (x >> 24 == 0) + (x >> 16 == 0) + (x >> 8 == 0) + (x == 0);
    sums[i] += static_cast<float>(4 - shared) * 0.25F;
  }
}

void add_category(uint32_t query, const uint32_t* reference, size_t n, Block& sums) {
  for (size_t i = 0; i < n; ++i) sums[i] += query == reference[i] ? 0.0F : 1.0F;
}

void add_number(float query, const float* reference, size_t n, Block& sums) {
  for (size_t i = 0; i < n; ++i) sums[i] += std::min(1.0F, std::abs(query - reference[i]));
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
    for (size_t q = 0; q < queries.rows; ++q) {
      sums.fill(0);
      for (size_t c = 0; c < queries.addresses.size(); ++c)
        add_address(queries.addresses[c][q], references.addresses[c].data() + begin, n, sums);
      for (size_t c = 0; c < queries.categories.size(); ++c)
        add_category(queries.categories[c][q], references.categories[c].data() + begin, n, sums);
      for (size_t c = 0; c < queries.numbers.size(); ++c)
        add_number(queries.numbers[c][q], references.numbers[c].data() + begin, n, sums);
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
