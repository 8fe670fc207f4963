#include "downstream/telemetry/univmon.h"

#include <gtest/gtest.h>

#include <cmath>

#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

struct Exact {
  double second_moment = 0, entropy = 0;
};

Exact exact(const KeyedStream& stream) {
  Exact out;
  for (const int64_t total : stream.totals) {
    const double share = static_cast<double>(total) / static_cast<double>(stream.total);
    out.second_moment += static_cast<double>(total) * static_cast<double>(total);
    out.entropy -= share * std::log(share);
  }
  return out;
}

SketchOptions constant_width(int64_t columns) {
  SketchOptions options = sized(SketchKind::univmon, 5, columns);
  options.halve_columns = false;
  return options;
}

TEST(UnivMon, ExactWhereNothingCollidesAndEveryKeyIsRemembered) {
  // With complete levels the recursion telescopes: Y_j = 2 S_(j+1) + (S_j - S_(j+1)) - S_(j+1) = S_j.
  const KeyedStream stream = keyed_stream(zipf_packets(3000, 200, 1, 1), KeyField::srcip, WeightUnit::bytes);
  const Exact truth = exact(stream);
  for (const int levels : {1, 4, 10}) {
    SketchOptions options = constant_width(100'000);
    options.levels = levels;
    UnivMon sketch(options, Seed(1));
    feed(stream, sketch);
    EXPECT_EQ(sketch.cardinality(), static_cast<double>(stream.keys.size()));
    EXPECT_NEAR(sketch.second_moment(), truth.second_moment, 1e-12 * truth.second_moment);
    EXPECT_NEAR(sketch.entropy(), truth.entropy, 1e-12);
    EXPECT_NEAR(sketch.sum_of([](double weight) { return weight; }), static_cast<double>(stream.total), 1e-6);
  }
}

TEST(UnivMon, SumsOfAZipfStreamWithin5Percent) {
  for (const HashKind hash : kHashKinds) {
    for (const double slope : {0.9, 1.1, 1.3}) {
      const KeyedStream stream = zipf_stream(100'000, 100'000, slope, 7);
      const Exact truth = exact(stream);
      ASSERT_GT(stream.keys.size(), 7000U);
      for (uint64_t seed = 0; seed < 5; ++seed) {
        SketchOptions options = constant_width(1000);
        options.hash = hash;
        UnivMon sketch(options, Seed(seed));
        feed(stream, sketch);
        EXPECT_NEAR(sketch.second_moment(), truth.second_moment, 0.05 * truth.second_moment);
        EXPECT_NEAR(sketch.entropy(), truth.entropy, 0.05 * truth.entropy);
        EXPECT_NEAR(sketch.cardinality(), static_cast<double>(stream.keys.size()),
                    0.1 * static_cast<double>(stream.keys.size()));
      }
    }
  }
}

TEST(UnivMon, CardinalityIsUnbiasedWhileTheLastLevelRemembersAll) {
  // 400 keys, 3 levels that remember 150: level 2 (about 100 keys) is complete, levels 0 and 1 are cut.
  SketchOptions options = constant_width(1000);
  options.levels = 3;
  options.top_keys = 150;
  constexpr int kSeeds = 1000;
  double sum = 0, squares = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    UnivMon sketch(options, Seed(seed));
    for (uint32_t host = 0; host < 400; ++host) sketch.add(address_key(host), 1 + host % 7);
    const double off = sketch.cardinality() - 400;
    sum += off;
    squares += off * off;
  }
  EXPECT_GT(squares, 0);
  EXPECT_NEAR(sum / kSeeds, 0, 4 * std::sqrt(squares) / kSeeds);
}

TEST(UnivMon, EstimatesAreThoseOfLevel0) {
  // Level 0 is a Count Sketch: with one level nothing else is there, with more the estimates stay.
  const KeyedStream stream = zipf_stream(20'000, 5000, 1, 3);
  SketchOptions one = default_options(SketchKind::univmon);
  one.levels = 1;
  UnivMon shallow(one, Seed(2));
  UnivMon deep(default_options(SketchKind::univmon), Seed(2));
  CountSketch level0(sized(SketchKind::count_sketch, 5, 1000), Seed(2).child("level", 0));
  feed(stream, shallow);
  feed(stream, deep);
  feed(stream, level0);
  EXPECT_EQ(estimates_of(shallow, stream), estimates_of(level0, stream));
  EXPECT_EQ(estimates_of(deep, stream), estimates_of(level0, stream));
}

TEST(UnivMon, EmptyHoldsNothing) {
  const UnivMon sketch(default_options(SketchKind::univmon), Seed(1));
  EXPECT_EQ(sketch.cardinality(), 0);
  EXPECT_EQ(sketch.second_moment(), 0);
  EXPECT_EQ(sketch.entropy(), 0);
}

}  // namespace
}  // namespace bench
