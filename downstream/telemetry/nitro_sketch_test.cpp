#include "downstream/telemetry/nitro_sketch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/stats.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

SketchOptions nitro(int rows, int64_t columns, double probability) {
  SketchOptions options = sized(SketchKind::nitro_sketch, rows, columns);
  options.probability = probability;
  return options;
}

TEST(NitroSketch, IsTheCountSketchAtProbabilityOne) {
  const KeyedStream stream =
      keyed_stream(zipf_packets(20'000, 3000, 1, 4), KeyField::five_tuple, WeightUnit::bytes);
  for (const int rows : {1, 2, 5}) {
    NitroSketch sampled(nitro(rows, 100, 1), Seed(9));
    CountSketch all(sized(SketchKind::count_sketch, rows, 100), Seed(9));
    feed(stream, sampled);
    feed(stream, all);
    EXPECT_EQ(estimates_of(sampled, stream), estimates_of(all, stream));
  }
}

TEST(NitroSketch, SamplesLikeCoins) {
  // One key in one row: taken / p with `taken` binomial, mean n and variance n (1 - p) / p.
  constexpr int kSeeds = 3000, kRecords = 200;
  for (const double p : {0.5, 0.1, 0.01}) {
    std::vector<double> estimates;
    for (int seed = 0; seed < kSeeds; ++seed) {
      NitroSketch sketch(nitro(1, 10, p), Seed(static_cast<uint64_t>(seed)));
      for (int i = 0; i < kRecords; ++i) sketch.add(address_key(1), 1);
      estimates.push_back(sketch.estimate(address_key(1)));
    }
    const double variance = kRecords * (1 - p) / p;
    EXPECT_NEAR(mean(estimates), kRecords, 4 * std::sqrt(variance / kSeeds)) << p;
    EXPECT_NEAR(std::pow(sample_sd(estimates), 2), variance, 0.15 * variance) << p;
  }
}

TEST(NitroSketch, EveryRowIsSampledByItself) {
  // A record of weight 1 and 5 rows: the median is 1 / p if at least 3 rows took it, else 0.
  constexpr int kSeeds = 20'000;
  constexpr double p = 0.4;
  const double at_least_3 =
      10 * std::pow(p, 3) * std::pow(1 - p, 2) + 5 * std::pow(p, 4) * (1 - p) + std::pow(p, 5);
  int taken = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    NitroSketch sketch(nitro(5, 10, p), Seed(static_cast<uint64_t>(seed)));
    sketch.add(address_key(1), 1);
    const double estimate = sketch.estimate(address_key(1));
    ASSERT_TRUE(estimate == 0 || estimate == 1 / p);
    taken += estimate > 0;
  }
  EXPECT_NEAR(taken, kSeeds * at_least_3, 4 * std::sqrt(kSeeds * at_least_3 * (1 - at_least_3)));
}

TEST(NitroSketch, UnbiasedWithOthersInTheWay) {
  constexpr int kSeeds = 2000;
  const KeyedStream stream =
      keyed_stream(zipf_packets(3000, 200, 0.9, 1), KeyField::srcip, WeightUnit::bytes);
  std::vector<double> estimates;
  for (int seed = 0; seed < kSeeds; ++seed) {
    NitroSketch sketch(nitro(1, 50, 0.1), Seed(static_cast<uint64_t>(seed)));
    feed(stream, sketch);
    estimates.push_back(sketch.estimate(stream.keys[0]));
  }
  EXPECT_NEAR(mean(estimates), static_cast<double>(stream.totals[0]),
              4 * sample_sd(estimates) / std::sqrt(kSeeds));
}

}  // namespace
}  // namespace bench
