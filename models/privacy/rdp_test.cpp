#include "models/privacy/rdp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace bench {
namespace {

std::vector<double> integers(int from, int to) {
  std::vector<double> list;
  for (int order = from; order <= to; ++order) list.push_back(order);
  return list;
}

/// 1.1, 1.2 ... 10.9 and 12 ... 63: the orders of Opacus.
std::vector<double> tenths() {
  std::vector<double> list;
  for (int x = 1; x < 100; ++x) list.push_back(1 + x / 10.0);
  for (int order = 12; order < 64; ++order) list.push_back(order);
  return list;
}

/// RDP by the definition: E over N(0, sigma^2) of the likelihood ratio to the power of the order, by the
/// trapezoidal rule, whose error falls exponentially for such integrands.
double integrated(double q, double sigma, double order) {
  const double from = -14 * sigma, to = order + 14 * sigma, step = sigma * std::min(sigma, 1.0) / 50;
  double largest = -1e300;
  std::vector<double> logs;
  for (double x = from; x < to; x += step) {
    const double ratio = std::log1p(q * std::expm1((2 * x - 1) / (2 * sigma * sigma)));
    logs.push_back(order * ratio - x * x / (2 * sigma * sigma));
    largest = std::max(largest, logs.back());
  }
  double sum = 0;
  for (const double value : logs) sum += std::exp(value - largest);
  const double moment = largest + std::log(sum * step) - std::log(sigma * std::sqrt(2 * std::numbers::pi));
  return moment / (order - 1);
}

TEST(Rdp, IsZeroWithoutSamplesAndGaussianWithAll) {
  for (const double order : {1.25, 2.0, 7.5, 64.0}) {
    EXPECT_EQ(rdp_of_release(0, 1.5, order), 0);
    EXPECT_DOUBLE_EQ(rdp_of_release(1, 1.5, order), order / (2 * 1.5 * 1.5));
    EXPECT_NEAR(rdp_of_release(1 - 1e-9, 1.5, order), order / (2 * 1.5 * 1.5), 1e-6);
  }
}

TEST(Rdp, OfOrderTwoIsTheClosedForm) {
  for (const double q : {1e-8, 1e-4, 0.01, 0.5, 0.99}) {
    for (const double sigma : {0.3, 1.0, 10.0, 1000.0}) {
      const double exact = std::log1p(q * q * std::expm1(1 / (sigma * sigma)));
      EXPECT_NEAR(rdp_of_release(q, sigma, 2) / exact, 1, 1e-10) << q << ' ' << sigma;
    }
  }
}

TEST(Rdp, SeriesOfFractionalOrdersEqualsTheIntegral) {
  for (const double q : {1e-4, 0.01, 0.2, 0.5, 0.9}) {
    for (const double sigma : {0.5, 1.0, 4.0}) {
      for (const double order : {1.01, 1.5, 2.5, 4.75, 20.3, 99.9}) {
        const double exact = integrated(q, sigma, order);
        EXPECT_NEAR(rdp_of_release(q, sigma, order), exact, 1e-11 * exact + 2e-14 / (order - 1))
            << q << ' ' << sigma << ' ' << order;
      }
    }
  }
}

TEST(Rdp, FractionalOrdersLieBetweenTheIntegerOnesAndMeetThem) {
  for (const double q : {0.001, 0.05, 0.5}) {
    for (const double sigma : {0.6, 1.0, 5.0}) {
      for (const double order : {2.0, 3.0, 10.0, 40.0}) {
        const double here = rdp_of_release(q, sigma, order), next = rdp_of_release(q, sigma, order + 1);
        const double between = rdp_of_release(q, sigma, order + 0.5);
        EXPECT_LT(here, between);
        EXPECT_LT(between, next);
        EXPECT_NEAR(rdp_of_release(q, sigma, order + 1e-7) / here, 1, 1e-4);
        EXPECT_NEAR(rdp_of_release(q, sigma, order - 1e-7) / here, 1, 1e-4);
      }
    }
  }
}

TEST(Rdp, GrowsWithTheSampleAndFallsWithTheNoise) {
  for (const double order : {1.1, 2.0, 3.7, 32.0}) {
    for (const double sigma : {0.5, 1.0, 2.0, 8.0}) {
      double before = 0;
      for (const double q : {1e-5, 1e-3, 0.02, 0.3, 0.8, 1.0}) {
        const double rdp = rdp_of_release(q, sigma, order);
        EXPECT_GT(rdp, before) << q << ' ' << sigma << ' ' << order;
        EXPECT_LT(rdp_of_release(q, 1.1 * sigma, order), rdp);
        before = rdp;
      }
    }
  }
}

TEST(Rdp, AddsUpOverReleases) {
  const std::vector<SampledGaussian> releases{{0.01, 4, 100}, {1, 2, 3}};
  const std::vector<double> orders{2, 3.5};
  const std::vector<double> sum = rdp_composed(releases, orders);
  for (size_t i = 0; i < orders.size(); ++i)
    EXPECT_NEAR(sum[i], 100 * rdp_of_release(0.01, 4, orders[i]) + 3 * orders[i] / 8, 1e-12);
}

// rdp_accountant_test.py of TensorFlow Privacy and rdp_privacy_accountant_test.py of Google's dp_accounting:
// q = 0.01, sigma = 2.5, 50 steps; q = 0.1, sigma = 2, 10 steps.
TEST(Rdp, AgreesWithPublishedCurves) {
  EXPECT_NEAR(50 * rdp_of_release(0.01, 2.5, 1.5), 0.00065, 1e-5);
  EXPECT_NEAR(50 * rdp_of_release(0.01, 2.5, 2.5), 0.001085, 1e-6);
  EXPECT_NEAR(50 * rdp_of_release(0.01, 2.5, 5), 2.18075656e-3, 1e-11);
  EXPECT_NEAR(50 * rdp_of_release(0.01, 2.5, 50), 2.38460375e-2, 1e-10);
  EXPECT_NEAR(50 * rdp_of_release(0.01, 2.5, 100), 167.416308, 1e-6);
  EXPECT_NEAR(10 * rdp_of_release(0.1, 2, 5), 0.07737, 5e-6);
}

struct Published {
  std::vector<SampledGaussian> releases;
  double delta;
  std::vector<double> orders;
  RdpConversion conversion;
  double epsilon;
  double order;  // 0: not published
};

TEST(RdpEpsilon, AgreesWithPublishedValues) {
  constexpr auto kClassic = RdpConversion::classic, kImproved = RdpConversion::improved;
  const std::vector<double> sparse{1.25, 1.5, 1.75, 2,  2.5, 3,  4,  5,  6,  7,  8,
                                   10,   12,  14,   16, 20,  24, 28, 32, 64, 256};
  const std::vector<SampledGaussian> mnist{{150 / 60000.0, 1.3, 6000}}, longer{{100 / 100000.0, 1, 30000}},
      loud{{1024 / 1e8, 0.1, 976563}};
  const std::vector<Published> values{
      // tensorflow/privacy, rdp_accountant_test.py of 2018 and 2019.
      {{{0.01, 4, 10000}}, 1e-5, integers(2, 32), kClassic, 1.258575, 20},
      {{{0.01, 4, 10000}, {0.1, 2, 100}}, 1e-5, sparse, kClassic, 3.276237, 8},
      {{{1e-4, 0.4, 40000}, {0.1, 2, 100}}, 1e-5, sparse, kClassic, 8.509656, 2.5},
      // tensorflow/privacy, compute_dp_sgd_privacy_test.py before and after the improved conversion.
      {mnist, 1e-5, usual_orders(), kClassic, 0.941870567, 19},
      {longer, 1e-7, usual_orders(), kClassic, 1.70928734, 13},
      {loud, 1e-7, usual_orders(), kClassic, 5907984.81339406, 1.25},
      {mnist, 1e-5, usual_orders(), kImproved, 0.7242234026109595, 19},
      {longer, 1e-7, usual_orders(), kImproved, 1.4154988495444842, 13},
      {loud, 1e-7, usual_orders(), kImproved, 5907982.3113978775, 1.25},
      {{{0.01, 0.7, 120}}, 1e-5, tenths(), kImproved, 3.2392676, 0},
      {{{1, 0.7, 2}}, 1e-5, tenths(), kImproved, 10.8602036, 0},
      {{{0.0064, 1, 782}}, 1e-6, tenths(), kImproved, 1.616, 0},
      // pytorch/opacus, accountants_test.py.
      {{{0.04, 1.5, 2250}}, 1e-5, tenths(), kImproved, 7.32911117143, 0},
      // google/differential-privacy, rdp_privacy_accountant_test.py: sigma chosen to give epsilon 1.
      {{{1, 4.530877117, 1}}, 1e-6, fine_orders(), kImproved, 1, 0},
  };
  for (const Published& value : values) {
    const RdpEpsilon ours = rdp_epsilon(value.releases, value.delta, value.orders, value.conversion);
    EXPECT_NEAR(ours.epsilon, value.epsilon, 1e-3 * std::min(1.0, value.epsilon));
    if (value.order > 0) {
      EXPECT_EQ(ours.order, value.order);
    }
  }
}

// Opacus' accountants_test.py: the least noise for epsilon 8 to a tolerance of 0.01.
TEST(RdpEpsilon, AgreesWithPublishedNoise) {
  for (const auto& [sigma, steps] : {std::pair{1.416, 2250}, std::pair{1.3562, 2000}}) {
    const std::vector<SampledGaussian> releases{{0.04, sigma, steps}};
    const double epsilon = rdp_epsilon(releases, 1e-5, tenths()).epsilon;
    EXPECT_GT(epsilon, 7.985);
    EXPECT_LT(epsilon, 8.001);
  }
}

// Computed with 60 digits (Python's decimal) from the binomial sum, section 3.3 of Mironov et al., orders 2
// ... 64.
TEST(RdpEpsilon, AgreesWithSixtyDigits) {
  struct Exact {
    SampledGaussian release;
    double delta, improved, order, classic;
  };
  const Exact values[] = {
      {{0.01, 1, 10000}, 1e-5, 6.71940211793923219195, 4, 7.46918231076430999233},
      {{0.01, 1, 1000}, 1e-5, 2.10775307545156529446, 8, 2.53834754545892162164},
      {{0.001, 1, 100000}, 1e-5, 1.78542494440374332644, 11, 2.10763165635194731894},
      {{0.001, 1, 1000000}, 1e-5, 6.54309376510687684638, 4, 7.20915069421317758327},
      {{0.02, 2, 5000}, 1e-6, 3.87505462387204713499, 7, 4.33274658206529238066},
      {{0.1, 4, 1000}, 1e-5, 3.74312863719735241907, 6, 4.24450650822627805105},
      {{0.001, 0.5, 10000}, 1e-5, 6.41836732313474072139, 3, 7.37313857557695994906},
      {{0.0001, 0.8, 1000000}, 1e-7, 1.50712277628953897726, 11, 1.84222248337370089171},
      {{0.5, 10, 500}, 1e-5, 5.41321850000100973211, 5, 6.03872152942374458153},
      {{0.04, 1.5, 2250}, 1e-5, 7.32987677383466910612, 4, 8.07965696665974690650},
  };
  for (const Exact& value : values) {
    const std::vector<SampledGaussian> releases{value.release};
    const RdpEpsilon improved = rdp_epsilon(releases, value.delta, integers(2, 64));
    EXPECT_NEAR(improved.epsilon / value.improved, 1, 1e-11);
    EXPECT_EQ(improved.order, value.order);
    const RdpEpsilon classic = rdp_epsilon(releases, value.delta, integers(2, 64), RdpConversion::classic);
    EXPECT_NEAR(classic.epsilon / value.classic, 1, 1e-11);
  }
}

// rdp_privacy_accountant_test.py: an RDP of 1.1 at every order up to 32, by hand.
TEST(RdpEpsilon, OfAConstantCurve) {
  const std::vector<double> orders = integers(2, 32), rdp(orders.size(), 1.1);
  const RdpEpsilon cost = epsilon_of_rdp(orders, rdp, 1e-5);
  EXPECT_NEAR(cost.epsilon, 1.32783806176, 1e-10);
  EXPECT_EQ(cost.order, 32);
}

TEST(RdpEpsilon, GrowsWithTheStepsAndFallsWithDelta) {
  double before = 0;
  for (const int64_t steps : {1, 10, 100, 1000, 100000}) {
    const std::vector<SampledGaussian> releases{{0.01, 1, steps}};
    const double epsilon = rdp_epsilon(releases, 1e-5).epsilon;
    EXPECT_GT(epsilon, before);
    EXPECT_LT(rdp_epsilon(releases, 1e-4).epsilon, epsilon);
    EXPECT_GT(rdp_epsilon(releases, 1e-5, fine_orders(), RdpConversion::classic).epsilon, epsilon);
    before = epsilon;
  }
}

TEST(RdpEpsilon, OfFineOrdersIsNearTheLeast) {
  for (const SampledGaussian& release :
       {SampledGaussian{0.001, 3, 10}, SampledGaussian{0.01, 1, 10000}, SampledGaussian{0.001, 1, 100000},
        SampledGaussian{0.05, 0.8, 50000}, SampledGaussian{0.001, 0.1, 10000}}) {
    const std::vector<SampledGaussian> releases{release};
    const RdpEpsilon fine = rdp_epsilon(releases, 1e-5);
    std::vector<double> finest;
    for (double factor = 0.9; factor < 1.1; factor += 0.0005) finest.push_back(1 + (fine.order - 1) * factor);
    EXPECT_LT(fine.epsilon, 1.002 * rdp_epsilon(releases, 1e-5, finest).epsilon);
  }
}

}  // namespace
}  // namespace bench
