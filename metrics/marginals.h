#pragma once
// What a network operator reads off one column of counts, as single numbers and distances between them.

#include <cstdint>
#include <optional>
#include <span>

namespace bench {

/// Ports below this number are services.
inline constexpr size_t kServicePorts = 1024;

/// Share of common values among the k most frequent values of each side, 0 .. 1: |A and B| / max(|A|, |B|).
/// Entry i of both spans counts the value i; of equally frequent values the smaller comes first, values that
/// do not occur are no candidates. None if the first side counts nothing at all.
std::optional<double> top_overlap(std::span<const int64_t> a, std::span<const int64_t> b, size_t k);

/// Number of entries above zero.
int64_t distinct(std::span<const int64_t> counts);

/// |a - b| / max(a, b), 0 .. 1: symmetric, unlike a difference over one side. Both are positive.
double relative_difference(int64_t a, int64_t b);

/// Slope of the least-squares line through (ln rank, ln count), the counts being positive and descending;
/// -s for counts proportional to rank^-s. None for fewer than two counts.
std::optional<double> zipf_slope(std::span<const int64_t> descending);

}  // namespace bench
