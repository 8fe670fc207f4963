#include "metrics/histogram.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace bench {
namespace {

// Appends value + 1 where it is a new start and an integer above `value` exists.
void start_after(std::vector<int64_t>& starts, int64_t value) {
  if (value < std::numeric_limits<int64_t>::max() && starts.back() <= value) starts.push_back(value + 1);
}

}  // namespace

std::vector<int64_t> bin_starts(std::span<const int64_t> ascending_real) {
  const double ranges = std::ceil(std::cbrt(static_cast<double>(ascending_real.size())));
  return bin_starts(ascending_real, std::min(kMaxBins, static_cast<size_t>(ranges)));
}

std::vector<int64_t> bin_starts(std::span<const int64_t> ascending_real, size_t bins) {
  assert(!ascending_real.empty() && bins > 0);
  const size_t n = ascending_real.size();
  std::vector<int64_t> starts{ascending_real.front()};
  int64_t previous = ascending_real.front();
  for (size_t k = 1; k < bins; ++k) {
    const int64_t value = ascending_real[k * n / bins];
    if (value == previous) {
      start_after(starts, value);
    } else if (value > starts.back()) {
      starts.push_back(value);
    }
    previous = value;
  }
  start_after(starts, ascending_real.back());
  return starts;
}

std::vector<int64_t> bin_counts(std::span<const int64_t> ascending_values, std::span<const int64_t> starts) {
  std::vector<int64_t> counts;
  counts.reserve(starts.size() + 1);
  auto from = ascending_values.begin();
  for (const int64_t start : starts) {
    const auto to = std::lower_bound(from, ascending_values.end(), start);
    counts.push_back(to - from);
    from = to;
  }
  counts.push_back(ascending_values.end() - from);
  return counts;
}

}  // namespace bench
