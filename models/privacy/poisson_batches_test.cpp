#include "models/privacy/poisson_batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/stats.h"

namespace bench {
namespace {

TEST(PoissonBatches, SizesHaveMeanAndVarianceOfTheBinomial) {
  for (const double rate : {0.002, 0.1, 0.7}) {
    PoissonBatches batches(1000, rate, Seed(1));
    EXPECT_DOUBLE_EQ(batches.expected(), 1000 * rate);
    constexpr int kBatches = 20000;
    std::vector<double> sizes;
    for (int i = 0; i < kBatches; ++i) sizes.push_back(static_cast<double>(batches.next().size()));
    const double variance = 1000 * rate * (1 - rate), sd = sample_sd(sizes);
    EXPECT_NEAR(mean(sizes), 1000 * rate, 4 * std::sqrt(variance / kBatches));
    // The fourth moment of a binomial is 3 v^2 + v (1 - 6 q (1 - q)).
    const double spread =
        std::sqrt((2 * variance * variance + variance * (1 - 6 * rate * (1 - rate))) / kBatches);
    EXPECT_NEAR(sd * sd, variance, 4 * spread);
  }
}

TEST(PoissonBatches, EveryRecordHasTheSameChanceWhateverTheOthersDo) {
  constexpr size_t kRecords = 12;
  constexpr int kBatches = 40000;
  PoissonBatches batches(kRecords, 0.3, Seed(2));
  std::vector<std::vector<int>> together(kRecords, std::vector<int>(kRecords));
  for (int i = 0; i < kBatches; ++i) {
    const auto batch = batches.next();
    EXPECT_TRUE(std::is_sorted(batch.begin(), batch.end()));
    EXPECT_EQ(std::adjacent_find(batch.begin(), batch.end()), batch.end());
    for (const size_t a : batch)
      for (const size_t b : batch) ++together[a][b];
  }
  for (size_t a = 0; a < kRecords; ++a) {
    for (size_t b = 0; b < kRecords; ++b) {
      const double chance = a == b ? 0.3 : 0.09;
      EXPECT_NEAR(together[a][b] / static_cast<double>(kBatches), chance,
                  4.5 * std::sqrt(chance * (1 - chance) / kBatches));
    }
  }
}

TEST(PoissonBatches, DependOnTheSeedOnly) {
  PoissonBatches a(500, 0.05, Seed(3)), b(500, 0.05, Seed(3)), other(500, 0.05, Seed(4));
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const auto batch = a.next();
    EXPECT_EQ(batch, b.next());
    differs = differs || batch != other.next();
  }
  EXPECT_TRUE(differs);
}

TEST(PoissonBatches, AreEverythingAtRateOneAndOftenEmptyAtASmallOne) {
  PoissonBatches all(5, 1, Seed(5)), few(10, 0.01, Seed(5));
  EXPECT_EQ(all.next(), (std::vector<size_t>{0, 1, 2, 3, 4}));
  int empty = 0;
  for (int i = 0; i < 10000; ++i) empty += few.next().empty();
  EXPECT_NEAR(empty / 1e4, std::pow(0.99, 10), 0.02);
}

}  // namespace
}  // namespace bench
