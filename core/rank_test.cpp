#include "core/rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/stats.h"

namespace bench {
namespace {

using Values = std::vector<double>;

TEST(AverageRanks, TiesShareTheMean) {
  EXPECT_EQ(average_ranks(Values{10, 30, 20}), (Values{1, 3, 2}));
  EXPECT_EQ(average_ranks(Values{5, 1, 5, 9, 5}), (Values{3, 1, 3, 5, 3}));
  EXPECT_EQ(average_ranks(Values{2, 2}), (Values{1.5, 1.5}));
  EXPECT_TRUE(average_ranks(Values{}).empty());
}

TEST(Spearman, ClosedFormWithoutTies) {
  // 1 - 6 sum d^2 / (n (n^2 - 1)).
  EXPECT_DOUBLE_EQ(*spearman(Values{1, 2, 3, 4}, Values{10, 20, 40, 30}), 1 - 6.0 * 2 / (4 * 15));
  EXPECT_DOUBLE_EQ(*spearman(Values{1, 2, 3, 4, 5}, Values{9, 7, 5, 3, -1}), -1);
  EXPECT_DOUBLE_EQ(*spearman(Values{3, 1, 2}, Values{std::exp(3.0), std::exp(1.0), std::exp(2.0)}), 1);
}

TEST(Spearman, PublishedValueWithTies) {
  // The example of scipy.stats.spearmanr: ranks of y are 1, 2, 3.5, 5, 3.5, so 8 / sqrt(10 x 9.5).
  EXPECT_NEAR(*spearman(Values{1, 2, 3, 4, 5}, Values{5, 6, 7, 8, 7}), 0.82078268166812329, 1e-15);
}

TEST(Spearman, NoneWhereASideOrdersNothing) {
  EXPECT_FALSE(spearman(Values{1, 1, 1}, Values{1, 2, 3}));
  EXPECT_FALSE(spearman(Values{1}, Values{1}));
  EXPECT_FALSE(spearman(Values{}, Values{}));
  EXPECT_FALSE(kendall_tau_b(Values{1, 2, 3}, Values{4, 4, 4}));
  EXPECT_FALSE(spearman_p_value(Values{1, 2, 3}, Values{4, 4, 4}));
}

TEST(SpearmanPValue, CountsOrders) {
  // Of 24 orders, the same and the reverse have |rho| = 1; rho = 0.8 is reached by 3 neighbour swaps, and
  // -0.8 by their mirrors.
  EXPECT_DOUBLE_EQ(*spearman_p_value(Values{1, 2, 3, 4}, Values{1, 2, 3, 4}), 2.0 / 24);
  EXPECT_DOUBLE_EQ(*spearman_p_value(Values{1, 2, 3, 4}, Values{2, 1, 3, 4}), 8.0 / 24);
  // Of 3 different orders of (1, 1, 2) against (1, 1, 2) one gives rho = 1, two give -1/2.
  EXPECT_DOUBLE_EQ(*spearman_p_value(Values{1, 1, 2}, Values{1, 1, 2}), 1.0 / 3);
}

TEST(SpearmanPValue, StudentsTForLongerInput) {
  Values x(20), y(20);
  std::iota(x.begin(), x.end(), 0.0);
  for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>((i * 7) % 20);
  const double rho = *spearman(x, y);
  // Simpson's rule over the density of t with 18 degrees of freedom, gamma(9.5) / (sqrt(18 pi) gamma(9)).
  const double t = std::abs(rho) * std::sqrt(18 / (1 - rho * rho));
  const auto density = [](double s) {
    return std::tgamma(9.5) / (std::sqrt(18 * M_PI) * std::tgamma(9.0)) * std::pow(1 + s * s / 18, -9.5);
  };
  double inside = density(0) + density(t);
  for (int i = 1; i < 1000; ++i) inside += density(t * i / 1000) * (i % 2 == 0 ? 2 : 4);
  EXPECT_NEAR(*spearman_p_value(x, y), 1 - 2 * inside * t / 3000, 1e-9);
  EXPECT_EQ(*spearman_p_value(x, x), 0);
}

TEST(KendallTauB, ClosedFormAndPublishedValue) {
  EXPECT_DOUBLE_EQ(*kendall_tau_b(Values{1, 2, 3, 4}, Values{1, 2, 4, 3}), (5.0 - 1) / 6);
  EXPECT_DOUBLE_EQ(*kendall_tau_b(Values{1, 2, 3}, Values{3, 2, 1}), -1);
  // x = 1 1 2, y = 1 2 3: two concordant pairs, one tie in x: 2 / sqrt(2 * 3).
  EXPECT_DOUBLE_EQ(*kendall_tau_b(Values{1, 1, 2}, Values{1, 2, 3}), 2 / std::sqrt(6.0));
  // The example of scipy.stats.kendalltau.
  EXPECT_NEAR(*kendall_tau_b(Values{12, 2, 1, 12, 2}, Values{1, 4, 7, 1, 0}), -0.47140452079103173, 1e-15);
}

TEST(RankCoefficients, DependOnOrderOnlyAndAreSymmetric) {
  Rng rng = Seed(3).rng();
  for (int trial = 0; trial < 100; ++trial) {
    Values x, y;
    for (int i = 0; i < 6; ++i) x.push_back(static_cast<double>(rng() % 5));
    for (int i = 0; i < 6; ++i) y.push_back(static_cast<double>(rng() % 5));
    Values stretched = x, mirrored = y;
    for (double& v : stretched) v = std::exp(3 * v);
    for (double& v : mirrored) v = -v;
    for (const auto coefficient : {spearman, kendall_tau_b}) {
      const auto value = coefficient(x, y);
      ASSERT_EQ(coefficient(stretched, y), value);
      ASSERT_EQ(coefficient(y, x).has_value(), value.has_value());
      if (!value) continue;
      ASSERT_NEAR(*coefficient(y, x), *value, 1e-15);
      ASSERT_NEAR(*coefficient(x, mirrored), -*value, 1e-15);
      ASSERT_LE(std::abs(*value), 1 + 1e-15);
    }
  }
}

TEST(Quantile, LinearBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.3), 7);
}

TEST(Bootstrap, IntervalOfAMeanHasTheNormalWidth) {
  Values sample(400);
  for (size_t i = 0; i < sample.size(); ++i) sample[i] = static_cast<double>(i % 20);
  const auto mean_of = [&](std::span<const size_t> drawn) -> std::optional<double> {
    double sum = 0;
    for (const size_t i : drawn) sum += sample[i];
    return sum / static_cast<double>(drawn.size());
  };
  const Interval interval = *bootstrap_interval(sample.size(), mean_of, Seed(1), {0.95, 20000});
  const double half = 1.959964 * sample_sd(sample) / 20;
  EXPECT_NEAR(interval.lo, mean(sample) - half, 0.03 * half);
  EXPECT_NEAR(interval.hi, mean(sample) + half, 0.03 * half);
  EXPECT_EQ(interval.defined, 20000);
  EXPECT_EQ(bootstrap_interval(sample.size(), mean_of, Seed(1))->lo,
            bootstrap_interval(sample.size(), mean_of, Seed(1))->lo);
}

TEST(Bootstrap, DrawsWithoutAValueAreLeftOut) {
  const auto first_is_zero = [](std::span<const size_t> drawn) -> std::optional<double> {
    if (drawn.front() != 0) return std::nullopt;
    return 5.0;
  };
  const Interval interval = *bootstrap_interval(2, first_is_zero, Seed(1), {0.95, 1000});
  EXPECT_EQ(interval.lo, 5);
  EXPECT_EQ(interval.hi, 5);
  EXPECT_NEAR(static_cast<double>(interval.defined), 500, 80);  // 5 standard deviations of 15.8
  const auto never = [](std::span<const size_t>) -> std::optional<double> { return std::nullopt; };
  EXPECT_FALSE(bootstrap_interval(2, never, Seed(1)));
}

TEST(RankAgreement, RanksMeansOverRepeats) {
  // Means 2, 3, 4 and 1, 2, 30; a single repeat would order them otherwise.
  const std::vector<Values> a{{1, 3}, {5, 1}, {4, 4}};
  const std::vector<Values> b{{1, 1}, {2, 2}, {60, 0}};
  const RankAgreement agreement = *rank_agreement(a, b, Seed(1));
  EXPECT_DOUBLE_EQ(agreement.spearman, 1);
  EXPECT_DOUBLE_EQ(agreement.kendall, 1);
  EXPECT_DOUBLE_EQ(agreement.p_value, 2.0 / 6);
  // Draws (0,0): ranks 1 3 2 and 1 2 3, rho 1/2, tau 1/3. (1,1): 2 1 3 and 2 3 1, both -1.
  EXPECT_DOUBLE_EQ(agreement.spearman_interval.lo, -1);
  EXPECT_DOUBLE_EQ(agreement.spearman_interval.hi, 1);
  EXPECT_DOUBLE_EQ(agreement.kendall_interval.hi, 1);
}

TEST(RankAgreement, SettledOrderHasAPointInterval) {
  const std::vector<Values> a{{1, 2}, {3, 4}, {5, 6}};
  const RankAgreement agreement = *rank_agreement(a, a, Seed(1));
  EXPECT_DOUBLE_EQ(agreement.spearman_interval.lo, 1);
  EXPECT_DOUBLE_EQ(agreement.spearman_interval.hi, 1);
  EXPECT_FALSE(rank_agreement(std::vector<Values>{{1, 2}}, std::vector<Values>{{1, 2}}, Seed(1)));
  EXPECT_FALSE(rank_agreement(a, std::vector<Values>{{1, 2}, {2, 1}, {1, 2}}, Seed(1)));
}

TEST(AreaUnderRoc, ByHand) {
  using Marks = std::vector<bool>;
  EXPECT_EQ(area_under_roc(Values{1, 2, 3, 4}, Marks{0, 0, 1, 1}), 1);
  EXPECT_EQ(area_under_roc(Values{1, 2, 3, 4}, Marks{1, 1, 0, 0}), 0);
  EXPECT_EQ(area_under_roc(Values{1, 2, 3, 4}, Marks{0, 1, 0, 1}), 0.75);
  EXPECT_EQ(area_under_roc(Values{5, 5, 5}, Marks{0, 1, 1}), 0.5);
  EXPECT_EQ(area_under_roc(Values{5, 6}, Marks{1, 1}), std::nullopt);
}

TEST(AreaUnderRoc, ClosedForms) {
  const std::vector<bool> positive{false, false, true, true};
  EXPECT_DOUBLE_EQ(*area_under_roc(std::vector{1., 2., 3., 4.}, positive), 1);
  EXPECT_DOUBLE_EQ(*area_under_roc(std::vector{4., 3., 2., 1.}, positive), 0);
  EXPECT_DOUBLE_EQ(*area_under_roc(std::vector{1., 1., 1., 1.}, positive), 0.5);
  // Pairs (negative, positive): 0.1 < 0.35, 0.1 < 0.8, 0.4 > 0.35, 0.4 < 0.8.
  EXPECT_DOUBLE_EQ(*area_under_roc(std::vector{0.1, 0.4, 0.35, 0.8}, positive), 0.75);
  EXPECT_DOUBLE_EQ(*area_under_roc(std::vector{1., 2., 2., 3.}, positive), 0.875);
  EXPECT_FALSE(area_under_roc(std::vector{1., 2.}, {true, true}).has_value());
}

}  // namespace
}  // namespace bench
