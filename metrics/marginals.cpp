#include "metrics/marginals.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "core/stats.h"

namespace bench {
namespace {

// Values of the k largest counts, ascending.
std::vector<size_t> top(std::span<const int64_t> counts, size_t k) {
  std::vector<size_t> values;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) values.push_back(i);
  }
  const size_t kept = std::min(k, values.size());
  std::partial_sort(
      values.begin(), values.begin() + static_cast<std::ptrdiff_t>(kept), values.end(),
      [&](size_t x, size_t y) { return counts[x] != counts[y] ? counts[x] > counts[y] : x < y; });
  values.resize(kept);
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

std::optional<double> top_overlap(std::span<const int64_t> a, std::span<const int64_t> b, size_t k) {
  const std::vector<size_t> top_a = top(a, k);
  const std::vector<size_t> top_b = top(b, k);
  if (top_a.empty()) return std::nullopt;
  std::vector<size_t> common;
  std::set_intersection(top_a.begin(), top_a.end(), top_b.begin(), top_b.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(std::max(top_a.size(), top_b.size()));
}

int64_t distinct(std::span<const int64_t> counts) {
  return std::count_if(counts.begin(), counts.end(), [](int64_t count) { return count > 0; });
}

double relative_difference(int64_t a, int64_t b) {
  assert(a > 0 && b > 0);
  return static_cast<double>(std::abs(a - b)) / static_cast<double>(std::max(a, b));
}

std::optional<double> zipf_slope(std::span<const int64_t> descending) {
  if (descending.size() < 2) return std::nullopt;
  std::vector<double> x, y;
  for (size_t i = 0; i < descending.size(); ++i) {
    assert(descending[i] > 0);
    x.push_back(std::log(static_cast<double>(i + 1)));
    y.push_back(std::log(static_cast<double>(descending[i])));
  }
  const double mean_x = mean(x);
  const double mean_y = mean(y);
  double sxy = 0, sxx = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return sxy / sxx;
}

}  // namespace bench
