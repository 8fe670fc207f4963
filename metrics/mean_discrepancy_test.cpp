#include "metrics/mean_discrepancy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/seed.h"
#include "core/stats.h"

namespace bench {
namespace {

MixedPoints on_a_line(std::vector<double> at) { return {at.size(), 1, 0, std::move(at), {}}; }

MixedPoints normal(size_t points, double mean, uint64_t seed) {
  Rng rng(seed);
  std::normal_distribution<double> draw(mean, 1);
  std::vector<double> at(points);
  for (double& value : at) value = draw(rng);
  return on_a_line(std::move(at));
}

TEST(MedianDistance, ByHand) {
  EXPECT_DOUBLE_EQ(median_distance(on_a_line({0, 1, 4})), 3);        // 1, 3, 4
  EXPECT_DOUBLE_EQ(median_distance(on_a_line({0, 0, 1, 4})), 3);     // 1, 1, 3, 4, 4 and one 0
  EXPECT_DOUBLE_EQ(median_distance(on_a_line({0, 1, 10, 30})), 10);  // 1, 9, 10, 20, 29, 30
  EXPECT_DOUBLE_EQ(median_distance({2, 1, 2, {0, 3}, {80, 6, 53, 17}}), std::sqrt(9 + 2 + 2));
  EXPECT_EQ(median_distance(on_a_line({7, 7, 7})), 1);
  EXPECT_EQ(median_distance(on_a_line({7})), 1);
}

TEST(MeanDiscrepancy, OfTwoPointsAndOfFour) {
  // One point a side: 1 + 1 - 2 k.
  EXPECT_NEAR(mean_discrepancy(on_a_line({0}), on_a_line({3}), 1.5), std::sqrt(2 - 2 * std::exp(-2.0)),
              1e-15);
  // {0, 1} against {0, 2}, bandwidth 1: (2 + 2 e^-1/2) / 4 + (2 + 2 e^-2) / 4
  //                                     - 2 (1 + e^-2 + e^-1/2 + e^-1/2) / 4.
  EXPECT_NEAR(mean_discrepancy(on_a_line({0, 1}), on_a_line({0, 2}), 1), std::sqrt((1 - std::exp(-0.5)) / 2),
              1e-15);
  // Points a category apart have the squared distance 2.
  EXPECT_NEAR(mean_discrepancy({1, 0, 1, {}, {80}}, {1, 0, 1, {}, {53}}, 1),
              std::sqrt(2 - 2 * std::exp(-1.0)), 1e-15);
}

TEST(MeanDiscrepancy, ZeroOnItselfSymmetricAndInRange) {
  const MixedPoints a = normal(80, 0, 1), b = normal(50, 1, 2);
  EXPECT_EQ(mean_discrepancy(a, a, 0.7), 0);
  EXPECT_NEAR(mean_discrepancy(a, b, 0.7), mean_discrepancy(b, a, 0.7), 1e-14);
  EXPECT_DOUBLE_EQ(mean_discrepancy(on_a_line({0, 0}), on_a_line({1e6}), 1), std::sqrt(2.0));
}

// Between N(0, 1) and N(d, 1) with bandwidth b the means of the kernel over different points are
// b / sqrt(b^2 + 2) and that times exp(-d^2 / (2 (b^2 + 2))); a point with itself has 1, which makes the
// floor.
TEST(MeanDiscrepancy, MeanSquareOfTwoNormalDistributions) {
  constexpr int kTrials = 400;
  constexpr size_t kReal = 30, kSynthetic = 20;
  constexpr double kBandwidth = 0.8;
  const double of_one = kBandwidth / std::sqrt(kBandwidth * kBandwidth + 2);
  for (const double shift : {0.0, 1.5}) {
    std::vector<double> squares;
    for (uint64_t trial = 0; trial < kTrials; ++trial) {
      squares.push_back(std::pow(
          mean_discrepancy(normal(kReal, 0, 2 * trial), normal(kSynthetic, shift, 2 * trial + 1), kBandwidth),
          2));
    }
    const double across = of_one * std::exp(-shift * shift / (2 * (kBandwidth * kBandwidth + 2)));
    const double floor = (1.0 / kReal + 1.0 / kSynthetic) * (1 - of_one);
    EXPECT_NEAR(mean(squares), 2 * of_one - 2 * across + floor, 4 * sample_sd(squares) / std::sqrt(kTrials));
  }
}

}  // namespace
}  // namespace bench
