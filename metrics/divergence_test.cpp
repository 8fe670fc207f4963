#include "metrics/divergence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

namespace bench {
namespace {

using Counts = std::vector<int64_t>;

// Non-negative counts with a positive total.
rc::Gen<Counts> any_counts() {
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::container<Counts>(rc::gen::inRange<int64_t>(0, 1000))),
                      [](Counts counts) {
                        counts.front() += 1;
                        return counts;
                      });
}

TEST(Jsd, KnownValues) {
  EXPECT_DOUBLE_EQ(jsd(Counts{1, 0}, Counts{0, 1}), std::log(2.0));
  EXPECT_NEAR(jsd(Counts{1, 1}, Counts{1, 3}), 0.0338221, 5e-8);
  // p = (1/2, 1/2), q = (1, 0), m = (3/4, 1/4): (ln(2/3)/2 + ln(2)/2 + ln(4/3)) / 2.
  EXPECT_NEAR(jsd(Counts{5, 5}, Counts{7}),
              (std::log(2.0 / 3) / 2 + std::log(2.0) / 2 + std::log(4.0 / 3)) / 2, 1e-15);
}

TEST(Jsd, DependsOnSharesAndTreatsAMissingTailAsZeros) {
  EXPECT_DOUBLE_EQ(jsd(Counts{2, 6}, Counts{1, 1}), jsd(Counts{1, 3}, Counts{100, 100}));
  EXPECT_DOUBLE_EQ(jsd(Counts{3, 1}, Counts{4}), jsd(Counts{3, 1}, Counts{4, 0, 0}));
}

TEST(JsdDistance, IsTheSquareRoot) {
  EXPECT_DOUBLE_EQ(jsd_distance(Counts{1, 0}, Counts{0, 1}), std::sqrt(std::log(2.0)));
  EXPECT_NEAR(jsd_distance(Counts{1, 1}, Counts{1, 3}), std::sqrt(0.0338221), 2e-7);
}

TEST(TotalVariation, KnownValues) {
  EXPECT_DOUBLE_EQ(total_variation(Counts{1, 0}, Counts{0, 1}), 1);
  EXPECT_DOUBLE_EQ(total_variation(Counts{1, 1}, Counts{1, 3}), 0.25);
  EXPECT_DOUBLE_EQ(total_variation(Counts{1, 1, 2}, Counts{3}), 0.75);
}

TEST(Hellinger, KnownValues) {
  EXPECT_DOUBLE_EQ(hellinger(Counts{1, 0}, Counts{0, 1}), 1);
  EXPECT_EQ(hellinger(Counts{1, 3}, Counts{2, 6}), 0);
  // 1 - H^2 is the Bhattacharyya coefficient: sqrt(1/2) for (1/2, 1/2) against (1, 0).
  EXPECT_DOUBLE_EQ(hellinger(Counts{1, 1}, Counts{5}), std::sqrt(1 - std::sqrt(0.5)));
  EXPECT_NEAR(hellinger(Counts{1, 1}, Counts{1, 3}), std::sqrt(1 - std::sqrt(1 / 8.0) - std::sqrt(3 / 8.0)),
              1e-15);
}

TEST(JsdOfKeys, KnownValues) {
  using Keys = std::vector<uint64_t>;
  EXPECT_DOUBLE_EQ(jsd_of_keys(Keys{1, 2}, Keys{3, 4, 5}), std::log(2.0));
  EXPECT_NEAR(jsd_of_keys(Keys{4, 9}, Keys{4, 9, 9, 9}), 0.0338221, 5e-8);
  EXPECT_EQ(jsd_of_keys(Keys{7, 7, 8}, Keys{7, 7, 7, 7, 8, 8}), 0);
}

TEST(TotalVariationOfKeys, KnownValues) {
  using Keys = std::vector<uint64_t>;
  EXPECT_DOUBLE_EQ(total_variation_of_keys(Keys{1, 1, 2, 9}, Keys{2, 9}), 0.5);
  EXPECT_DOUBLE_EQ(total_variation_of_keys(Keys{1, 2}, Keys{3, 4, 5}), 1);
  EXPECT_DOUBLE_EQ(total_variation_of_keys(Keys{7, 7, 7}, Keys{7}), 0);
}

RC_GTEST_PROP(DivergencesOfKeys, AgreeWithCounts, ()) {
  const auto a = *any_counts();
  const auto b = *any_counts();
  const auto keys = [](const Counts& counts) {
    std::vector<uint64_t> out;
    for (size_t i = 0; i < counts.size(); ++i) out.insert(out.end(), static_cast<size_t>(counts[i]), i);
    return out;
  };
  RC_ASSERT(std::abs(total_variation_of_keys(keys(a), keys(b)) - total_variation(a, b)) < 1e-12);
  RC_ASSERT(std::abs(jsd_of_keys(keys(a), keys(b)) - jsd(a, b)) < 1e-12);
}

RC_GTEST_PROP(Divergences, ZeroOnItselfSymmetricAndInRange, ()) {
  const auto a = *any_counts();
  const auto b = *any_counts();
  RC_ASSERT(jsd(a, a) == 0);
  RC_ASSERT(total_variation(a, a) == 0);
  RC_ASSERT(jsd(a, b) == jsd(b, a));
  RC_ASSERT(total_variation(a, b) == total_variation(b, a));
  RC_ASSERT(jsd(a, b) >= 0 && jsd(a, b) <= kLn2);
  const double tv = total_variation(a, b);
  RC_ASSERT(tv >= 0 && tv <= 1);
  const double h = hellinger(a, b);
  RC_ASSERT(hellinger(a, a) == 0);
  RC_ASSERT(h == hellinger(b, a));
  RC_ASSERT(h * h <= tv + 1e-12 && tv <= h * std::sqrt(2 - h * h) + 1e-12);
  // Lin (1991): JSD <= TV ln 2; Pinsker for the two halves: JSD >= TV^2 / 2.
  RC_ASSERT(jsd(a, b) <= tv * kLn2 + 1e-12);
  RC_ASSERT(jsd(a, b) >= tv * tv / 2 - 1e-12);
}

}  // namespace
}  // namespace bench
