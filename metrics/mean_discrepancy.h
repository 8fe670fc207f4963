#pragma once
// Maximum mean discrepancy of Gretton et al. (JMLR 13, 2012): how far the means of two samples lie apart in
// the space of a kernel, which for the Gaussian kernel is 0 only for equal distributions.

#include "metrics/mixed_points.h"

namespace bench {

/// Median of the distances > 0 between two points (the lower one of two); 1 if there are none. O(points^2)
/// time and 8 bytes of memory for each pair.
double median_distance(const MixedPoints& points);

/// sqrt(mean k(x, x') + mean k(y, y') - 2 mean k(x, y)), 0 .. sqrt 2, with k = exp(-d^2 / (2 bandwidth^2)).
/// The means run over all pairs, a point with itself too (the biased estimate), so a sample against itself
/// has 0 and two samples of n and m points of one distribution about sqrt((1/n + 1/m) (1 - mean k)). Both
/// sides have points and the same coordinates; bandwidth > 0.
double mean_discrepancy(const MixedPoints& real, const MixedPoints& synthetic, double bandwidth);

}  // namespace bench
