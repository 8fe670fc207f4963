#include "models/privacy/prv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "models/privacy/loss_step.h"

namespace bench {
namespace {

double normal_below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

/// log of (1 - q) N(0, sigma^2) + q N(1, sigma^2) against N(0, sigma^2) at x.
double log_ratio(double q, double sigma, double x) {
  return std::log1p(q * std::expm1((2 * x - 1) / (2 * sigma * sigma)));
}

/// delta(epsilon) of one release by its definition, any epsilon: mass of P above e^epsilon Q.
double one_release(double q, double sigma, bool added, double epsilon) {
  const double excess = std::expm1(added ? -epsilon : epsilon) / q;
  const double at = excess <= -1 ? -1e300 : sigma * sigma * std::log1p(excess) + 0.5;
  const double unsampled = normal_below(at / sigma);
  const double sampled = (1 - q) * unsampled + q * normal_below((at - 1) / sigma);
  return added ? unsampled - std::exp(epsilon) * sampled
               : (1 - sampled) - std::exp(epsilon) * (1 - unsampled);
}

/// The same for two releases: the second one's delta where the first one's loss is taken off.
double two_releases(double q, double sigma, bool added, double epsilon) {
  const double step = sigma / 2000;
  double sum = 0;
  for (double x = -12 * sigma; x < 1 + 12 * sigma; x += step) {
    const double ratio = log_ratio(q, sigma, x);
    const double unsampled = normal_density(x / sigma) / sigma;
    const double density =
        added ? unsampled : (1 - q) * unsampled + q * normal_density((x - 1) / sigma) / sigma;
    sum += density * one_release(q, sigma, added, epsilon - (added ? -ratio : ratio));
  }
  return sum * step;
}

/// epsilon of a Gaussian mechanism at delta by bisection of the exact curve.
double gaussian_epsilon(double sigma, double delta) {
  double low = 0, high = 500;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (gaussian_delta(sigma, middle) > delta ? low : high) = middle;
  }
  return high;
}

TEST(GaussianDelta, IsThePublishedOne) {
  // pld_privacy_accountant_test.py of dp_accounting: three mechanisms of sigma = sqrt(3) at epsilon 1;
  // accountant_test.py: sigma = 1 / 3 at epsilon 1.
  EXPECT_NEAR(gaussian_delta(1, 1), 0.126936, 1e-6);
  EXPECT_NEAR(gaussian_delta(1 / 3.0, 1), 0.78760074, 1e-8);
}

TEST(StepLoss, DistributionFollowsFromTheOutputs) {
  for (const bool added : {false, true}) {
    for (const double q : {0.001, 0.3, 1.0}) {
      const double sigma = 0.8;
      const StepLoss loss(q, sigma, added);
      for (const double x : {-2.0, 0.1, 0.5, 1.7, 4.0}) {
        const double above = 1 - normal_below(x / sigma), above_one = 1 - normal_below((x - 1) / sigma);
        const double ratio = log_ratio(q, sigma, x);
        const double expected = added ? above : 1 - (1 - q) * above - q * above_one;
        EXPECT_NEAR(loss.below(added ? -ratio : ratio), expected, 1e-12);
      }
      // Nothing lies beyond log(1 - q).
      EXPECT_NEAR(loss.below(added ? 1e3 : -1e3), added ? 1 : 0, 0);
    }
  }
}

TEST(StepLoss, MeanIsTheIntegralOfItsDistribution) {
  for (const bool added : {false, true}) {
    const StepLoss loss(0.05, 0.7, added);
    for (const double bound : {0.05, 1.0, 20.0}) {
      // Integration by parts, trapezoidal rule.
      const int n = 400000;
      const double step = 2 * bound / n;
      double integral = 0;
      for (int i = 0; i <= n; ++i)
        integral += loss.below(-bound + i * step) * (i == 0 || i == n ? 0.5 : 1) * step;
      const double low = loss.below(-bound), high = loss.below(bound);
      EXPECT_NEAR(loss.mean_within(-bound, bound), (bound * (high + low) - integral) / (high - low), 1e-6);
    }
  }
  // All of it, without sampling: the divergence of two Gaussians.
  EXPECT_NEAR(StepLoss(1, 2, false).mean_within(-50, 50), 1 / 8.0, 1e-14);
  EXPECT_NEAR(StepLoss(1, 2, true).mean_within(-50, 50), 1 / 8.0, 1e-14);
}

TEST(PrivacyLoss, OfGaussianMechanismsIsTheExactOne) {
  for (const double sigma : {0.3, 1.0, 5.0, 40.0}) {
    for (const double delta : {1e-3, 1e-5, 1e-9}) {
      const double exact = gaussian_epsilon(sigma, delta);
      // Nine releases of three times the noise each.
      const LossBounds bounds = prv_epsilon(std::vector<SampledGaussian>{{1, 3 * sigma, 9}}, delta);
      EXPECT_LE(bounds.low, exact);
      EXPECT_GE(bounds.high, exact);
      EXPECT_NEAR(bounds.estimate, exact, 1e-4 * exact);
      EXPECT_LE(bounds.high - bounds.low, 0.02 * exact);
    }
  }
}

TEST(PrivacyLoss, OfOneReleaseIsTheExactOne) {
  for (const double q : {0.001, 0.1, 0.7}) {
    for (const double sigma : {0.5, 1.0, 3.0}) {
      const PrivacyLoss loss(std::vector<SampledGaussian>{{q, sigma, 1}}, 1e-6, 0.001);
      for (const double epsilon : {0.01, 0.1, 0.5, 1.0, 2.0}) {
        const double exact =
            std::max(one_release(q, sigma, false, epsilon), one_release(q, sigma, true, epsilon));
        const LossBounds bounds = loss.delta(epsilon);
        EXPECT_LE(bounds.low, exact);
        EXPECT_GE(bounds.high, exact);
        EXPECT_NEAR(bounds.estimate, exact, 1e-3 * exact + loss.delta_error());
      }
    }
  }
}

TEST(PrivacyLoss, OfTwoReleasesIsTheIntegral) {
  for (const double q : {0.05, 0.4}) {
    for (const double sigma : {0.6, 1.5}) {
      const PrivacyLoss loss(std::vector<SampledGaussian>{{q, sigma, 2}}, 1e-6, 0.001);
      for (const double epsilon : {0.1, 0.6, 1.5}) {
        const double exact =
            std::max(two_releases(q, sigma, false, epsilon), two_releases(q, sigma, true, epsilon));
        const LossBounds bounds = loss.delta(epsilon);
        EXPECT_LE(bounds.low, exact);
        EXPECT_GE(bounds.high, exact);
        EXPECT_NEAR(bounds.estimate, exact, 1e-3 * exact + loss.delta_error());
      }
    }
  }
}

// prv_accountant.py of Opacus' tests, values made by the authors' program at delta 1e-6: its upper bounds,
// which are epsilon at 0.999 delta plus the error of 0.01.
TEST(PrivacyLoss, AgreesWithThePublishedTable) {
  struct Row {
    double sigma, q;
    int64_t steps;
    double epsilon;
  };
  const Row table[] = {
      {0.8, 0.001, 100, 0.270403364058018680}, {1.5, 0.001, 100, 0.0393694193095203287},
      {3.0, 0.2, 100, 3.38122051022184422},    {0.8, 0.05, 1000, 19.5258428053837356},
      {3.0, 0.001, 1000, 0.0476159308713589},  {1.5, 0.05, 1000, 6.20996924657726712},
      {2.0, 0.05, 20000, 24.4217185703225858}, {0.8, 0.001, 20000, 1.29600925757016161},
      {0.8, 0.05, 50000, 291.384325452396524}, {3.0, 0.001, 50000, 0.309694161156544023},
      {0.8, 0.001, 100000, 2.92462211935041},  {3.0, 0.001, 100000, 0.443671720880875475},
  };
  for (const Row& row : table) {
    const std::vector<SampledGaussian> releases{{row.q, row.sigma, row.steps}};
    const double ours = prv_epsilon(releases, 0.999e-6, 0.002).estimate + 0.01;
    EXPECT_NEAR(ours, row.epsilon, row.epsilon < 1 ? 1.5e-4 : 1e-5 * row.epsilon)
        << row.sigma << ' ' << row.q << ' ' << row.steps;
  }
}

// Google's dp_accounting composes on a grid of its own: compute_dp_sgd_privacy_test.py of TensorFlow Privacy,
// pld_privacy_accountant_test.py and accountant_test.py.
TEST(PrivacyLoss, AgreesWithPublishedLossDistributions) {
  EXPECT_NEAR(prv_epsilon(std::vector<SampledGaussian>{{0.01, 0.7, 120}}, 1e-5).estimate, 2.4612381, 2e-5);
  EXPECT_NEAR(prv_epsilon(std::vector<SampledGaussian>{{1, 0.7, 2}}, 1e-5).estimate, 10.1224946, 2e-5);
  EXPECT_NEAR(prv_epsilon(std::vector<SampledGaussian>{{0.0064, 1, 782}}, 1e-6).estimate, 1.199, 1e-3);
  EXPECT_NEAR(prv_epsilon(std::vector<SampledGaussian>{{0.01, 0.67379294682, 1}}, 1e-5).estimate, 1, 1e-4);
  EXPECT_NEAR(PrivacyLoss(std::vector<SampledGaussian>{{0.2, 0.5, 3}}, 1e-3, 1e-3).delta(1).estimate, 0.15594,
              1e-5);
}

TEST(PrivacyLoss, CostsNoMoreThanRenyiOrders) {
  for (const double q : {0.001, 0.02, 0.3, 1.0}) {
    for (const double sigma : {0.7, 2.0, 10.0}) {
      for (const int64_t steps : {1, 30, 3000}) {
        const std::vector<SampledGaussian> releases{{q, sigma, steps}};
        const LossBounds bounds = prv_epsilon(releases, 1e-5);
        EXPECT_LE(bounds.low, bounds.estimate);
        EXPECT_LE(bounds.estimate, bounds.high);
        EXPECT_LE(bounds.estimate, rdp_epsilon(releases, 1e-5).epsilon);
      }
    }
  }
}

TEST(PrivacyLoss, OfUnlikeReleasesKeepsItsBounds) {
  const std::vector<SampledGaussian> all{{0.01, 0.9, 2000}, {1, 3, 2}, {0.002, 0.7, 500}, {1, 5, 1}};
  const std::vector<SampledGaussian> shuffled{{1, 5, 1},         {0.002, 0.7, 200}, {1, 3, 2},
                                              {0.01, 0.9, 2000}, {0, 1, 9},         {0.002, 0.7, 300}};
  const LossBounds bounds = prv_epsilon(all, 1e-5), again = prv_epsilon(shuffled, 1e-5);
  EXPECT_NEAR(again.estimate, bounds.estimate, 1e-9);
  const LossBounds fine = prv_epsilon(all, 1e-5, 0.0005);
  EXPECT_GE(fine.estimate, bounds.low);
  EXPECT_LE(fine.estimate, bounds.high);
  EXPECT_GE(fine.low, bounds.low);
  EXPECT_LE(fine.high, bounds.high);
  EXPECT_NEAR(fine.estimate, bounds.estimate, 1e-3 * fine.estimate);
  EXPECT_LE(fine.estimate, rdp_epsilon(all, 1e-5).epsilon);
  // More than of a part of them.
  EXPECT_GT(bounds.low, prv_epsilon(std::vector<SampledGaussian>{all[0]}, 1e-5).high);
}

TEST(PrivacyLoss, GrowsWithTheStepsAndFallsWithDelta) {
  double before = 0;
  for (const int64_t steps : {1, 10, 100, 1000, 10000}) {
    const PrivacyLoss loss(std::vector<SampledGaussian>{{0.01, 1, steps}}, 1e-6, 0.01);
    EXPECT_GT(loss.epsilon(1e-5).estimate, before);
    EXPECT_LT(loss.epsilon(1e-4).estimate, loss.epsilon(1e-5).estimate);
    EXPECT_NEAR(loss.delta(loss.epsilon(1e-5).estimate).estimate, 1e-5, 1e-12);
    before = loss.epsilon(1e-5).estimate;
  }
}

TEST(PrivacyLoss, OfNothingIsZeroAndOfTooManyAnError) {
  EXPECT_EQ(prv_epsilon({}, 1e-5).high, 0);
  EXPECT_EQ(prv_epsilon(std::vector<SampledGaussian>{{0, 1, 1000}}, 1e-5).high, 0);
  EXPECT_THROW(prv_epsilon(std::vector<SampledGaussian>{{0.1, 1, 2'000'000'000'000}}, 1e-5), Error);
}

}  // namespace
}  // namespace bench
