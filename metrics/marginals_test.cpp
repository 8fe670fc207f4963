#include "metrics/marginals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace bench {
namespace {

using Counts = std::vector<int64_t>;

TEST(TopOverlap, ByHand) {
  // Top two of the first: values 1 and 3; of the second: 3 and, the smaller of two equals, 0.
  EXPECT_EQ(top_overlap(Counts{0, 9, 1, 5}, Counts{2, 0, 2, 7}, 2), 0.5);
  EXPECT_EQ(top_overlap(Counts{0, 9, 1, 5}, Counts{2, 0, 2, 7}, 3), 2.0 / 3);
}

TEST(TopOverlap, WithFewerValuesThanPlacesTheLongerListCounts) {
  EXPECT_EQ(top_overlap(Counts{4, 0, 0}, Counts{1, 1, 0}, 5), 0.5);
  EXPECT_EQ(top_overlap(Counts{4, 0, 0}, Counts{1, 0, 0}, 5), 1);
  EXPECT_EQ(top_overlap(Counts{4, 0}, Counts{0, 0}, 5), 0);
  EXPECT_EQ(top_overlap(Counts{0, 0}, Counts{4, 0}, 5), std::nullopt);
}

TEST(Distinct, CountsWhatOccurs) {
  EXPECT_EQ(distinct(Counts{3, 0, 1, 0}), 2);
  EXPECT_EQ(relative_difference(3, 12), 0.75);
  EXPECT_EQ(relative_difference(12, 3), 0.75);
  EXPECT_EQ(relative_difference(5, 5), 0);
}

TEST(ZipfSlope, OfPowerLaws) {
  const Counts inverse{5040, 2520, 1680, 1260, 1008, 840, 720};  // 5040 / rank
  EXPECT_NEAR(*zipf_slope(inverse), -1, 1e-12);
  const Counts square{3600, 900, 400, 225, 144, 100};  // 3600 / rank^2
  EXPECT_NEAR(*zipf_slope(square), -2, 1e-12);
  EXPECT_EQ(*zipf_slope(Counts{7, 7, 7}), 0);
  EXPECT_NEAR(*zipf_slope(Counts{8, 1}), -3, 1e-12);  // ln 8 over ln 2
  EXPECT_EQ(zipf_slope(Counts{8}), std::nullopt);
}

}  // namespace
}  // namespace bench
