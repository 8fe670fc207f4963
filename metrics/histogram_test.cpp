#include "metrics/histogram.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace bench {
namespace {

using Values = std::vector<int64_t>;

TEST(Histogram, RangesOfEqualShareForAUniformColumn) {
  Values x(1000);
  std::iota(x.begin(), x.end(), 0);
  const Values starts = bin_starts(x);
  EXPECT_EQ(starts, (Values{0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000}));
  EXPECT_EQ(bin_counts(x, starts), (Values{0, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0}));
}

TEST(Histogram, AValueThatFillsARangeStandsAlone) {
  Values x(900, 7);  // 10 ranges of 100: 7 fills nine of them
  for (int64_t i = 0; i < 100; ++i) x.push_back(1000 + i);
  EXPECT_EQ(bin_starts(x), (Values{7, 8, 1000, 1100}));
  EXPECT_EQ(bin_counts(x, bin_starts(x)), (Values{0, 900, 0, 100, 0}));
}

TEST(Histogram, ConstantColumn) {
  EXPECT_EQ(bin_starts(Values{4, 4, 4}), (Values{4, 5}));
  EXPECT_EQ(bin_starts(Values{4}), (Values{4, 5}));
}

TEST(Histogram, ValuesOutsideTheRealRangeHaveTheirOwnBins) {
  const Values starts = bin_starts(Values{10, 11, 12, 13, 14, 15, 16, 17});
  ASSERT_EQ(starts.front(), 10);
  ASSERT_EQ(starts.back(), 18);
  const Values counts = bin_counts(Values{-5, 9, 10, 17, 18, 400, 401}, starts);
  EXPECT_EQ(counts.front(), 2);
  EXPECT_EQ(counts.back(), 3);
}

TEST(Histogram, NoBinAboveTheLargestInteger) {
  constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(bin_starts(Values{kLargest, kLargest}), Values{kLargest});
  EXPECT_EQ(bin_counts(Values{0, kLargest}, Values{kLargest}), (Values{1, 1}));
}

TEST(Histogram, OneHugeValueDoesNotMultiplyTheBins) {
  Values x(100000);
  std::iota(x.begin(), x.end(), 0);
  x.push_back(int64_t{1} << 60);
  const size_t bins = bin_starts(x).size();
  EXPECT_GE(bins, 40u);
  EXPECT_LE(bins, 60u);
}

RC_GTEST_PROP(Histogram, EveryValueFallsInOneBin, ()) {
  auto real = *rc::gen::nonEmpty(rc::gen::container<Values>(rc::gen::inRange<int64_t>(-30, 30)));
  auto other = *rc::gen::container<Values>(rc::gen::inRange<int64_t>(-60, 60));
  std::sort(real.begin(), real.end());
  std::sort(other.begin(), other.end());
  const Values starts = bin_starts(real);
  RC_ASSERT(std::is_sorted(starts.begin(), starts.end()));
  RC_ASSERT(std::adjacent_find(starts.begin(), starts.end()) == starts.end());
  RC_ASSERT(starts.size() <= 2 * kMaxBins);
  const Values counts = bin_counts(other, starts);
  Values expected(starts.size() + 1, 0);
  for (const int64_t v : other) {
    ++expected[static_cast<size_t>(
        std::count_if(starts.begin(), starts.end(), [v](int64_t s) { return s <= v; }))];
  }
  RC_ASSERT(counts == expected);
  RC_ASSERT(bin_counts(real, starts).front() == 0);
  RC_ASSERT(bin_counts(real, starts).back() == 0);
}

TEST(BinStarts, AsManyRangesAsAsked) {
  std::vector<int64_t> values(100);
  std::iota(values.begin(), values.end(), 0);
  EXPECT_EQ(bin_starts(values, 4), (std::vector<int64_t>{0, 25, 50, 75, 100}));
  EXPECT_EQ(bin_starts(values, 1), (std::vector<int64_t>{0, 100}));
}

}  // namespace
}  // namespace bench
