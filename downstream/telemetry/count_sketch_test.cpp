#include "downstream/telemetry/count_sketch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/stats.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

// Estimates of the stream's key number `key` under seeds 0 .. trials - 1.
std::vector<double> over_seeds(const KeyedStream& stream, size_t key, const SketchOptions& options,
                               int trials) {
  std::vector<double> estimates;
  for (int trial = 0; trial < trials; ++trial) {
    CountSketch sketch(options, Seed(static_cast<uint64_t>(trial)));
    feed(stream, sketch);
    estimates.push_back(sketch.estimate(stream.keys[key]));
  }
  return estimates;
}

TEST(CountSketch, Unbiased) {
  const KeyedStream stream = zipf_stream(2000, 200, 0.9, 1);
  for (const HashKind hash : kHashKinds) {
    for (const int rows : {1, 2, 5}) {
      for (const size_t key : {size_t{0}, stream.keys.size() - 1}) {
        const auto estimates = over_seeds(stream, key, sized(SketchKind::count_sketch, rows, 30, hash), 3000);
        EXPECT_NEAR(mean(estimates), static_cast<double>(stream.totals[key]),
                    4 * sample_sd(estimates) / std::sqrt(3000.0))
            << hash_kind_name(hash) << rows;
      }
    }
  }
}

TEST(CountSketch, VarianceOfARowIsTheOthersSecondMomentOverColumns) {
  const KeyedStream stream = zipf_stream(2000, 200, 0.5, 2);
  double others = 0;
  for (size_t i = 1; i < stream.totals.size(); ++i) others += std::pow(stream.totals[i], 2);
  const auto estimates = over_seeds(stream, 0, sized(SketchKind::count_sketch, 1, 10), 4000);
  // 4000 seeds know a variance to about sqrt(2 / 4000) = 2.2 %.
  EXPECT_NEAR(std::pow(sample_sd(estimates), 2), others / 10, 0.1 * others / 10);
}

TEST(CountSketch, MoreRowsNarrowTheMedian) {
  const KeyedStream stream = zipf_stream(2000, 200, 0.5, 2);
  const auto spread = [&](int rows) {
    return sample_sd(over_seeds(stream, 0, sized(SketchKind::count_sketch, rows, 10), 1000));
  };
  // The median of n normal values has about sqrt(pi / (2 n)) of their spread: .54 at 5 rows, .28 at 20.
  EXPECT_NEAR(spread(5) / spread(1), 0.536, 0.08);
  EXPECT_NEAR(spread(20) / spread(1), 0.28, 0.06);
}

TEST(CountSketch, TakesAwayWhatItAdded) {
  const KeyedStream stream = zipf_stream(500, 100, 1, 3);
  CountSketch sketch(sized(SketchKind::count_sketch, 5, 20), Seed(1));
  feed(stream, sketch);
  for (size_t i = 0; i < stream.keys.size(); ++i) sketch.add(stream.keys[i], -stream.totals[i]);
  for (const Key& key : stream.keys) EXPECT_EQ(sketch.estimate(key), 0);
}

TEST(CountSketch, OneColumnIsTheSignedSum) {
  CountSketch sketch(sized(SketchKind::count_sketch, 1, 1), Seed(1));
  sketch.add(address_key(1), 10);
  sketch.add(address_key(2), 3);
  const double of_one = sketch.estimate(address_key(1));
  EXPECT_TRUE(of_one == 13 || of_one == 7);
  EXPECT_EQ(sketch.estimate(address_key(2)), of_one == 13 ? 13 : -7);
}

}  // namespace
}  // namespace bench
