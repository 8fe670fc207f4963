#include "downstream/telemetry/width_sweep.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/stats.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

TEST(WidthSweep, MissesFallWithWidth) {
  const KeyedStream stream = zipf_stream(50'000, 5000, 1, 1);
  WidthSweepOptions options;
  options.base_keys = static_cast<int64_t>(stream.keys.size());
  options.seeds = 3;
  for (const HashKind hash : kHashKinds) {
    options.sketch.hash = hash;
    const std::vector<WidthPoint> points = width_sweep(stream, options, Seed(1));
    ASSERT_EQ(points.size(), 9U);
    for (size_t i = 0; i < points.size(); ++i) {
      EXPECT_EQ(points[i].columns, std::llround(points[i].width * static_cast<double>(options.base_keys)));
      EXPECT_EQ(points[i].miss_rate.size(), 3U);
      if (i == 0) continue;
      EXPECT_LE(mean(points[i].miss_rate), mean(points[i - 1].miss_rate)) << i;
    }
    EXPECT_GT(mean(points.front().miss_rate), 0.1);
    EXPECT_LT(mean(points.back().miss_rate), 0.05);
  }
}

TEST(WidthSweep, EndsAreKnown) {
  const KeyedStream stream = zipf_stream(20'000, 1000, 1, 1);
  WidthSweepOptions options;
  options.base_keys = static_cast<int64_t>(stream.keys.size());
  options.widths = {1e-9, 100};
  const std::vector<WidthPoint> points = width_sweep(stream, options, Seed(1));
  // Wide enough: exact counts and the same choice among equal ones.
  EXPECT_EQ(points[1].miss_rate, std::vector<double>(kHashSeeds, 0.0));
  // One column: all estimates are equal, so the smallest keys are chosen.
  EXPECT_EQ(points[0].columns, 1);
  std::vector<double> exact(stream.totals.begin(), stream.totals.end());
  const Threshold top{Threshold::Of::keys, 0.1};
  const auto agreement = set_agreement(heavy_keys(stream, exact, top),
                                       heavy_keys(stream, std::vector<double>(exact.size(), 7.0), top));
  EXPECT_EQ(points[0].miss_rate, std::vector<double>(kHashSeeds, 1 - agreement.recall));
}

TEST(WidthSweep, WidthComesFromTheBaseNotFromTheStream) {
  const KeyedStream stream = zipf_stream(1000, 100, 1, 1);
  WidthSweepOptions options;
  options.base_keys = 5000;
  options.seeds = 1;
  EXPECT_EQ(width_sweep(stream, options, Seed(1)).front().columns, 500);
  EXPECT_TRUE(
      width_sweep(keyed_stream(Trace{}, KeyField::srcip, WeightUnit::records), options, Seed(1)).empty());
}

}  // namespace
}  // namespace bench
