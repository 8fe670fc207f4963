#pragma once
// Distances between two discrete distributions given by counts. Entry i of both spans is the same value (or
// the same popularity rank); a shorter span is continued with zeros. Both totals are positive.

#include <cstdint>
#include <span>

namespace bench {

inline constexpr double kLn2 = 0.693147180559945309417;

/// Jensen-Shannon divergence in nats, 0 .. ln 2: KL(p|m)/2 + KL(q|m)/2 with m = (p+q)/2. The square of what
/// scipy's jensenshannon returns (NetShare's dist_metrics.py squares it too).
double jsd(std::span<const int64_t> a, std::span<const int64_t> b);
/// Its square root, 0 .. sqrt(ln 2) = 0.8326: a metric.
double jsd_distance(std::span<const int64_t> a, std::span<const int64_t> b);
/// Total variation, sum |p - q| / 2, 0 .. 1.
double total_variation(std::span<const int64_t> a, std::span<const int64_t> b);
/// Hellinger distance, sqrt(sum (sqrt p - sqrt q)^2 / 2), 0 .. 1: a metric. Its square is at most the total
/// variation.
double hellinger(std::span<const int64_t> a, std::span<const int64_t> b);
/// jsd() of the distributions of two ascending, non-empty lists of keys, 0 .. ln 2.
double jsd_of_keys(std::span<const uint64_t> a, std::span<const uint64_t> b);
/// Total variation between the distributions of two ascending, non-empty lists of keys.
double total_variation_of_keys(std::span<const uint64_t> a, std::span<const uint64_t> b);

}  // namespace bench
