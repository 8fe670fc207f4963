#pragma once
// Exact distances between two samples on a line, from their sorted values; nothing is binned. No NaN among
// the values, both samples non-empty, any sizes. O(n + m) once sorted.

#include <cstdint>
#include <span>
#include <vector>

namespace bench {

/// The values in ascending order (radix sort, faster than std::sort on large columns).
std::vector<double> ascending(std::vector<double> values);
std::vector<int64_t> ascending(std::vector<int64_t> values);
std::vector<uint64_t> ascending(std::vector<uint64_t> values);

/// Earth mover's distance (Wasserstein-1), the integral of |F - G|, in the unit of the values; the arguments
/// ascend. Agrees with scipy's wasserstein_distance without weights.
double emd_of_sorted(std::span<const double> a, std::span<const double> b);
double emd_of_sorted(std::span<const int64_t> a, std::span<const int64_t> b);
/// The same for values in any order.
double emd(std::span<const double> a, std::span<const double> b);

/// Two-sample Kolmogorov-Smirnov statistic, max |F - G|, 0 .. 1; the arguments ascend.
double ks_of_sorted(std::span<const double> a, std::span<const double> b);
double ks_of_sorted(std::span<const int64_t> a, std::span<const int64_t> b);

}  // namespace bench
