#pragma once
// Summary statistics in double.

#include <cstddef>
#include <span>

namespace bench {

/// Arithmetic mean; 0 for an empty span.
double mean(std::span<const double> x);
/// Sample standard deviation (n - 1); 0 for fewer than two values.
double sample_sd(std::span<const double> x);
/// Pearson correlation in [-1, 1]; 0 where either side is constant or shorter than two values
/// (a constant column carries no linear relation). Both spans have the same length.
double pearson(std::span<const double> x, std::span<const double> y);

}  // namespace bench
