#include "downstream/telemetry/sketch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

using ::testing::HasSubstr;

std::string config_error(const SketchOptions& options) {
  try {
    check_options(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, Kind::config);
    return error.what();
  }
  return {};
}

TEST(Sketch, NamesGoBothWays) {
  for (const SketchKind kind : all_sketch_kinds()) {
    EXPECT_EQ(sketch_kind_from_name(sketch_kind_name(kind)), kind);
  }
  EXPECT_EQ(all_sketch_kinds().size(), 4U);
  EXPECT_THROW(sketch_kind_from_name("bloom"), Error);
}

TEST(SketchOptions, OutOfRangeIsNamed) {
  const SketchOptions good;
  EXPECT_EQ(config_error(good), "");
  SketchOptions bad = good;
  bad.rows = kMostRows + 1;
  EXPECT_THAT(config_error(bad), HasSubstr("rows of a sketch must be in 1 .. 63, not 64"));
  bad = good;
  bad.columns = 0;
  EXPECT_THAT(config_error(bad), HasSubstr("columns"));
  bad = good;
  bad.levels = 33;
  EXPECT_THAT(config_error(bad), HasSubstr("levels"));
  bad = good;
  bad.top_keys = 0;
  EXPECT_THAT(config_error(bad), HasSubstr("top_keys"));
  for (const double p : {0.0, 1.5, std::nan("")}) {
    bad = good;
    bad.probability = p;
    EXPECT_THAT(config_error(bad), HasSubstr("probability"));
    EXPECT_THROW(make_sketch(bad, Seed(1)), Error);
  }
}

TEST(SketchOptions, MemoryOfTheDefaults) {
  EXPECT_EQ(memory_bytes(default_options(SketchKind::count_min)), 8 * 5 * 1000);
  EXPECT_EQ(memory_bytes(default_options(SketchKind::count_sketch)), 8 * 5 * 1000);
  EXPECT_EQ(memory_bytes(default_options(SketchKind::nitro_sketch)), 8 * 5 * 100);
  SketchOptions univmon = default_options(SketchKind::univmon);
  EXPECT_EQ(memory_bytes(univmon),
            8 * 5 * (1000 + 500 + 250 + 125 + 62 + 31 + 15 + 7 + 3 + 1) + 10 * 1000 * (13 + 8));
  univmon.halve_columns = false;
  EXPECT_EQ(memory_bytes(univmon), 8 * 5 * 10'000 + 10 * 1000 * (13 + 8));
}

TEST(SketchOptions, FillTheMemoryGiven) {
  for (const SketchKind kind : all_sketch_kinds()) {
    SketchOptions options = default_options(kind);
    EXPECT_EQ(fit_into(options, memory_bytes(options)), options) << sketch_kind_name(kind);
    options = fit_into(options, 600'000);
    EXPECT_LE(memory_bytes(options), 600'000);
    ++options.columns;
    EXPECT_GT(memory_bytes(options), 600'000);
    EXPECT_THROW(fit_into(options, 39), Error);
  }
}

TEST(Sketch, SameSeedSameEstimatesOtherSeedOthers) {
  const KeyedStream stream = zipf_stream(5000, 2000, 1, 1);
  for (const SketchKind kind : all_sketch_kinds()) {
    for (const HashKind hash : kHashKinds) {
      const auto estimates = [&](uint64_t seed) {
        const auto sketch = make_sketch(sized(kind, 3, 50, hash), Seed(seed));
        feed(stream, *sketch);
        return estimates_of(*sketch, stream);
      };
      EXPECT_EQ(estimates(1), estimates(1));
      EXPECT_NE(estimates(1), estimates(2));
    }
  }
}

TEST(Sketch, WideSketchesAreExactWithoutSampling) {
  const KeyedStream stream =
      keyed_stream(zipf_packets(3000, 300, 1, 2), KeyField::five_tuple, WeightUnit::bytes);
  for (const SketchKind kind : all_sketch_kinds()) {
    SketchOptions options = sized(kind, 5, 200'000);
    options.levels = 3;
    options.probability = 1;
    const auto sketch = make_sketch(options, Seed(1));
    feed(stream, *sketch);
    EXPECT_EQ(estimates_of(*sketch, stream), std::vector<double>(stream.totals.begin(), stream.totals.end()))
        << sketch_kind_name(kind);
    EXPECT_EQ(sketch->estimate(address_key(1)), 0);
  }
}

}  // namespace
}  // namespace bench
