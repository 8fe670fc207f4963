#include "core/emd.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/stats.h"

namespace bench {
namespace {

using Values = std::vector<double>;

// Share of values at or below `at`.
double cdf(const Values& x, double at) {
  return static_cast<double>(std::count_if(x.begin(), x.end(), [at](double v) { return v <= at; })) /
         static_cast<double>(x.size());
}

Values union_of(Values a, const Values& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

double brute_force_emd(const Values& a, const Values& b) {
  const Values points = union_of(a, b);
  double sum = 0;
  for (size_t i = 1; i < points.size(); ++i) {
    sum += std::abs(cdf(a, points[i - 1]) - cdf(b, points[i - 1])) * (points[i] - points[i - 1]);
  }
  return sum;
}

double brute_force_ks(const Values& a, const Values& b) {
  double largest = 0;
  for (const double at : union_of(a, b)) largest = std::max(largest, std::abs(cdf(a, at) - cdf(b, at)));
  return largest;
}

// Few distinct values, so that ties within and between the samples are common.
rc::Gen<Values> any_values() {
  return rc::gen::nonEmpty(rc::gen::container<Values>(
      rc::gen::map(rc::gen::inRange(-40, 40), [](int v) { return static_cast<double>(v) / 4; })));
}

std::vector<int64_t> quarters(const Values& x) {
  std::vector<int64_t> out;
  for (const double v : x) out.push_back(static_cast<int64_t>(v * 4));
  return out;
}

TEST(Emd, KnownValues) {
  EXPECT_DOUBLE_EQ(emd(Values{0, 1, 3}, Values{5, 6, 8}), 5);
  EXPECT_DOUBLE_EQ(emd(Values{8, 5, 6}, Values{3, 0, 1}), 5);
  // Quantile by quantile: |3.4 - 1.4|, |3.9 - 1.4|, |7.5 - 4.5|, |7.8 - 4.5|, a quarter each.
  EXPECT_DOUBLE_EQ(emd(Values{3.4, 3.9, 7.5, 7.8}, Values{4.5, 1.4}), 2.7);
  EXPECT_DOUBLE_EQ(emd(Values{0, 1}, Values{0, 1, 1}), 1.0 / 6);
  EXPECT_DOUBLE_EQ(emd(Values{0, 0, 0, 1}, Values{0, 0, 1, 1}), 0.25);
  EXPECT_DOUBLE_EQ(emd(Values{2}, Values{2, 2, 2}), 0);
}

TEST(Emd, AgainstZerosIsTheMean) {
  const Values x{0.5, 12, 3, 0, 7.25};
  EXPECT_DOUBLE_EQ(emd(x, Values{0}), mean(x));
  EXPECT_DOUBLE_EQ(emd(Values(9, 0.0), x), mean(x));
}

TEST(Emd, OfASampleOfTheUniformDistribution) {
  // W1 between U(0, 1) and U(0, 3) is the mean of |u - 3u| = 1.
  Values a;
  Values b;
  for (int i = 0; i < 5000; ++i) {
    a.push_back((i + 0.5) / 5000);
    b.push_back(3 * (i + 0.5) / 5000);
  }
  EXPECT_NEAR(emd(a, b), 1, 1e-9);
}

TEST(Emd, IsExactForIntegersFarApart) {
  constexpr int64_t kLo = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHi = std::numeric_limits<int64_t>::max();
  EXPECT_DOUBLE_EQ(emd_of_sorted(std::vector{kLo}, std::vector{kHi}), std::pow(2.0, 64));
  EXPECT_DOUBLE_EQ(emd_of_sorted(std::vector{kHi - 3}, std::vector{kHi}), 3);
}

TEST(Ks, KnownValues) {
  EXPECT_DOUBLE_EQ(ks_of_sorted(Values{0, 1, 3}, Values{5, 6, 8}), 1);
  EXPECT_DOUBLE_EQ(ks_of_sorted(Values{1, 2, 3, 4}, Values{2, 2, 4}), 0.25);
  EXPECT_DOUBLE_EQ(ks_of_sorted(Values{1, 2, 2, 2}, Values{2, 4, 5}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(ks_of_sorted(Values{5, 5}, Values{5, 5, 5}), 0);
}

TEST(Ascending, SortsLikeTheStandardLibrary) {
  std::mt19937_64 rng(3);
  std::vector<int64_t> integers(20000);
  std::vector<uint64_t> naturals(20000);
  Values reals(20000);
  for (size_t i = 0; i < integers.size(); ++i) {
    integers[i] = static_cast<int64_t>(rng() >> (rng() % 64)) * (rng() % 2 == 0 ? 1 : -1);
    naturals[i] = rng() >> (rng() % 64);
    reals[i] = static_cast<double>(integers[i]) / 1000.0;
  }
  integers[0] = std::numeric_limits<int64_t>::max();
  integers[1] = std::numeric_limits<int64_t>::min();
  reals[0] = std::numeric_limits<double>::max();
  reals[1] = std::numeric_limits<double>::lowest();
  const auto check = [](auto values) {
    auto expected = values;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(ascending(std::move(values)), expected);
  };
  check(integers);
  check(naturals);
  check(reals);
}

RC_GTEST_PROP(Emd, AgreesWithTheIntegralOfTheDistributionFunctions, ()) {
  const auto a = *any_values();
  const auto b = *any_values();
  RC_ASSERT(std::abs(emd(a, b) - brute_force_emd(a, b)) < 1e-9);
  const auto ints = emd_of_sorted(ascending(quarters(a)), ascending(quarters(b)));
  RC_ASSERT(std::abs(ints / 4 - brute_force_emd(a, b)) < 1e-9);
}

RC_GTEST_PROP(Ks, AgreesWithTheDistributionFunctions, ()) {
  const auto a = *any_values();
  const auto b = *any_values();
  RC_ASSERT(std::abs(ks_of_sorted(ascending(a), ascending(b)) - brute_force_ks(a, b)) < 1e-12);
  RC_ASSERT(std::abs(ks_of_sorted(ascending(quarters(a)), ascending(quarters(b))) - brute_force_ks(a, b)) <
            1e-12);
}

RC_GTEST_PROP(Emd, IsAMetricThatIgnoresOrder, ()) {
  const auto a = *any_values();
  const auto b = *any_values();
  const auto c = *any_values();
  RC_ASSERT(emd(a, a) == 0);
  RC_ASSERT(emd(a, b) == emd(b, a));
  RC_ASSERT(emd(a, c) <= emd(a, b) + emd(b, c) + 1e-9);
  RC_ASSERT(emd(a, b) >= std::abs(mean(a) - mean(b)) - 1e-9);
  auto reversed = a;
  std::reverse(reversed.begin(), reversed.end());
  RC_ASSERT(emd(reversed, b) == emd(a, b));
  const auto sorted_a = ascending(a);
  const auto sorted_b = ascending(b);
  RC_ASSERT(ks_of_sorted(sorted_a, sorted_a) == 0);
  RC_ASSERT(ks_of_sorted(sorted_a, sorted_b) == ks_of_sorted(sorted_b, sorted_a));
}

}  // namespace
}  // namespace bench
