#include "downstream/anomaly/netml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kStart = 1'500'000'000'000'000'000;
using testing::ElementsAre;

void add_packet(Trace& trace, uint16_t srcport, int64_t ms, int32_t length, uint8_t proto = 6) {
  trace.srcip.push_back(1);
  trace.dstip.push_back(2);
  trace.srcport.push_back(srcport);
  trace.dstport.push_back(80);
  trace.proto.push_back(proto);
  trace.time.push_back(kStart + ms * kMs);
  trace.length.push_back(length);
}

// Times in ms of each piece, counted from kStart.
std::vector<std::vector<int64_t>> times_of(const Trace& trace, const NetmlFlows& flows, uint16_t srcport) {
  std::vector<std::vector<int64_t>> out;
  for (size_t f = 0; f < flows.size(); ++f) {
    if (trace.srcport[flows.index.flow(f)[0]] != srcport) continue;
    out.emplace_back();
    for (const size_t row : flows.index.flow(f)) out.back().push_back((trace.time[row] - kStart) / kMs);
  }
  return out;
}

std::vector<double> row(const FeatureTable& table, size_t i) {
  return {table.row(i).begin(), table.row(i).end()};
}

constexpr uint16_t kLong = 5000;

// A flow of twelve packets with lengths 40, 50, ..., 150, and ten flows of 100 ms (three of four packets,
// seven of two). Eleven durations: their 0.9-quantile is the tenth in order, 100 ms.
Trace twelve_packets() {
  Trace trace;
  int32_t length = 40;
  for (const int64_t ms : {0, 20, 50, 90, 450, 510, 560, 1000, 1010, 1090, 1095, 1100}) {
    add_packet(trace, kLong, ms, length);
    length += 10;
  }
  for (uint16_t port = 1; port <= 10; ++port) {
    for (const int64_t ms : {0, 30, 60, 100}) {
      if (port <= 3 || ms == 0 || ms == 100) add_packet(trace, port, 2000 + ms, 60, 17);
    }
  }
  return trace;
}

NetmlParams rules(NetmlRules which) {
  NetmlParams params;
  params.rules = which;
  return params;
}

TEST(Netml, CompatCutsAtWholeIntervalsAndLosesTheLastPiece) {
  const Trace trace = twelve_packets();
  const NetmlFlows flows = netml_flows(trace, rules(NetmlRules::compat));
  EXPECT_DOUBLE_EQ(flows.scale.interval, 100 * kMs);
  // 450 begins a piece whose clock begins at 400, so that 510 is 110 ms later; {450} is too short to stay.
  EXPECT_THAT(times_of(trace, flows, kLong), ElementsAre(ElementsAre(0, 20, 50, 90), ElementsAre(510, 560)));
  EXPECT_EQ(flows.size(), 12U);
  // 0.9-quantile of eight 2s and four 4s; 0.3-quantile of 50, 90 and ten times 100 ms.
  EXPECT_EQ(flows.scale.packets, 4U);
  EXPECT_DOUBLE_EQ(flows.scale.window, 100 * kMs);
}

TEST(Netml, StrictKeepsEveryPiece) {
  const Trace trace = twelve_packets();
  const NetmlFlows flows = netml_flows(trace, rules(NetmlRules::strict));
  EXPECT_THAT(times_of(trace, flows, kLong),
              ElementsAre(ElementsAre(0, 20, 50, 90), ElementsAre(450, 510, 560),
                          ElementsAre(1000, 1010, 1090, 1095, 1100)));
  EXPECT_EQ(flows.size(), 13U);
  EXPECT_EQ(flows.scale.packets, 4U);
  EXPECT_DOUBLE_EQ(flows.scale.window, 100 * kMs);
}

TEST(Netml, CompatVectorsOfTwelvePackets) {
  const Trace trace = twelve_packets();
  const NetmlParams params = rules(NetmlRules::compat);
  const NetmlFlows flows = netml_flows(trace, params);
  const auto of = [&](NetmlMode mode) { return netml_features(trace, flows, mode, params); };
  EXPECT_THAT(row(of(NetmlMode::iat), 0), ElementsAre(0.02, 0.03, 0.04));
  EXPECT_THAT(row(of(NetmlMode::iat), 1), ElementsAre(0.05, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::size), 0), ElementsAre(40, 50, 60, 70));
  EXPECT_THAT(row(of(NetmlMode::size), 1), ElementsAre(90, 100, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::iat_size), 0), ElementsAre(0.02, 40, 0.03, 50, 0.04, 60, 70));
  EXPECT_THAT(row(of(NetmlMode::iat_size), 1), ElementsAre(0.05, 90, 100, 0, 0, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_num), 0), ElementsAre(4, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_num), 1), ElementsAre(2, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_size), 0), ElementsAre(220, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_size), 1), ElementsAre(190, 0, 0));
  using testing::DoubleEq;
  EXPECT_THAT(row(of(NetmlMode::stats), 0),
              ElementsAre(0.09, DoubleEq(4 / 0.09), DoubleEq(220 / 0.09), 55, DoubleEq(std::sqrt(125.0)),
                          47.5, 55, 62.5, 40, 70, 4, 220));
  EXPECT_THAT(row(of(NetmlMode::stats), 1), ElementsAre(0.05, DoubleEq(40), DoubleEq(3800), 95, DoubleEq(5),
                                                        92.5, 95, 97.5, 90, 100, 2, 190));
  EXPECT_THAT(row(of(NetmlMode::iat), 2), ElementsAre(0.03, 0.03, 0.04));
}

TEST(Netml, StrictVectorsOfTwelvePackets) {
  const Trace trace = twelve_packets();
  const NetmlParams params = rules(NetmlRules::strict);
  const NetmlFlows flows = netml_flows(trace, params);
  const auto of = [&](NetmlMode mode) { return netml_features(trace, flows, mode, params); };
  EXPECT_THAT(row(of(NetmlMode::iat), 1), ElementsAre(0.06, 0.05, 0));
  EXPECT_THAT(row(of(NetmlMode::iat), 2), ElementsAre(0.01, 0.08, 0.005));
  EXPECT_THAT(row(of(NetmlMode::size), 1), ElementsAre(80, 90, 100, 0));
  EXPECT_THAT(row(of(NetmlMode::size), 2), ElementsAre(110, 120, 130, 140));
  EXPECT_THAT(row(of(NetmlMode::iat_size), 1), ElementsAre(0.06, 80, 0.05, 90, 100, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::iat_size), 2), ElementsAre(0.01, 110, 0.08, 120, 0.005, 130, 0.005));
  // 560 is 110 ms after 450: a second window.
  EXPECT_THAT(row(of(NetmlMode::samp_num), 1), ElementsAre(2, 1, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_num), 2), ElementsAre(5, 0, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_size), 1), ElementsAre(170, 100, 0));
  EXPECT_THAT(row(of(NetmlMode::samp_size), 2), ElementsAre(650, 0, 0));
  using testing::DoubleEq;
  EXPECT_THAT(row(of(NetmlMode::stats), 2),
              ElementsAre(0.1, DoubleEq(50), DoubleEq(6500), 130, DoubleEq(std::sqrt(200.0)), 120, 130, 140,
                          110, 150, 5, 650));
}

TEST(Netml, GapsAddOneZeroPerWholeWindow) {
  Trace trace;
  for (const int64_t ms : {0, 20, 50, 90}) add_packet(trace, 1, ms, 100);
  const NetmlScale scale{1000.0 * kMs, 12, 10.0 * kMs};
  const NetmlFlows flows = netml_flows(trace, {}, scale);
  EXPECT_THAT(row(netml_features(trace, flows, NetmlMode::samp_num, {}), 0),
              ElementsAre(1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0));
  EXPECT_THAT(row(netml_features(trace, flows, NetmlMode::samp_size, {}), 0),
              ElementsAre(100, 0, 100, 0, 0, 100, 0, 0, 0, 100, 0));
}

TEST(Netml, SamplesEndAtFiveHundred) {
  Trace trace;
  for (const int64_t ms : {0, 400'000, 400'001}) add_packet(trace, 1, ms, 100);
  const NetmlScale scale{500'000.0 * kMs, 600, 1.0 * kMs};
  const NetmlFlows flows = netml_flows(trace, {}, scale);
  const FeatureTable table = netml_features(trace, flows, NetmlMode::samp_num, {});
  std::vector<double> expected(599, 0);
  expected[0] = 1;
  EXPECT_EQ(row(table, 0), expected);
}

TEST(Netml, AWindowOfLengthZeroHoldsOneInstant) {
  Trace trace;
  for (const int64_t ms : {0, 0, 7, 7, 7, 9}) add_packet(trace, 1, ms, 100);
  const NetmlFlows flows = netml_flows(trace, {}, NetmlScale{1000.0 * kMs, 5, 0});
  EXPECT_THAT(row(netml_features(trace, flows, NetmlMode::samp_num, {}), 0), ElementsAre(2, 3, 1, 0));
}

TEST(Netml, AnIdleFlowIsCutByTheTimeoutFirst) {
  Trace trace;
  const int64_t idle = 601'000;
  for (const int64_t ms : {int64_t{0}, int64_t{5}, idle, idle + 5, idle + 9}) add_packet(trace, 1, ms, 100);
  EXPECT_THAT(times_of(trace, netml_flows(trace, rules(NetmlRules::compat)), 1),
              ElementsAre(ElementsAre(0, 5)));
  EXPECT_THAT(times_of(trace, netml_flows(trace, rules(NetmlRules::strict)), 1),
              ElementsAre(ElementsAre(0, 5), ElementsAre(idle, idle + 5, idle + 9)));
}

TEST(Netml, OnlyTcpAndUdpFlowsOfTwoPacketsCount) {
  Trace trace;
  for (const int64_t ms : {0, 1, 2}) add_packet(trace, 0, ms, 84, 1);
  add_packet(trace, 9, 0, 40);
  const NetmlFlows none = netml_flows(trace, {});
  EXPECT_EQ(none.size(), 0U);
  for (const NetmlMode mode : kNetmlModes) EXPECT_EQ(netml_features(trace, none, mode, {}).rows(), 0U);
  // The other direction is another flow; fragments after the first have no ports.
  add_packet(trace, 9, 1, 40);
  trace.fragment_offset.assign(trace.size(), 0);
  EXPECT_EQ(netml_flows(trace, {}).size(), 1U);
  trace.fragment_offset.back() = 185;
  EXPECT_EQ(netml_flows(trace, {}).size(), 0U);
}

TEST(Netml, SizesMayCountALinkHeader) {
  Trace trace;
  add_packet(trace, 1, 0, 40);
  add_packet(trace, 1, 1, 60);
  NetmlParams params;
  params.link_header = 14;
  const NetmlFlows flows = netml_flows(trace, params);
  EXPECT_THAT(row(netml_features(trace, flows, NetmlMode::size, params), 0), ElementsAre(54, 74));
}

TEST(Netml, OrderOfTheRecordsDoesNotMatter) {
  const Trace trace = twelve_packets();
  std::vector<size_t> rows(trace.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = (i * 17 + 5) % rows.size();
  const Trace other = select(trace, rows);
  const auto sums = [](const Trace& t) {
    const NetmlFlows flows = netml_flows(t, {});
    double sum = 0;
    for (const NetmlMode mode : kNetmlModes)
      for (const double v : netml_features(t, flows, mode, {}).values) sum += v;
    return sum;
  };
  EXPECT_NEAR(sums(trace), sums(other), 1e-9);
}

TEST(Netml, AFlowIsAnomalousIfAPacketIs) {
  Trace trace = twelve_packets();
  LabelColumn label{"type", {"Normal", "scan"}, std::vector<int32_t>(trace.size(), 0)};
  label.codes[2] = 1;
  trace.labels = {label};
  const NetmlFlows flows = netml_flows(trace, {});
  const auto anomalous = netml_anomalous(trace, flows, "type");
  EXPECT_EQ(std::count(anomalous.begin(), anomalous.end(), true), 1);
  EXPECT_TRUE(anomalous[0]);
  EXPECT_TRUE(netml_anomalous(trace, flows, "label").empty());
}

}  // namespace
}  // namespace bench
