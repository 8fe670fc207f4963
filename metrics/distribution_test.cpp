#include "metrics/distribution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/emd.h"
#include "datasets/flows.h"
#include "metrics/divergence.h"
#include "metrics/fields.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

constexpr TimeWindow kWindow{100 * kSecond, 160 * kSecond};

Score score_of(const ScoringPair& pair, std::string_view metric, std::string_view mode,
               std::string_view field) {
  const auto scores = distribution_scores(pair, {});
  const Score* score = find_score(scores, metric, mode, field);
  EXPECT_NE(score, nullptr) << metric << " " << mode << " " << field;
  return score == nullptr ? Score{} : *score;
}

template <typename T>
std::vector<double> as_doubles(const std::vector<T>& values, double divisor = 1) {
  std::vector<double> out;
  for (const T v : values) out.push_back(static_cast<double>(v) / divisor);
  return out;
}

TEST(Distribution, RankDivergenceIgnoresIdentity) {
  const Trace real = random_flows(300, 1);
  Trace renamed = real;
  for (auto& address : renamed.srcip) address = ~address;
  EXPECT_EQ(score_of({real, renamed, kWindow}, "jsd", "paper", "srcip").value, 0);
  EXPECT_EQ(score_of({real, renamed, kWindow}, "jsd", "strict", "srcip").value, 0);
  Trace flat = real;
  for (auto& address : flat.srcip) address = 1;
  EXPECT_GT(score_of({real, flat, kWindow}, "jsd", "paper", "srcip").value, 0.1);
}

TEST(Distribution, RanksByHand) {
  // Counts 3, 1 against 2, 1, 1: p = (3/4, 1/4, 0), q = (1/2, 1/4, 1/4).
  EXPECT_EQ(rank_counts({9, 4, 9, 9}), (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(rank_counts({1, 2, 3, 2}), (std::vector<int64_t>{2, 1, 1}));
  const double expected =
      (0.75 * std::log(0.75 / 0.625) + 0.5 * std::log(0.5 / 0.625) + 0.25 * std::log(2.0)) / 2;
  EXPECT_NEAR(jsd(rank_counts({9, 4, 9, 9}), rank_counts({1, 2, 3, 2})), expected, 1e-15);
}

TEST(Distribution, ValueDivergenceKnowsWhoTheHostsAre) {
  const Trace real = random_flows(300, 1);
  Trace renamed = real;
  for (auto& address : renamed.srcip) address = ~address;
  EXPECT_EQ(score_of({real, renamed, kWindow}, "jsd_value", "strict", "srcip").value, kLn2);
  EXPECT_EQ(score_of({real, renamed, kWindow}, "jsd_value", "strict", "dstip").value, 0);
  // Addresses 9, 9, 9, 4 against 9, 4: p = (3/4, 1/4), q = (1/2, 1/2).
  Trace four = slice(real, 0, 4);
  four.dstip = {9, 9, 4, 9};
  Trace two = slice(real, 0, 2);
  two.dstip = {4, 9};
  EXPECT_NEAR(score_of({four, two, kWindow}, "jsd_value", "strict", "dstip").value, 0.0338221, 5e-8);
}

TEST(Distribution, PortsAndProtocolsCountByValue) {
  EXPECT_EQ(port_counts({65535, 0, 65535})[65535], 2);
  EXPECT_EQ(port_counts({65535, 0, 65535}).size(), 65536u);
  EXPECT_EQ(byte_counts({17, 6, 17})[17], 2);
  EXPECT_EQ(byte_counts({255}).size(), 256u);
  const Trace real = random_flows(50, 1);
  Trace moved = real;
  for (auto& port : moved.srcport) port = static_cast<uint16_t>(port - 1024 < 30000 ? 65535 : 1);
  for (auto& proto : moved.proto) proto = 50;
  EXPECT_GT(score_of({real, moved, kWindow}, "jsd", "paper", "srcport").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of({real, moved, kWindow}, "jsd", "paper", "proto").value, kLn2);
  EXPECT_DOUBLE_EQ(score_of({real, moved, kWindow}, "jsd_distance", "strict", "proto").value,
                   std::sqrt(kLn2));
}

TEST(Distribution, PaperModeOfFlows) {
  const Trace real = random_flows(200, 1);
  const Trace synthetic = random_flows(150, 2);
  const ScoringPair pair{real, synthetic, kWindow};
  EXPECT_NEAR(score_of(pair, "emd", "paper", "td").value,
              emd(as_doubles(real.duration, 1e9), as_doubles(synthetic.duration, 1e9)), 1e-9);
  EXPECT_NEAR(score_of(pair, "emd", "paper", "pkt").value,
              emd(as_doubles(real.packets), as_doubles(synthetic.packets)), 1e-7);
  EXPECT_NEAR(score_of(pair, "emd", "paper", "byt").value,
              emd(as_doubles(real.bytes), as_doubles(synthetic.bytes)), 1e-5);
  EXPECT_EQ(score_of(pair, "emd", "paper", "td").unit, "s");
  EXPECT_EQ(score_of(pair, "emd", "paper", "ts").unit, "us");
  const auto scores = distribution_scores(pair, {true, false});
  EXPECT_EQ(scores.size(), 9u);  // five divergences and ts, td, pkt, byt
  EXPECT_EQ(find_score(scores, "emd", "paper", "flow_size"), nullptr);
}

TEST(Distribution, PaperModeOfPackets) {
  const Trace real = random_packets(400, 1);
  const Trace synthetic = random_packets(300, 2);
  const ScoringPair pair{real, synthetic, kWindow};
  EXPECT_NEAR(score_of(pair, "emd", "paper", "pkt_len").value,
              emd(as_doubles(real.length), as_doubles(synthetic.length)), 1e-9);
  EXPECT_NEAR(score_of(pair, "emd", "paper", "flow_size").value,
              emd(as_doubles(flow_sizes(real)), as_doubles(flow_sizes(synthetic))), 1e-9);
  EXPECT_EQ(score_of(pair, "emd", "paper", "flow_size").n_real,
            static_cast<int64_t>(flow_sizes(real).size()));
  EXPECT_EQ(distribution_scores(pair, {true, false}).size(),
            8u);  // five divergences and time, pkt_len, flow_size
}

TEST(Distribution, OnlyStrictModeSeesAShiftInTime) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const std::string_view field = kind == TraceKind::flows ? "ts" : "time";
    const Trace real = random_trace(kind, 300, 1);
    Trace late = real;
    for (auto& time : late.time) time += 5 * kSecond;
    const ScoringPair pair{real, late, kWindow};
    EXPECT_EQ(score_of(pair, "emd", "paper", field).value, 0);
    EXPECT_NEAR(score_of(pair, "emd", "strict", field).value, 5, 1e-9);
    EXPECT_EQ(score_of(pair, "emd", "strict", field).unit, "s");
    EXPECT_GT(score_of(pair, "ks", "strict", field).value, 0.05);
    EXPECT_GT(score_of(pair, "jsd", "strict", field).value, 0.01);
  }
}

TEST(Distribution, PaperTimeIsInMicrosecondsFromTheFirstRecord) {
  const Trace real = random_flows(300, 1);
  Trace slow = real;
  const int64_t first = *std::min_element(real.time.begin(), real.time.end());
  double mean_offset_us = 0;
  for (auto& time : slow.time) {
    mean_offset_us += static_cast<double>(time - first) / 1e3 / 300;
    time += time - first;  // twice as far from the first record
  }
  EXPECT_NEAR(score_of({real, slow, kWindow}, "emd", "paper", "ts").value, mean_offset_us, 1e-3);
}

TEST(Distribution, LogarithmOnTheWindowsClockCoversTimesBeforeIt) {
  Trace real = random_flows(1, 1);
  Trace early = real;
  real.time = {kWindow.begin + 3 * kSecond};
  early.time = {kWindow.begin - 7 * kSecond};
  EXPECT_NEAR(score_of({real, early, kWindow}, "emd_log1p", "strict", "ts").value,
              std::log(4.0) + std::log(8.0), 1e-12);
}

TEST(Distribution, MassOutsideTheRealRangeCounts) {
  const Trace real = random_flows(1000, 1);
  const int64_t largest = *std::max_element(real.bytes.begin(), real.bytes.end());
  Trace far = real;
  for (size_t i = 0; i < 500; ++i) far.bytes[i * 2] = largest + 1 + static_cast<int64_t>(i);
  // The half inside the range keeps its shape, so a histogram over the real range alone would give about 0.
  // With the bin above it, p is spread over the range and q = p/2 plus 1/2 above: JSD = (ln(4/3) + ln(2/3)/2
  // + ln(2)/2) / 2.
  const double expected = (std::log(4.0 / 3) + std::log(2.0 / 3) / 2 + std::log(2.0) / 2) / 2;
  EXPECT_NEAR(score_of({real, far, kWindow}, "jsd", "strict", "byt").value, expected, 0.01);
  Trace below = real;
  for (auto& time : below.time) time -= 1000 * kSecond;
  EXPECT_DOUBLE_EQ(score_of({real, below, kWindow}, "jsd", "strict", "ts").value, kLn2);
}

TEST(Distribution, EmdOverTheRealDeviation) {
  Trace real = random_flows(4, 1);
  Trace synthetic = real;
  real.packets = {1, 3, 5, 7};  // sample variance 20/3
  synthetic.packets = {2, 4, 6, 8};
  EXPECT_NEAR(score_of({real, synthetic, kWindow}, "emd_over_std", "strict", "pkt").value,
              1 / std::sqrt(20.0 / 3), 1e-15);
  real.packets = {3, 3, 3, 3};
  const Score constant = score_of({real, synthetic, kWindow}, "emd_over_std", "strict", "pkt");
  EXPECT_EQ(constant.outcome, Outcome::not_applicable);
  EXPECT_EQ(constant.reason, "the real column is constant");
  EXPECT_DOUBLE_EQ(score_of({real, synthetic, kWindow}, "emd", "strict", "pkt").value, 2.5);
  EXPECT_DOUBLE_EQ(score_of({real, synthetic, kWindow}, "emd_log1p", "strict", "pkt").value,
                   (std::log(4.0 / 3) + std::log(5.0 / 4) + std::log(7.0 / 4) + std::log(9.0 / 4)) / 4);
  EXPECT_DOUBLE_EQ(score_of({real, synthetic, kWindow}, "ks", "strict", "pkt").value, 0.75);
}

TEST(Distribution, OperatorsView) {
  Trace real = random_flows(6, 1);
  real.srcip = {1, 1, 1, 1, 2, 2};  // counts 4, 2: slope -1
  real.dstip = {1, 2, 3, 4, 5, 6};
  real.srcport = {0, 0, 0, 80, 80, 53};
  real.dstport.assign(6, 4000);
  Trace synthetic = real;
  synthetic.srcip = {7, 7, 7, 8, 8, 8};  // 3, 3: slope 0
  synthetic.srcport = {0, 0, 0, 22, 80, 5000};
  const ScoringPair pair{real, synthetic, kWindow};
  EXPECT_NEAR(score_of(pair, "zipf_slope", "strict", "srcip").value, 1, 1e-12);
  EXPECT_EQ(score_of(pair, "distinct", "strict", "srcip").value, 0);
  EXPECT_DOUBLE_EQ(score_of(pair, "distinct", "strict", "srcport").value, 0.25);  // 3 against 4
  EXPECT_EQ(score_of(pair, "distinct", "strict", "five-tuple").value,
            std::abs(1 - static_cast<double>(flow_sizes(synthetic).size()) /
                             static_cast<double>(flow_sizes(real).size())));
  // Port 0 is no port: {53, 80} against {22, 80}, and {53, 80} against {22, 80, 5000}.
  EXPECT_EQ(score_of(pair, "top5_services", "strict", "srcport").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(pair, "top10_ports", "strict", "srcport").value, 1.0 / 3);
  EXPECT_EQ(score_of(pair, "top5_services", "strict", "dstport").reason,
            "the real trace has no port from 1 to 1023");
  EXPECT_DOUBLE_EQ(score_of(pair, "tv", "strict", "srcip").value, 1.0 / 6);
  EXPECT_NEAR(score_of(pair, "hellinger", "strict", "srcip").value,
              std::sqrt(1 - std::sqrt(2.0 / 3 / 2) - std::sqrt(1.0 / 3 / 2)), 1e-12);
}

TEST(Distribution, EmdOverTheRealRange) {
  Trace real = random_flows(4, 1);
  Trace synthetic = real;
  real.packets = {1, 3, 5, 9};
  synthetic.packets = {3, 5, 7, 11};
  EXPECT_DOUBLE_EQ(score_of({real, synthetic, kWindow}, "emd_over_range", "strict", "pkt").value, 0.25);
  real.packets = {3, 3, 3, 3};
  EXPECT_EQ(score_of({real, synthetic, kWindow}, "emd_over_range", "strict", "pkt").reason,
            "the real column is constant");
}

TEST(Distribution, GapsInsideFiveTuples) {
  Trace real;
  real.kind = TraceKind::packets;
  real.srcip = {1, 2, 1, 1, 2};  // gaps 4 and 6 us in the first five-tuple, 10 us in the second
  real.dstip = {9, 9, 9, 9, 9};
  real.srcport = real.dstport = {5, 5, 5, 5, 5};
  real.proto = {6, 6, 6, 6, 6};
  real.length = {40, 40, 40, 40, 40};
  real.time = {10000, 1000, 0, 4000, 11000};
  Trace synthetic = real;
  synthetic.srcip = {1, 1, 1, 1, 1};  // gaps 1, 3, 6, 1 us
  const Score score = score_of({real, synthetic, {}}, "emd", "strict", "interarrival");
  EXPECT_EQ(score.unit, "us");
  EXPECT_EQ(score.n_real, 3);
  EXPECT_EQ(score.n_synthetic, 4);
  EXPECT_NEAR(score.value, emd(std::vector<double>{4, 6, 10}, std::vector<double>{1, 3, 6, 1}), 1e-12);
  Trace single = real;
  single.srcip = {1, 2, 3, 4, 5};
  const Score none = score_of({real, single, {}}, "ks", "strict", "interarrival");
  EXPECT_EQ(none.outcome, Outcome::not_applicable);
  EXPECT_EQ(none.reason, "the synthetic trace has no time column or no five-tuple with two packets");
}

TEST(Distribution, WithoutTimeTheTimeFieldsSayWhy) {
  const Trace real = random_flows(20, 1);
  Trace timeless = random_flows(20, 2);
  timeless.time.clear();
  EXPECT_EQ(score_of({real, timeless, kWindow}, "emd", "paper", "ts").reason,
            "the synthetic trace has no time column");
  EXPECT_EQ(score_of({timeless, real, kWindow}, "ks", "strict", "ts").reason,
            "the real trace has no time column");
  EXPECT_EQ(score_of({real, timeless, kWindow}, "ks", "strict", "td").outcome, Outcome::value);
}

TEST(Distribution, AnEmptySyntheticTraceIsNotApplicableEverywhere) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 2000, 1);
    Trace empty;
    empty.kind = kind;
    for (const Score& score : distribution_scores({real, empty, kWindow}, {})) {
      EXPECT_EQ(score.outcome, Outcome::not_applicable) << score.metric << " " << score.field;
      EXPECT_EQ(score.reason, "the synthetic trace has no records");
    }
  }
}

TEST(Distribution, LabelsCompareByName) {
  Trace real = random_flows(4, 1);
  Trace synthetic = random_flows(4, 2);
  real.labels = {{"type", {"benign", "dos"}, {0, 0, 1, 1}}};
  synthetic.labels = {{"type", {"dos", "scan", "benign"}, {2, 0, 2, 0}}};
  EXPECT_EQ(score_of({real, synthetic, kWindow}, "jsd", "strict", "type").value, 0);
  synthetic.labels[0].codes = {1, 1, 1, 1};
  EXPECT_DOUBLE_EQ(score_of({real, synthetic, kWindow}, "jsd", "strict", "type").value, kLn2);
  synthetic.labels.clear();
  EXPECT_EQ(score_of({real, synthetic, kWindow}, "jsd_distance", "strict", "type").reason,
            "the synthetic trace has no type column");
}

TEST(Distribution, HeaderFieldsWhereTheRealTraceHasThem) {
  const Trace real = random_packets(100, 1);
  Trace bare = random_packets(100, 2);
  for (auto* column : {&bare.tos, &bare.ip_flags, &bare.ttl}) column->clear();
  for (auto* column : {&bare.id, &bare.fragment_offset}) column->clear();
  EXPECT_EQ(score_of({real, bare, kWindow}, "ks", "strict", "ttl").reason,
            "the synthetic trace has no ttl column");
  EXPECT_EQ(score_of({real, bare, kWindow}, "jsd", "strict", "flag").reason,
            "the synthetic trace has no flag column");
  EXPECT_EQ(score_of({real, random_packets(80, 3), kWindow}, "ks", "strict", "ttl").outcome, Outcome::value);
  const auto without = distribution_scores({bare, real, kWindow}, {});
  EXPECT_EQ(find_score(without, "ks", "strict", "ttl"), nullptr);
  EXPECT_EQ(find_score(without, "jsd", "strict", "flag"), nullptr);
}

}  // namespace
}  // namespace bench
