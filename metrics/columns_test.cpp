#include "metrics/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/test_traces.h"

namespace bench {
namespace {

using testing::ElementsAre;

TEST(Columns, LabelsShareCodesByName) {
  Trace real = random_flows(3, 1);
  Trace synthetic = random_flows(4, 2);
  real.labels = {{"type", {"benign", "dos"}, {0, 1, 1}}};
  synthetic.labels = {{"type", {"scan", "dos"}, {0, 1, 0, 1}}};
  const auto pairs = category_pairs(real, synthetic);
  ASSERT_EQ(pairs.size(), 6u);
  EXPECT_EQ(pairs[5].name, "type");
  EXPECT_THAT(pairs[5].real, ElementsAre(0, 1, 1));
  EXPECT_THAT(pairs[5].synthetic, ElementsAre(2, 1, 2, 1));
  synthetic.labels.clear();
  EXPECT_EQ(category_pairs(real, synthetic)[5].missing, "the synthetic trace has no type column");
}

TEST(Columns, NumbersByRecordOnTheOriginsClock) {
  const Trace real = random_packets(20, 1);
  Trace bare = random_packets(30, 2);
  bare.ttl.clear();
  const auto pairs = number_pairs(real, bare, 100 * kSecond);
  std::vector<std::string_view> names;
  for (const NumberPair& pair : pairs) names.push_back(pair.spec->name);
  EXPECT_THAT(names, ElementsAre("time", "pkt_len", "tos", "id", "off", "ttl"));
  EXPECT_EQ(pairs[0].real[3], real.time[3] - 100 * kSecond);
  EXPECT_EQ(pairs[1].synthetic[7], bare.length[7]);
  EXPECT_EQ(pairs[5].missing, "the synthetic trace has no ttl column");
  EXPECT_EQ(number_pairs(bare, real, 0).size(), 5u);
}

TEST(Columns, QuarterOctaves) {
  // 1 + v = 1, 2, 4, 1024 and just below and above 2^(1/4 + 10) = 1217.7
  EXPECT_THAT(quarter_octaves({0, 1, 3, 1023, 1216, 1217}), ElementsAre(0, 4, 8, 40, 40, 41));
  EXPECT_THAT(quarter_octaves({-5}), ElementsAre(0));
  EXPECT_THAT(services({53, 1023, 1024, 65535}), ElementsAre(53, 1023, 1024, 1024));
}

TEST(Columns, FirstRecordInTimeOfEachFlow) {
  Trace trace = random_packets(3, 1);
  trace.srcip = {1, 1, 2};
  trace.dstip = trace.srcip;
  trace.srcport = trace.dstport = {5, 5, 5};
  trace.proto = {6, 6, 6};
  trace.time = {9, 4, 7};
  EXPECT_THAT(first_of_each_flow(trace, group_flows(trace)).time, ElementsAre(4, 7));
}

}  // namespace
}  // namespace bench
