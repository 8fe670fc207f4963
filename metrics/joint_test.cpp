#include "metrics/joint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "metrics/distribution.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

struct Row {
  uint32_t srcip, dstip;
  uint16_t dstport;
  uint8_t proto;
};

Trace flows_of(const std::vector<Row>& rows) {
  Trace trace;
  trace.kind = TraceKind::flows;
  for (const Row& row : rows) {
    trace.srcip.push_back(row.srcip);
    trace.dstip.push_back(row.dstip);
    trace.srcport.push_back(40000);
    trace.dstport.push_back(row.dstport);
    trace.proto.push_back(row.proto);
    trace.duration.push_back(0);
    trace.packets.push_back(1);
    trace.bytes.push_back(40);
  }
  return trace;
}

Score score_of(const Trace& real, const Trace& synthetic, std::string_view metric, std::string_view field) {
  const auto scores = joint_family().evaluate({real, synthetic, {}});
  const Score* score = find_score(scores, metric, "strict", field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  return score == nullptr ? Score{} : *score;
}

// With X and Y a perfect match of share p, 1 - p, the product of the marginals moves p(1 - p) into each of
// the two cells off the diagonal: TV = 2 p (1 - p).
TEST(Joint, IndependentColumnsOfAMatchedPair) {
  std::vector<Row> matched(3, {1, 10, 80, 6});  // p = 3/4
  matched.push_back({2, 20, 53, 17});
  std::vector<Row> crossed;
  for (const Row& a : matched) {
    for (const Row& b : matched) crossed.push_back({a.srcip, b.dstip, b.dstport, a.proto});
  }
  EXPECT_DOUBLE_EQ(
      score_of(flows_of(matched), flows_of(crossed), "tv_proto_dstport", "proto x dstport").value, 0.375);
  EXPECT_DOUBLE_EQ(score_of(flows_of(matched), flows_of(crossed), "tv_src_dst", "srcip x dstip").value,
                   0.375);
}

TEST(Joint, PortsFrom1024UpAreOne) {
  const Trace low = flows_of({{1, 1, 1023, 6}});
  const Trace high = flows_of({{1, 1, 1024, 6}});
  const Trace higher = flows_of({{1, 1, 65535, 6}});
  const Trace higher_udp = flows_of({{1, 1, 65535, 17}});
  EXPECT_EQ(score_of(low, high, "tv_proto_dstport", "proto x dstport").value, 1);
  EXPECT_EQ(score_of(high, higher, "tv_proto_dstport", "proto x dstport").value, 0);
  EXPECT_EQ(score_of(higher, higher_udp, "tv_proto_dstport", "proto x dstport").value, 1);
}

TEST(Joint, AddressPairsKnowTheDirection) {
  EXPECT_EQ(
      score_of(flows_of({{1, 2, 80, 6}}), flows_of({{2, 1, 80, 6}}), "tv_src_dst", "srcip x dstip").value, 1);
}

TEST(Joint, OfFlowsEachFiveTupleCountsOnce) {
  // Two five-tuples: TCP/80 with three records, UDP/53 with one; the synthetic one turns that around.
  const Trace real = flows_of({{1, 2, 80, 6}, {1, 2, 80, 6}, {1, 2, 80, 6}, {3, 4, 53, 17}});
  const Trace synthetic = flows_of({{1, 2, 80, 6}, {3, 4, 53, 17}, {3, 4, 53, 17}, {3, 4, 53, 17}});
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "tv_proto_dstport", "proto x dstport").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "tv_src_dst", "srcip x dstip").value, 0.5);
  const Score of_flows = score_of(real, synthetic, "tv_proto_dstport", "proto x dstport of flows");
  EXPECT_EQ(of_flows.value, 0);
  EXPECT_EQ(of_flows.n_real, 2);
  EXPECT_EQ(score_of(real, synthetic, "tv_src_dst", "srcip x dstip of flows").value, 0);
}

TEST(Joint, CorrelationOfFlowRecords) {
  Trace real = flows_of(std::vector<Row>(3, {1, 2, 80, 6}));
  Trace synthetic = real;
  for (size_t i = 0; i < 3; ++i) {
    real.packets[i] = (2 << i) - 1;  // log1p is a multiple of ln 2
    real.bytes[i] = (8 << i) - 1;
    synthetic.packets[i] = real.packets[i];
  }
  synthetic.bytes = {real.bytes[2], real.bytes[1], real.bytes[0]};
  const std::string_view field = "log pkt x log byt";
  EXPECT_NEAR(score_of(real, synthetic, "corr_log_pkt_byt", field).value, 2, 1e-12);
  Trace constant = real;
  constant.packets.assign(3, 5);
  EXPECT_NEAR(score_of(real, constant, "corr_log_pkt_byt", field).value, 1, 1e-12);
  EXPECT_EQ(score_of(constant, constant, "corr_log_pkt_byt", field).value, 0);
}

TEST(Joint, CorrelationOfPacketsIsOverFiveTuples) {
  // Five-tuples with 1 and 3 packets; bytes rise with packets in `real` (1 against 21) and fall in
  // `opposite`.
  Trace real;
  real.kind = TraceKind::packets;
  real.srcip = {1, 2, 2, 2};
  real.dstip = {9, 9, 9, 9};
  real.srcport = real.dstport = {5, 5, 5, 5};
  real.proto = {6, 6, 6, 6};
  real.length = {20, 70, 70, 70};
  Trace opposite = real;
  opposite.length = {1500, 20, 20, 20};
  const Score score = score_of(real, opposite, "corr_log_pkt_byt", "log pkt x log byt");
  EXPECT_NEAR(score.value, 2, 1e-12);
  EXPECT_EQ(score.n_real, 2);
  EXPECT_EQ(score.n_synthetic, 2);
}

TEST(Joint, PcdOfOneTurnedCorrelationByHand) {
  // Durations are constant and there is no time, so one entry on each side of the diagonal moves by 2.
  Trace real = flows_of(std::vector<Row>(3, {1, 2, 80, 6}));
  real.packets = {1, 2, 3};
  real.bytes = {100, 200, 300};
  Trace synthetic = real;
  synthetic.bytes = {300, 200, 100};
  EXPECT_NEAR(score_of(real, synthetic, "pcd", "numeric").value, std::sqrt(8.0), 1e-12);
  // With ln(1 + v) neither correlation is 1 any more.
  EXPECT_LT(score_of(real, synthetic, "pcd", "log numeric").value, std::sqrt(8.0));
  EXPECT_GT(score_of(real, synthetic, "pcd", "log numeric").value, 2.7);
}

TEST(Joint, ConditionalTablesByHand) {
  // Given TCP the real ports are 80, 80, 443 and the synthetic ones 443; given UDP both are 53.
  const Trace real = flows_of({{1, 2, 80, 6}, {1, 2, 80, 6}, {1, 2, 443, 6}, {1, 2, 53, 17}});
  const Trace synthetic = flows_of({{1, 2, 443, 6}, {1, 2, 53, 17}});
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "tv_conditional", "dstport | proto").value, 0.75 * 2 / 3);
  EXPECT_EQ(score_of(real, synthetic, "tv_conditional", "srcport | proto").value, 0);
  Trace heavier = real;
  heavier.bytes.assign(4, 4000);
  EXPECT_EQ(score_of(real, heavier, "tv_conditional", "byt | pkt").value, 1);
}

TEST(Joint, ShuffledColumnsAreSeenHereAndNotOneByOne) {
  const Trace real = random_flows(1500, 1);
  Trace columns = real;
  Rng rng(4);
  for_each_column(columns,
                  [&](std::string_view, auto& column) { std::shuffle(column.begin(), column.end(), rng); });
  std::shuffle(columns.labels[0].codes.begin(), columns.labels[0].codes.end(), rng);
  for (const Score& score : distribution_family().evaluate({real, columns, {}})) {
    if (score.field == "flow_size" || score.field == "five-tuple") continue;  // these join five fields
    if (score.outcome != Outcome::value) continue;
    EXPECT_EQ(score.value, score.direction == Direction::lower ? 0 : 1) << score.metric << " " << score.field;
  }
  const auto shuffled_columns = joint_family().evaluate({real, columns, {}});
  const auto chance = joint_family().evaluate({real, random_flows(1500, 2), {}});
  const auto times_chance = [&](std::string_view metric, std::string_view field) {
    return find_score(shuffled_columns, metric, "strict", field)->value /
           find_score(chance, metric, "strict", field)->value;
  };
  EXPECT_GT(times_chance("corr_log_pkt_byt", "log pkt x log byt"), 10);
  EXPECT_GT(times_chance("tv_conditional", "dstport | proto"), 5);
  EXPECT_GT(times_chance("tv_conditional", "byt | pkt"), 1.2);
  EXPECT_GT(times_chance("mi_difference", "byt"), 5);
  EXPECT_GT(times_chance("mi_difference", "proto"), 5);
  EXPECT_GT(times_chance("pcd", "log numeric"), 5);
  EXPECT_GT(times_chance("c2st", "record"), 5);
  EXPECT_LT(times_chance("coverage", "record"), 0.9);
}

TEST(Joint, ServiceScoresAreThoseOfTheFamily) {
  const Trace real = random_flows(200, 1);
  const Trace synthetic = random_flows(100, 2);
  const auto few = service_scores({real, synthetic, {}});
  EXPECT_EQ(few.size(), 4u);
  for (const Score& score : few)
    EXPECT_EQ(score.value, score_of(real, synthetic, score.metric, score.field).value);
  EXPECT_TRUE(service_scores({real, slice(real, 0, 0), {}}).empty());
}

TEST(Joint, WithoutRecordsNothingIsComparable) {
  const Trace real = random_flows(10, 1);
  Trace empty;
  empty.kind = TraceKind::flows;
  for (const Score& score : joint_family().evaluate({real, empty, {}})) {
    EXPECT_EQ(score.outcome, Outcome::not_applicable);
    EXPECT_EQ(score.reason, "the synthetic trace has no records");
  }
  for (const Score& score : joint_family().evaluate({empty, real, {}})) {
    EXPECT_EQ(score.reason, "the real trace has no records");
  }
}

}  // namespace
}  // namespace bench
