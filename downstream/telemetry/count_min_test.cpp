#include "downstream/telemetry/count_min.h"

#include <gtest/gtest.h>

#include <cmath>

#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

TEST(CountMin, NeverUnderestimates) {
  for (const HashKind hash : kHashKinds) {
    for (const int rows : {1, 2, 5}) {
      for (const int64_t columns : {1, 7, 300}) {
        for (uint64_t seed = 0; seed < 5; ++seed) {
          const KeyedStream stream = keyed_stream(zipf_packets(2000, 400, 1.1, seed), KeyField::five_tuple,
                                                  seed % 2 == 0 ? WeightUnit::records : WeightUnit::bytes);
          CountMin sketch(sized(SketchKind::count_min, rows, columns, hash), Seed(seed));
          feed(stream, sketch);
          const std::vector<double> estimates = estimates_of(sketch, stream);
          for (size_t i = 0; i < estimates.size(); ++i) {
            ASSERT_GE(estimates[i], static_cast<double>(stream.totals[i]));
            ASSERT_LE(estimates[i], static_cast<double>(stream.total));
          }
        }
      }
    }
  }
}

TEST(CountMin, ErrorBoundHoldsAsOftenAsProved) {
  // Theorem 1 of the paper with epsilon = e / columns and delta = e^-rows, per key, over 1000 hash seeds.
  constexpr int kTrials = 1000, kColumns = 40;
  const KeyedStream stream = zipf_stream(5000, 500, 0.8, 1);
  const double allowed = std::exp(1.0) / kColumns * static_cast<double>(stream.total);
  for (const HashKind hash : kHashKinds) {
    for (const int rows : {1, 2, 3, 5}) {
      int within = 0, of_the_rarest = 0;
      for (int trial = 0; trial < kTrials; ++trial) {
        CountMin sketch(sized(SketchKind::count_min, rows, kColumns, hash),
                        Seed(static_cast<uint64_t>(trial)));
        feed(stream, sketch);
        const auto error = [&](size_t key) {
          return sketch.estimate(stream.keys[key]) - static_cast<double>(stream.totals[key]);
        };
        within += error(0) <= allowed;
        of_the_rarest += error(stream.keys.size() - 1) <= allowed;
      }
      EXPECT_GE(within, kTrials * (1 - std::exp(-rows))) << rows << hash_kind_name(hash);
      EXPECT_GE(of_the_rarest, kTrials * (1 - std::exp(-rows))) << rows << hash_kind_name(hash);
    }
  }
}

TEST(CountMin, OneRowIsOffByTheMeanOfAColumn) {
  // E[estimate - true] = (total - true) / columns for one row.
  const KeyedStream stream = zipf_stream(5000, 500, 0.8, 1);
  double sum = 0;
  constexpr int kTrials = 4000, kColumns = 40;
  for (int trial = 0; trial < kTrials; ++trial) {
    CountMin sketch(sized(SketchKind::count_min, 1, kColumns), Seed(static_cast<uint64_t>(trial)));
    feed(stream, sketch);
    sum += sketch.estimate(stream.keys[0]) - static_cast<double>(stream.totals[0]);
  }
  double rest_squared = 0;
  for (size_t i = 1; i < stream.totals.size(); ++i) rest_squared += std::pow(stream.totals[i], 2);
  const double sd = std::sqrt(rest_squared / kColumns / kTrials);  // above the true one by 1 / (1 - 1 / 40)
  EXPECT_NEAR(sum / kTrials, static_cast<double>(stream.total - stream.totals[0]) / kColumns, 4 * sd);
}

TEST(CountMin, OneColumnHoldsTheTotal) {
  const KeyedStream stream = zipf_stream(100, 10, 1, 3);
  CountMin sketch(sized(SketchKind::count_min, 3, 1), Seed(1));
  feed(stream, sketch);
  EXPECT_EQ(sketch.estimate(address_key(12345)), 100);
}

}  // namespace
}  // namespace bench
