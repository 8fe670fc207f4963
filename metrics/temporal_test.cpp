#include "metrics/temporal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/emd.h"
#include "metrics/flow_times.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

Score score_of(const Trace& real, const Trace& synthetic, std::string_view metric, std::string_view field) {
  const auto scores = temporal_family().evaluate({real, synthetic, {}});
  const Score* score = find_score(scores, metric, "strict", field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  return score == nullptr ? Score{} : *score;
}

// One packet of five-tuple `source` at each time.
Trace packets_at(const std::vector<std::pair<uint32_t, int64_t>>& records) {
  Trace trace;
  for (const auto& [source, time] : records) {
    trace.srcip.push_back(source);
    trace.dstip.push_back(9);
    trace.srcport.push_back(1);
    trace.dstport.push_back(2);
    trace.proto.push_back(6);
    trace.time.push_back(time);
    trace.length.push_back(100);
  }
  return trace;
}

TEST(FlowTimes, OfPacketsByHand) {
  const FlowTimes times = flow_times(packets_at({{1, 40}, {2, 10}, {1, 0}, {1, 100}, {3, 70}}));
  EXPECT_EQ(times.packets, (std::vector<int64_t>{1, 1, 3}));
  EXPECT_EQ(times.bytes, (std::vector<int64_t>{100, 100, 300}));
  EXPECT_EQ(times.duration, (std::vector<int64_t>{0, 0, 100}));
  EXPECT_EQ(times.gaps, (std::vector<int64_t>{10, 30, 30, 30}));
  EXPECT_EQ(times.gaps_in_flows, (std::vector<int64_t>{40, 60}));
  EXPECT_EQ(times.gaps_of_flows, (std::vector<int64_t>{10, 60}));
  EXPECT_EQ(times.persistent, 1);
  EXPECT_EQ(times.spans.size(), 3u);
}

TEST(FlowTimes, OfFlowRecordsByHand) {
  Trace trace = packets_at({{1, 0}, {1, 50}, {2, 20}});
  trace.kind = TraceKind::flows;
  trace.length.clear();
  trace.packets = {2, 3, INT64_MAX};
  trace.bytes = {10, 20, 5};
  trace.duration = {500, 1, INT64_MAX};
  const FlowTimes times = flow_times(trace);
  EXPECT_EQ(times.packets, (std::vector<int64_t>{5, INT64_MAX}));
  EXPECT_EQ(times.bytes, (std::vector<int64_t>{5, 30}));
  EXPECT_EQ(times.duration,
            (std::vector<int64_t>{500, INT64_MAX - 20}));  // the longer first record ends last
  ASSERT_EQ(times.spans.size(), 3u);
  EXPECT_EQ(times.spans[1].last, 51);
}

TEST(Temporal, GapsAgainstClosedForms) {
  // Gaps of 1 s against gaps of 3 s: nothing in common; the real ones are all equal.
  std::vector<std::pair<uint32_t, int64_t>> close, wide;
  for (int i = 0; i < 200; ++i) {
    close.emplace_back(1, i * kSecond);
    wide.emplace_back(1, 3 * i * kSecond);
  }
  const Trace real = packets_at(close);
  const Trace synthetic = packets_at(wide);
  EXPECT_EQ(score_of(real, synthetic, "temporal_ks", "gap").value, 1);
  EXPECT_EQ(score_of(real, synthetic, "temporal_ks", "gap in flow").value, 1);
  EXPECT_EQ(score_of(real, synthetic, "temporal_emd_over_std", "gap").reason,
            "the real values are all equal");
  EXPECT_EQ(score_of(real, synthetic, "burstiness", "gap").value, 0);
  EXPECT_EQ(score_of(real, synthetic, "temporal_ks", "gap of flow starts").outcome, Outcome::not_applicable);
  EXPECT_EQ(score_of(real, synthetic, "temporal_ks", "gap of flow starts").reason,
            "the real trace has no two such records");
}

TEST(Temporal, FlowDurationByHand) {
  // Durations of 0 s and 2 s (sd sqrt(2)) against 1 s and 1 s.
  const Trace real = packets_at({{1, 0}, {2, 0}, {2, 2 * kSecond}});
  const Trace synthetic = packets_at({{1, 0}, {1, kSecond}, {2, 0}, {2, kSecond}});
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "temporal_emd_over_std", "flow duration").value,
                   1 / std::sqrt(2));
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "temporal_ks", "flow duration").value, 0.5);
}

TEST(Temporal, RatesPerSecondByHand) {
  // 1 and 3 records in turn (mean 2) against 2 each: distance 1, sd of 128 alternating counts.
  std::vector<std::pair<uint32_t, int64_t>> alternating, even;
  for (int s = 0; s < 128; ++s) {
    for (int i = 0; i < (s % 2 == 0 ? 1 : 3); ++i) alternating.emplace_back(1, s * kSecond + i);
    for (int i = 0; i < 2; ++i) even.emplace_back(1, s * kSecond + i);
  }
  const Trace real = packets_at(alternating);
  const Trace synthetic = packets_at(even);
  const double variance = 128.0 / 127;
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "rate_emd_over_std", "records per second").value,
                   1 / std::sqrt(variance));
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "dispersion", "records per second").value,
                   std::log1p(variance / 2));
  // r(k) = (-1)^k (128 - k) / 128 against 0; lags up to 32.
  const Score acf = score_of(real, synthetic, "rate_acf", "records per second");
  EXPECT_GT(acf.value, (128.0 - 32) / 128);
  EXPECT_LT(acf.value, 1);
  EXPECT_EQ(acf.n_real, 128);
  EXPECT_EQ(score_of(synthetic, real, "rate_acf", "records per second").reason,
            "the real series has no significant autocorrelation");
  EXPECT_EQ(score_of(real, synthetic, "hurst", "records per second").outcome, Outcome::not_applicable);
}

TEST(Temporal, PersistenceByHand) {
  // Parts of 10 s: source 1 is in two, source 2 in one; the synthetic trace has nobody in two.
  const Trace real =
      packets_at({{1, 0}, {1, 15 * kSecond}, {2, 50 * kSecond}, {2, 51 * kSecond}, {3, 100 * kSecond}});
  const Trace synthetic = packets_at({{1, 0}, {1, 1}, {2, 50 * kSecond}, {3, 100 * kSecond}});
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "persistence", "flows").value, 1.0 / 3);
}

TEST(Temporal, NothingDependsOnWhenATraceBegins) {
  const Trace real = random_packets(2000, 1);
  Trace later = real;
  for (auto& time : later.time) time += 12345 * kSecond + 678;
  for (const Score& score : temporal_family().evaluate({real, later, {}})) {
    if (score.outcome == Outcome::value) {
      EXPECT_EQ(score.value, 0) << score.metric << " " << score.field;
    }
  }
}

// Times in order inside flows that are bursts, against the same times dealt out at random.
TEST(Temporal, ShuffledTimesMoveIt) {
  Rng rng(4);
  std::vector<std::pair<uint32_t, int64_t>> records;
  for (uint32_t flow = 0; flow < 400; ++flow) {
    int64_t time = static_cast<int64_t>(rng() % 200) * kSecond;
    for (int i = 0; i < 10; ++i) records.emplace_back(flow, time += 1'000'000);
  }
  const Trace real = packets_at(records);
  Trace shuffled_times = real;
  std::shuffle(shuffled_times.time.begin(), shuffled_times.time.end(), rng);
  EXPECT_GT(score_of(real, shuffled_times, "temporal_ks", "gap in flow").value, 0.9);
  EXPECT_GT(score_of(real, shuffled_times, "temporal_ks", "flow duration").value, 0.9);
  EXPECT_GT(score_of(real, shuffled_times, "temporal_ks", "gap of flow starts").value, 0.05);
  EXPECT_GT(score_of(real, shuffled_times, "persistence", "flows").value, 0.9);
  EXPECT_GT(score_of(real, shuffled_times, "rate_emd_over_std", "active flows per second").value, 5);
  EXPECT_EQ(score_of(real, shuffled_times, "temporal_ks", "gap").value, 0);
  EXPECT_EQ(score_of(real, shuffled_times, "dispersion", "records per second").value, 0);
}

TEST(Temporal, SmoothArrivalsAreNotBursts) {
  Rng rng(9);
  Trace real = random_packets(20'000, 1);
  for (size_t i = 0; i < real.size(); ++i) {  // on for one second, off for four
    real.time[i] = static_cast<int64_t>(rng() % 40) * 5 * kSecond + static_cast<int64_t>(rng() % kSecond);
  }
  Trace even = real;
  for (auto& time : even.time) time = static_cast<int64_t>(rng() % (200 * kSecond));
  EXPECT_GT(score_of(real, even, "dispersion", "records per second").value, 3);
  EXPECT_GT(score_of(real, even, "rate_acf", "records per second").value, 0.5);
  EXPECT_GT(score_of(real, even, "burstiness", "gap").value, 0.5);
}

TEST(Temporal, WithoutTimeOnlyVolumesAreComparable) {
  const Trace real = random_flows(50, 1);
  Trace timeless = real;
  timeless.time.clear();
  EXPECT_EQ(score_of(real, timeless, "temporal_ks", "bytes of flow").value, 0);
  EXPECT_EQ(score_of(real, timeless, "temporal_ks", "flow duration").reason,
            "the synthetic trace has no time column");
  EXPECT_EQ(score_of(timeless, real, "persistence", "flows").reason, "the real trace has no time column");
}

TEST(Temporal, TheWindowRulesTheIntervals) {
  const Trace real = random_packets(500, 1);  // 60 s
  const auto scores = temporal_family().evaluate({real, real, {0, 200 * kSecond}});
  EXPECT_NE(find_score(scores, "hurst", "strict", "records per second"), nullptr);
  EXPECT_EQ(find_score(scores, "hurst", "strict", "records per 100 ms"), nullptr);
}

}  // namespace
}  // namespace bench
