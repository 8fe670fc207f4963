#include "datasets/surrogate/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/stats.h"
#include "datasets/surrogate/profile.h"

namespace bench::surrogate {
namespace {

TEST(Zipf, SharesFollowTheLaw) {
  const Zipf zipf(3, 1.0);  // 1 + 1/2 + 1/3 = 11/6
  EXPECT_NEAR(zipf.share(0), 6.0 / 11, 1e-12);
  EXPECT_NEAR(zipf.share(1), 3.0 / 11, 1e-12);
  EXPECT_NEAR(zipf.share(2), 2.0 / 11, 1e-12);
  EXPECT_EQ(zipf.rank(0), 0);
  EXPECT_EQ(zipf.rank(6.0 / 11 + 1e-9), 1);
  EXPECT_EQ(zipf.rank(std::nextafter(1.0, 0.0)), 2);
}

TEST(Zipf, SlopeIsRecoveredFromDraws) {
  for (const double slope : {0.7, 1.0, 1.3}) {
    const Zipf zipf(1000, slope);
    Dice dice(Seed(11));
    std::vector<double> counts(1000);
    for (int i = 0; i < 400'000; ++i) counts[static_cast<size_t>(zipf.rank(dice.uniform()))] += 1;
    std::vector<double> x, y;
    for (size_t r = 0; r < 50; ++r) {
      x.push_back(std::log(static_cast<double>(r + 1)));
      y.push_back(std::log(counts[r]));
    }
    const double fitted = pearson(x, y) * sample_sd(y) / sample_sd(x);
    EXPECT_NEAR(fitted, -slope, 0.03) << slope;
  }
}

TEST(Choice, FollowsItsWeightsAndSkipsZeros) {
  const double weights[] = {1, 0, 3};
  const Choice choice(weights);
  Dice dice(Seed(1));
  int counts[3] = {};
  for (int i = 0; i < 40'000; ++i) ++counts[choice.draw(dice)];
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[0] / 40'000.0, 0.25, 0.01);
}

TEST(Dice, HasTheMomentsOfItsDistributions) {
  Dice dice(Seed(3));
  std::vector<double> normal, exponential, logs;
  for (int i = 0; i < 100'000; ++i) {
    normal.push_back(dice.normal());
    exponential.push_back(dice.exponential(4));
    logs.push_back(std::log(dice.log_normal(2, 0.5)));
  }
  EXPECT_NEAR(mean(normal), 0, 0.015);
  EXPECT_NEAR(sample_sd(normal), 1, 0.01);
  EXPECT_NEAR(mean(exponential), 4, 0.06);
  EXPECT_NEAR(sample_sd(exponential), 4, 0.08);
  EXPECT_NEAR(mean(logs), std::log(2), 0.008);
  EXPECT_NEAR(sample_sd(logs), 0.5, 0.006);
}

TEST(Dice, IntegersCoverBothEnds) {
  Dice dice(Seed(5));
  std::set<int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(dice.integer(-1, 2));
  EXPECT_EQ(seen, (std::set<int64_t>{-1, 0, 1, 2}));
}

TEST(Count, MeanAgreesWithDrawsAndWithTheClosedForm) {
  const Count count{0.4, 5, 0.8, 1000};
  Dice dice(Seed(2));
  double sum = 0, ones = 0;
  for (int i = 0; i < 200'000; ++i) {
    const int64_t n = count.draw(dice);
    ASSERT_GE(n, 1);
    sum += static_cast<double>(n);
    ones += n == 1 ? 1 : 0;
  }
  EXPECT_NEAR(ones / 200'000, 0.4, 0.005);
  EXPECT_NEAR(sum / 200'000, count.mean(), 0.02 * count.mean());
  // Rounding up adds half a packet to the log-normal's mean 5 exp(0.8^2 / 2).
  EXPECT_NEAR(count.mean(), 1 + 0.6 * (5 * std::exp(0.32) + 0.5), 0.05);
}

TEST(Count, NeverExceedsItsLimit) {
  const Count count{0, 5, 3, 20};
  Dice dice(Seed(2));
  int64_t most = 0;
  for (int i = 0; i < 10'000; ++i) most = std::max(most, count.draw(dice));
  EXPECT_EQ(most, 20);
}

TEST(FixedUniform, IsUniformAndDependsOnEveryKey) {
  std::vector<double> values;
  for (uint64_t i = 0; i < 10'000; ++i) values.push_back(fixed_uniform(7, i));
  EXPECT_NEAR(mean(values), 0.5, 0.01);
  EXPECT_NEAR(sample_sd(values), std::sqrt(1.0 / 12), 0.01);
  EXPECT_EQ(fixed_uniform(1, 2, 3, 4), fixed_uniform(1, 2, 3, 4));
  EXPECT_EQ((std::set<double>{fixed_uniform(1, 2, 3, 4), fixed_uniform(2, 1, 3, 4), fixed_uniform(1, 2, 4, 3),
                              fixed_uniform(1, 2, 3), fixed_uniform(0, 2, 3, 4)})
                .size(),
            5u);
}

TEST(Pool, HostsOfAProfileHaveDistinctUnicastAddresses) {
  for (const Profile& profile : all_profiles()) {
    std::set<uint32_t> addresses;
    size_t hosts = 0;
    for (const Pool& pool : profile.pools) {
      for (int i = 0; i < pool.hosts; ++i) addresses.insert(pool.address(i));
      hosts += static_cast<size_t>(pool.hosts);
    }
    EXPECT_EQ(addresses.size(), hosts) << profile.name;
    for (const uint32_t address : addresses) {
      EXPECT_NE(address & 255, 0u) << format_ip(address);
      EXPECT_NE(address & 255, 255u) << format_ip(address);
      const bool multicast_group = address == 0xE00000FB || address == 0xE00000FC;
      EXPECT_TRUE(address >> 24 < 224 || multicast_group) << format_ip(address);
      EXPECT_NE(address >> 24, 127u);
    }
  }
}

TEST(Pool, SubnetsAreThoseOfTheProfile) {
  const Pool pool{.base = 0xC0A8C800, .subnets = 3, .step = 10, .hosts = 60};
  std::set<uint32_t> subnets;
  for (int i = 0; i < pool.hosts; ++i) subnets.insert(pool.address(i) >> 8);
  EXPECT_EQ(subnets, (std::set<uint32_t>{0xC0A8C8, 0xC0A8D2, 0xC0A8DC}));
}

}  // namespace
}  // namespace bench::surrogate
