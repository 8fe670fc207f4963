#include "datasets/flows.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "datasets/test_traces.h"

namespace bench {
namespace {

// Five-tuples a, b, a, c, b, a at the times below.
Trace six_records() {
  Trace trace;
  trace.srcip = {1, 2, 1, 3, 2, 1};
  trace.dstip = {9, 9, 9, 9, 9, 9};
  trace.srcport = {5, 5, 5, 5, 5, 5};
  trace.dstport = {80, 80, 80, 80, 80, 80};
  trace.proto = {6, 6, 6, 6, 6, 6};
  trace.time = {50, 20, 10, 40, 60, 30};
  trace.length = {1, 1, 1, 1, 1, 1};
  return trace;
}

std::vector<std::vector<size_t>> flows_of(const Trace& trace) {
  const FlowIndex index = group_flows(trace);
  std::vector<std::vector<size_t>> flows;
  for (size_t f = 0; f < index.size(); ++f) flows.emplace_back(index.flow(f).begin(), index.flow(f).end());
  return flows;
}

TEST(GroupFlows, OrdersFlowsAndTheirRecordsByTime) {
  EXPECT_EQ(flows_of(six_records()), (std::vector<std::vector<size_t>>{{2, 5, 0}, {1, 4}, {3}}));
}

TEST(GroupFlows, KeepsTheSourcesOrderWithoutTime) {
  Trace trace = six_records();
  trace.time.clear();
  EXPECT_EQ(flows_of(trace), (std::vector<std::vector<size_t>>{{0, 2, 5}, {1, 4}, {3}}));
}

TEST(GroupFlows, EveryFieldOfTheFiveTupleSeparates) {
  Trace trace = six_records();
  trace.srcip.assign(6, 1);
  trace.dstip[1] = 8;
  trace.srcport[2] = 6;
  trace.dstport[3] = 443;
  trace.proto[4] = 17;
  trace.time.clear();
  EXPECT_EQ(flows_of(trace), (std::vector<std::vector<size_t>>{{0, 5}, {1}, {2}, {3}, {4}}));
}

TEST(GroupFlows, DirectionsAreFlowsOfTheirOwn) {
  Trace trace = slice(six_records(), 0, 2);
  trace.srcip = {1, 9};
  trace.dstip = {9, 1};
  trace.srcport = {5, 80};
  trace.dstport = {80, 5};
  EXPECT_EQ(group_flows(trace).size(), 2U);
}

TEST(GroupFlows, OfNothingIsNothing) {
  EXPECT_EQ(group_flows(Trace{}).size(), 0U);
  EXPECT_TRUE(flow_sizes(Trace{}).empty());
}

TEST(GroupFlows, AgreesWithAMapOnRandomRecords) {
  Trace trace = random_trace(TraceKind::packets, 5000, 11);
  for (size_t i = 0; i < trace.size(); ++i) {
    trace.srcip[i] %= 7;
    trace.dstip[i] %= 7;
    trace.srcport[i] %= 3;
    trace.dstport[i] %= 3;
    trace.time[i] %= 1000;
  }
  std::map<FiveTuple, std::vector<size_t>> expected;
  for (const size_t row : time_order(trace)) expected[five_tuple(trace, row)].push_back(row);
  const auto flows = flows_of(trace);
  ASSERT_EQ(flows.size(), expected.size());
  size_t last_first = 0;
  for (const auto& flow : flows) {
    EXPECT_EQ(flow, expected[five_tuple(trace, flow[0])]);
    EXPECT_GE(trace.time[flow[0]], trace.time[flows[last_first][0]]);
    last_first = static_cast<size_t>(&flow - flows.data());
  }
  std::vector<int64_t> sizes = flow_sizes(trace), expected_sizes;
  for (const auto& [key, rows] : expected) expected_sizes.push_back(static_cast<int64_t>(rows.size()));
  std::sort(sizes.begin(), sizes.end());
  std::sort(expected_sizes.begin(), expected_sizes.end());
  EXPECT_EQ(sizes, expected_sizes);
}

TEST(FiveTupleHash, SpreadsNeighbours) {
  std::unordered_set<size_t> low_bits;
  for (uint32_t i = 0; i < 4096; ++i) low_bits.insert(FiveTupleHash{}({0x0A000000 + i, 1, 2, 3, 6}) % 65536);
  EXPECT_GT(low_bits.size(), 3700U);  // 4096 random values of 65536 give 3970 different ones
}

}  // namespace
}  // namespace bench
