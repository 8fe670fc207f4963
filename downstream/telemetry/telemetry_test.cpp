#include "downstream/telemetry/telemetry.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/rank.h"
#include "core/stats.h"
#include "downstream/telemetry/heavy_hitters.h"
#include "downstream/telemetry/test_streams.h"
#include "downstream/telemetry/width_sweep.h"

namespace bench {
namespace {

using ::testing::HasSubstr;

std::vector<Score> evaluate(const Trace& real, const Trace& synthetic, const TelemetryParams& params,
                            uint64_t seed = 1) {
  return telemetry_task().evaluate({real, synthetic, {}}, params, Seed(seed));
}

const Score& score_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                      std::string_view field) {
  const auto it = std::find_if(scores.begin(), scores.end(), [&](const Score& score) {
    return score.metric == metric && score.mode == mode && score.field == field;
  });
  static const Score none;
  EXPECT_NE(it, scores.end()) << metric << " " << mode << " " << field;
  return it == scores.end() ? none : *it;
}

double value_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                std::string_view field) {
  const Score& score = score_of(scores, metric, mode, field);
  EXPECT_EQ(score.outcome, Outcome::value) << metric << " " << field << ": " << score.reason;
  return score.value;
}

TelemetryParams of_key(std::string key) {
  TelemetryParams params;
  params.key = std::move(key);
  params.hash_seeds = 4;
  return params;
}

// One counter a row: Count-Min's estimate of every key is the total, so E is the mean of total / weight - 1.
TEST(Telemetry, OneCounterInClosedForm) {
  Trace real, synthetic;
  real.srcip = {1, 1, 1, 1, 1, 1, 2, 2, 2, 3};  // heavy from 30 % on: 6 and 3 of 10
  synthetic.srcip = {8, 8, 8, 8, 9};            // heavy: 4 of 5
  TelemetryParams params = of_key("srcip");
  params.columns = 1;
  params.threshold = 0.3;
  const auto scores = evaluate(real, synthetic, params);
  const double e_real = (4. / 6 + 7. / 3) / 2, e_synthetic = 1. / 4;
  const std::string_view field = "srcip count_min";
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_error", "real", field), e_real);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_error", "synthetic", field), e_synthetic);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_count", "strict", field), (e_real - e_synthetic) / e_real);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_count_absolute", "strict", field), e_real - e_synthetic);
  // Every key is found: 3 keys of 10 records against 2 of 5.
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_number", "strict", field), (0.4 - 0.3) / 0.3);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_precision", "real", field), 2. / 3);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_recall", "real", field), 1);
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_f1", "synthetic", field), 2. / 3);
  // Jaccard errors 1/3 and 1/2.
  EXPECT_NEAR(value_of(scores, "hh_set", "strict", field), 0.5, 1e-12);
  EXPECT_EQ(score_of(scores, "hh_count", "strict", field).n_real, 2);
  EXPECT_EQ(score_of(scores, "hh_count", "strict", field).n_synthetic, 1);
}

TEST(Telemetry, NoErrorOnTheRealTraceIsNeverADivisor) {
  Trace real, synthetic;
  real.dstip.assign(50, 1);
  real.srcip.assign(50, 1);
  synthetic.dstip = {1, 1, 1, 2, 2};
  synthetic.srcip.assign(5, 1);
  TelemetryParams params = of_key("dstip");
  params.columns = 1;
  const auto scores = evaluate(real, synthetic, params);
  const Score& relative = score_of(scores, "hh_count", "strict", "dstip count_min");
  EXPECT_EQ(relative.outcome, Outcome::not_applicable);
  const double absolute = (2. / 3 + 3. / 2) / 2;
  EXPECT_THAT(
      relative.reason,
      HasSubstr(fmt::format("it is 0 on the real trace; the absolute difference is {:.6g}", absolute)));
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_count_absolute", "strict", "dstip count_min"), absolute);
}

TEST(Telemetry, AThresholdThatNoKeyReachesIsNotApplicable) {
  Trace real = zipf_packets(2000, 100, 0.5, 1), synthetic = real;
  for (size_t i = 0; i < synthetic.size(); ++i) synthetic.srcip[i] = static_cast<uint32_t>(i);
  TelemetryParams params = of_key("srcip");
  params.threshold = 0.01;
  const auto scores = evaluate(real, synthetic, params);
  EXPECT_EQ(score_of(scores, "hh_count", "strict", "srcip univmon").reason,
            "synthetic trace: no key has 1 % of the total");
  EXPECT_EQ(score_of(scores, "hh_rank", "strict", "srcip kendall").outcome, Outcome::not_applicable);
  EXPECT_EQ(score_of(scores, "hh_error", "real", "srcip univmon").outcome, Outcome::value);
  EXPECT_EQ(score_of(scores, "hh_error", "synthetic", "srcip univmon").outcome, Outcome::not_applicable);
  // A share of the keys is always heavy.
  EXPECT_EQ(score_of(scores, "hh_set_top", "strict", "srcip nitro_sketch").outcome, Outcome::value);
}

TEST(Telemetry, TheRankIsThatOfTheErrors) {
  const Trace real = zipf_packets(30'000, 5000, 1.1, 1);
  const Trace synthetic = zipf_packets(20'000, 3000, 0.9, 2);
  const auto scores = evaluate(real, synthetic, of_key("srcip"));
  std::vector<double> a, b;
  for (const SketchKind kind : all_sketch_kinds()) {
    const std::string field = fmt::format("srcip {}", sketch_kind_name(kind));
    a.push_back(value_of(scores, "hh_error", "real", field));
    b.push_back(value_of(scores, "hh_error", "synthetic", field));
    EXPECT_NEAR(value_of(scores, "hh_count", "strict", field), std::abs(b.back() - a.back()) / a.back(),
                1e-12);
  }
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_rank", "strict", "srcip spearman"), *spearman(a, b));
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_rank", "strict", "srcip kendall"), *kendall_tau_b(a, b));
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_rank_p", "strict", "srcip spearman"), *spearman_p_value(a, b));
  EXPECT_LE(value_of(scores, "hh_rank_low", "strict", "srcip spearman"),
            value_of(scores, "hh_rank_high", "strict", "srcip spearman"));
}

TEST(Telemetry, OneKeyIsThatPartOfAllKeys) {
  const Trace real = zipf_packets(3000, 200, 1.1, 1), synthetic = zipf_packets(2500, 200, 1.1, 2);
  const auto all = evaluate(real, synthetic, of_key("all"));
  size_t seen = 0;
  for (const char* key : {"srcip", "dstip", "five_tuple"}) {
    for (const Score& score : evaluate(real, synthetic, of_key(key))) {
      ASSERT_LT(seen, all.size());
      EXPECT_EQ(to_json(score), to_json(all[seen++]));
    }
  }
  EXPECT_EQ(seen, all.size());
}

TEST(Telemetry, WeightsOfFlowRecords) {
  Trace real = zipf_packets(4, 10, 1, 1);
  real.kind = TraceKind::flows;
  real.length.clear();
  real.srcip = {1, 2, 3, 3};
  real.packets = {10, 80, 5, 5};
  real.bytes = {900, 50, 25, 25};
  real.duration.assign(4, 0);
  for (const auto& [weight, weights] : {std::pair{"records", std::vector{1., 1., 2.}},
                                        {"packets", {10., 80., 10.}},
                                        {"bytes", {900., 50., 50.}}}) {
    TelemetryParams params = of_key("srcip");
    params.weight = weight;
    params.columns = 1;
    params.threshold = 0.01;
    const double total = weights[0] + weights[1] + weights[2];
    double error = 0;
    for (const double w : weights) error += (total / w - 1) / 3;
    EXPECT_NEAR(value_of(evaluate(real, real, params), "hh_error", "real", "srcip count_min"), error, 1e-9);
  }
  Trace huge = real;
  huge.bytes.assign(4, INT64_MAX);
  TelemetryParams params = of_key("srcip");
  params.weight = "bytes";
  EXPECT_EQ(score_of(evaluate(real, huge, params), "hh_set", "strict", "srcip count_min").reason,
            "synthetic trace: the bytes of the records sum to more than 2^62");
}

TEST(Telemetry, PacketsAndFlowRecordsDoNotCompare) {
  const Trace real = zipf_packets(100, 10, 1, 1);
  Trace flows = real;
  flows.kind = TraceKind::flows;
  flows.packets = flows.bytes = flows.duration = std::vector<int64_t>(100, 1);
  const auto scores = evaluate(real, flows, of_key("srcip"));
  EXPECT_EQ(score_of(scores, "hh_error", "synthetic", "srcip count_min").reason,
            "synthetic trace: it has flows and the real one packets");
  EXPECT_EQ(score_of(scores, "hh_error", "real", "srcip count_min").outcome, Outcome::value);
}

TEST(Telemetry, TheWidthSweepIsThatOfTheRealTracesKeys) {
  const Trace real = zipf_packets(20'000, 2000, 1.0, 1), synthetic = zipf_packets(5000, 2000, 1.0, 2);
  TelemetryParams params = of_key("srcip");
  params.width_sweep = true;
  const auto scores = evaluate(real, synthetic, params);
  WidthSweepOptions options;
  options.base_keys =
      static_cast<int64_t>(keyed_stream(real, KeyField::srcip, WeightUnit::records).keys.size());
  options.seeds = 4;
  const auto stream = keyed_stream(synthetic, KeyField::srcip, WeightUnit::records);
  const auto points = width_sweep(stream, options, Seed(1).child("srcip"));
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_miss", "synthetic", "srcip 0.3 count_min"),
                   mean(points[2].miss_rate));
  EXPECT_DOUBLE_EQ(value_of(scores, "hh_miss_gap", "strict", "srcip 0.9 univmon"),
                   std::abs(value_of(scores, "hh_miss", "synthetic", "srcip 0.9 univmon") -
                            value_of(scores, "hh_miss", "real", "srcip 0.9 univmon")));
  EXPECT_GT(value_of(scores, "hh_miss", "real", "srcip 0.1 count_min"),
            value_of(scores, "hh_miss", "real", "srcip 0.9 count_min"));
  const auto sweeps = [](const std::vector<Score>& list) {
    return std::count_if(list.begin(), list.end(), [](const Score& s) { return s.metric == "hh_miss"; });
  };
  EXPECT_EQ(sweeps(scores), 2 * 9 * 4);
  EXPECT_EQ(sweeps(evaluate(real, synthetic, of_key("srcip"))), 0);
}

TEST(TelemetryParams, SizesOfSketches) {
  TelemetryParams params;
  const auto given = params.sketches();
  for (size_t i = 0; i < given.size(); ++i) EXPECT_EQ(given[i], default_options(all_sketch_kinds()[i]));
  params.memory_bytes = 300'000;
  EXPECT_EQ(params.contradiction(), "");
  for (const SketchOptions& options : params.sketches()) {
    EXPECT_LE(memory_bytes(options), 300'000);
    EXPECT_GT(memory_bytes(options), 299'000);
  }
  params.memory_bytes = 100'000;
  EXPECT_EQ(params.contradiction(), "memory_bytes is 100000, but univmon with 5 rows needs at least 210400");
  params.memory_bytes = 210'400;
  EXPECT_EQ(params.contradiction(), "");
  EXPECT_EQ(params.sketches()[2].columns, 1);
  params.memory_bytes = 0;
  params.columns = 7;
  EXPECT_EQ(params.sketches()[3].columns, 1);
}

TEST(ErrorsByThreshold, AreThoseOfEachAlone) {
  const KeyedStream stream = zipf_stream(5000, 500, 1.1, 1);
  const Threshold thresholds[] = {
      {Threshold::Of::total, 0.01}, {Threshold::Of::keys, 0.1}, {Threshold::Of::total, 1}};
  const SketchOptions options = sized(SketchKind::count_sketch, 5, 50);
  const auto together = errors_by_threshold(stream, options, thresholds, Seed(1), 3);
  for (size_t t = 0; t < 3; ++t) {
    const SketchErrors alone = sketch_errors(stream, options, thresholds[t], Seed(1), 3);
    EXPECT_EQ(together[t].reason, alone.reason);
    EXPECT_EQ(together[t].heavy, alone.heavy);
    EXPECT_EQ(together[t].hh_count, alone.hh_count);
    EXPECT_EQ(together[t].hh_number, alone.hh_number);
    EXPECT_EQ(together[t].hh_set.size(), alone.hh_set.size());
  }
  EXPECT_EQ(together[2].reason, "no key has 100 % of the total");
}

}  // namespace
}  // namespace bench
