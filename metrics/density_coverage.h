#pragma once
// Density and coverage of Naeem et al. (ICML 2020): how synthetic points lie in the balls that reach from
// each real point to its k-th nearest real neighbour.

#include <cstddef>

#include "metrics/mixed_points.h"

namespace bench {

struct DensityCoverage {
  double density = 0;   ///< 0 or more; about 1 if both sides have one distribution
  double coverage = 0;  ///< 0 .. 1; about 1 - 2^-k if both sides have one distribution without ties
};

/// Exact, O(points^2), one row of distances at a time. real.points > k >= 1, synthetic.points >= 1.
///
/// A ball holds its surface. Copies of a record make ties there: where the k-th neighbour is one of b real
/// points at the same distance and a real points lie nearer, a synthetic point at that distance counts
/// (k - a)/b in the density. Without ties both numbers equal the published definition.
DensityCoverage density_coverage(const MixedPoints& real, const MixedPoints& synthetic, size_t k);

}  // namespace bench
