#include "metrics/epsilon_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/seed.h"

namespace bench {
namespace {

double logistic(double epsilon) { return 1 / (1 + std::exp(-epsilon)); }

// P[Binomial(n, q) = k], 0 < q < 1.
double binomial(int64_t n, int64_t k, double q) {
  const auto log_factorial = [](int64_t x) { return std::lgamma(static_cast<double>(x) + 1); };
  return std::exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) +
                  static_cast<double>(k) * std::log(q) + static_cast<double>(n - k) * std::log1p(-q));
}

// Share of the trials, weighed exactly, in which guesses that are right with probability q give a bound above
// `epsilon`.
double share_above(double epsilon, int64_t candidates, int64_t made, double q, double delta) {
  double out = 0;
  for (int64_t right = 0; right <= made; ++right) {
    if (epsilon_lower_bound({candidates, made, right}, delta, 0.95) > epsilon)
      out += binomial(made, right, q);
  }
  return out;
}

TEST(EpsilonBound, AllRightInClosedForm) {
  for (const int64_t made : {5, 10, 50, 1000}) {
    const double q = std::pow(0.05, 1 / static_cast<double>(made));
    EXPECT_NEAR(epsilon_lower_bound({made, made, made}, 0, 0.95), std::log(q / (1 - q)), 1e-6) << made;
  }
  // Four coins are guessed by chance once in 16 times.
  EXPECT_EQ(epsilon_lower_bound({4, 4, 4}, 0, 0.95), 0);
  EXPECT_EQ(epsilon_lower_bound({100, 50, 0}, 0, 0.95), 0);
}

TEST(EpsilonBound, TheProbabilityIsThatOfTheTheorem) {
  for (const int64_t made : {1, 7, 20}) {
    for (int64_t right = 1; right <= made; ++right) {
      for (const double epsilon : {0.0, 0.5, 3.0}) {
        const double q = logistic(epsilon);
        const auto between = [&](int64_t lo, int64_t hi) {
          double sum = 0;
          for (int64_t k = lo; k < hi; ++k) sum += binomial(made, k, q);
          return sum;
        };
        double alpha = 0;
        for (int64_t i = 1; i <= right; ++i)
          alpha = std::max(alpha, between(right - i, right) / static_cast<double>(i));
        const double beta = between(right, made + 1);
        EXPECT_NEAR(guess_p_value({30, made, right}, epsilon, 0), beta, 1e-12);
        EXPECT_NEAR(guess_p_value({30, made, right}, epsilon, 0.001), std::min(1.0, beta + 0.06 * alpha),
                    1e-12);
      }
    }
  }
}

TEST(EpsilonBound, MoreRightIsMoreAndDoubtIsLess) {
  double before = 0;
  for (int64_t right = 0; right <= 100; ++right) {
    const double bound = epsilon_lower_bound({200, 100, right}, 1e-5, 0.95);
    EXPECT_GE(bound, before) << right;
    EXPECT_LE(bound, epsilon_lower_bound({200, 100, right}, 0, 0.95));
    EXPECT_GE(bound, epsilon_lower_bound({200, 100, right}, 1e-5, 0.99));
    EXPECT_GE(bound, epsilon_lower_bound({2000, 100, right}, 1e-5, 0.95)) << "more candidates, more delta";
    before = bound;
  }
  EXPECT_GT(before, 3);
  // One interval of epsilons is rejected: what bisection needs.
  for (const int64_t right : {60, 80, 95, 100}) {
    const double bound = epsilon_lower_bound({200, 100, right}, 1e-5, 0.95);
    for (double epsilon = 0; epsilon < 12; epsilon += 0.01)
      EXPECT_EQ(guess_p_value({200, 100, right}, epsilon, 1e-5) <= 0.05, epsilon <= bound) << epsilon;
  }
}

TEST(EpsilonBound, CoinsThatNothingTellsGiveNothing) {
  for (const int64_t made : {4, 50, 100, 333}) {
    EXPECT_LE(share_above(0, made, made, 0.5, 0), 0.05);
    EXPECT_LE(share_above(0, 2 * made, made, 0.5, 1e-5), 0.05);
  }
}

TEST(EpsilonBound, RandomisedResponseIsHardlyEverOverstatedAndNearlyReached) {
  for (const double epsilon : {0.5, 1.0, 3.0}) {
    for (const int64_t made : {20, 100, 400}) {
      EXPECT_LE(share_above(epsilon, made, made, logistic(epsilon), 0), 0.05) << epsilon << " " << made;
      EXPECT_LE(share_above(epsilon, made, made, logistic(epsilon), 1e-5), 0.05) << epsilon << " " << made;
    }
    EXPECT_GE(share_above(0.6 * epsilon, 1000, 1000, logistic(epsilon), 1e-5), 0.9) << epsilon;
  }
}

// A coin plus Laplace noise of scale 1 / epsilon, of which the highest and the lowest quarter are guessed.
TEST(EpsilonBound, AbstainingDoesNotOverstate) {
  constexpr size_t kCandidates = 200, kEach = 50;
  constexpr double kEpsilon = 1;
  constexpr int kTrials = 500;
  Rng rng(1);
  int above = 0;
  double sum = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<int> coins;
    std::vector<double> seen;
    for (size_t i = 0; i < kCandidates; ++i) {
      coins.push_back(static_cast<int>(rng() % 2));
      std::exponential_distribution<double> half(kEpsilon);
      const double a = half(rng), b = half(rng);
      seen.push_back(coins.back() + a - b);
    }
    std::vector<size_t> order(kCandidates);
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return seen[a] > seen[b]; });
    int64_t right = 0;
    for (size_t i = 0; i < kEach; ++i) right += coins[order[i]] + 1 - coins[order[kCandidates - 1 - i]];
    const double bound = epsilon_lower_bound({kCandidates, 2 * kEach, right}, 0, 0.95);
    above += bound > kEpsilon ? 1 : 0;
    sum += bound;
  }
  EXPECT_LE(above, 40);  // three standard deviations above 5 % of 500
  EXPECT_GT(sum / kTrials, 0.3 * kEpsilon);
}

}  // namespace
}  // namespace bench
