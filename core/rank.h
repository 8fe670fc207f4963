#pragma once
// Agreement of two orderings, and how far chance among repeats moves it. The orderings here are short (5
// classifiers, 4 sketches, 6 feature sets), so a coefficient takes few values: read it with its p-value and
// interval.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/seed.h"

namespace bench {

/// Ranks 1 .. n of ascending values; equal values share the mean of their ranks. No NaN among the values.
std::vector<double> average_ranks(std::span<const double> x);

/// Spearman's rho, -1 .. 1: Pearson correlation of the average ranks. None if one side has fewer than two
/// different values. Both spans have the same length.
std::optional<double> spearman(std::span<const double> x, std::span<const double> y);

/// Two-sided p-value of spearman() under independence, ties as they are: the share of the orders of y whose
/// |rho| is at least the observed one, all n! of them up to n = 9; for longer input Student's t with n - 2
/// degrees of freedom at rho sqrt((n - 2) / (1 - rho^2)). None where spearman() is none.
std::optional<double> spearman_p_value(std::span<const double> x, std::span<const double> y);

/// Kendall's tau-b, -1 .. 1: (concordant - discordant) / sqrt((pairs - ties in x) (pairs - ties in y)),
/// Kendall (1945). None if one side has fewer than two different values. O(n^2).
std::optional<double> kendall_tau_b(std::span<const double> x, std::span<const double> y);

/// Area under the ROC curve from average ranks (Mann-Whitney): the probability that a positive one of
/// `scores` is above a negative one, ties half. None without one of each. Both have the same length.
std::optional<double> area_under_roc(std::span<const double> scores, const std::vector<bool>& positive);

/// Value at share q (0 .. 1) of the sorted, non-empty sample, linear between order statistics at
/// q (n - 1) (numpy's default, R's type 7).
double quantile(std::vector<double> sample, double q);

struct Interval {
  double lo = 0, hi = 0;
  int64_t defined = 0;  ///< draws in which the statistic had a value; lo and hi come from these
};

struct BootstrapOptions {
  double level = 0.95;  ///< coverage, inside (0, 1)
  int draws = 2000;     ///< at least 1
};

/// Percentile interval (Efron 1979): `statistic` is computed for `draws` lists of `repeats` indices below
/// `repeats` (>= 1), drawn with putting back; the interval ends at quantiles (1 - level) / 2 and
/// (1 + level) / 2. None if the statistic had no value in any draw.
std::optional<Interval> bootstrap_interval(
    size_t repeats, const std::function<std::optional<double>(std::span<const size_t>)>& statistic, Seed seed,
    const BootstrapOptions& options = {});

struct RankAgreement {
  double spearman = 0, p_value = 1, kendall = 0;
  Interval spearman_interval, kendall_interval;
};

/// How `a` and `b` order the same things: a[i][r] is the result of thing i in repeat r, all lists equally
/// long and not empty. Results are averaged over the repeats, unrounded, before they are ranked; the
/// bootstrap draws whole repeats (the same ones of both sides). None if one side orders nothing: fewer than
/// two things, or all means equal.
std::optional<RankAgreement> rank_agreement(std::span<const std::vector<double>> a,
                                            std::span<const std::vector<double>> b, Seed seed,
                                            const BootstrapOptions& options = {});

}  // namespace bench
