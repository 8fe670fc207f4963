#include "datasets/split.h"

#include <algorithm>
#include <set>

#include "datasets/flows.h"
#include "datasets/hdf5_trace.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

// Record i can be told by its id.
Trace numbered(size_t records) {
  Trace trace = random_trace(TraceKind::packets, records, 21);
  for (size_t i = 0; i < records; ++i) trace.id[i] = static_cast<uint16_t>(i);
  return trace;
}

TEST(SplitTrace, ByFileCutsTheSourcesOrder) {
  const Trace trace = numbered(10);
  const Split split = split_trace(trace, 0.7, SplitOrder::file, Seed(1));
  EXPECT_EQ(split.train.trace(), slice(trace, 0, 7));
  EXPECT_EQ(split.holdout, slice(trace, 7, 10));
}

TEST(SplitTrace, ByTimePutsTheLaterRecordsAside) {
  Trace trace = numbered(6);
  trace.time = {60, 10, 50, 20, 40, 30};
  const Split split = split_trace(trace, 0.5, SplitOrder::time, Seed(1));
  EXPECT_EQ(split.train.trace().id, (std::vector<uint16_t>{1, 3, 5}));
  EXPECT_EQ(split.holdout.id, (std::vector<uint16_t>{4, 2, 0}));
  EXPECT_EQ(split.train.window().begin, 10);
  EXPECT_EQ(split.train.window().end, 30);
}

TEST(SplitTrace, ByTimeNeedsATime) {
  Trace trace = numbered(6);
  trace.time.clear();
  const std::string text =
      message_of(Kind::data, [&] { split_trace(trace, 0.5, SplitOrder::time, Seed(1)); });
  EXPECT_NE(text.find("without a time column"), std::string::npos);
  EXPECT_EQ(time_window(trace).end, 0);
}

TEST(SplitTrace, AtRandomKeepsTheOrderInEachPartAndLosesNothing) {
  const Trace trace = numbered(1000);
  const Split split = split_trace(trace, 0.8, SplitOrder::random, Seed(7));
  const auto& train = split.train.trace().id;
  EXPECT_EQ(train.size(), 800U);
  EXPECT_TRUE(std::is_sorted(train.begin(), train.end()));
  EXPECT_TRUE(std::is_sorted(split.holdout.id.begin(), split.holdout.id.end()));
  std::set<uint16_t> all(train.begin(), train.end());
  all.insert(split.holdout.id.begin(), split.holdout.id.end());
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_NE(train, split_trace(trace, 0.8, SplitOrder::file, Seed(7)).train.trace().id);
  EXPECT_EQ(train, split_trace(trace, 0.8, SplitOrder::random, Seed(7)).train.trace().id);
  EXPECT_NE(train, split_trace(trace, 0.8, SplitOrder::random, Seed(8)).train.trace().id);
}

TEST(SplitTrace, LeavesARecordOnEachSide) {
  const Trace trace = numbered(3);
  EXPECT_EQ(split_trace(trace, 0.999, SplitOrder::file, Seed(1)).holdout.size(), 1U);
  EXPECT_EQ(split_trace(trace, 0.001, SplitOrder::file, Seed(1)).train.trace().size(), 1U);
  message_of(Kind::data, [&] { split_trace(slice(trace, 0, 1), 0.5, SplitOrder::file, Seed(1)); });
}

TEST(SplitFlows, KeepsFlowsTogetherAndHalvesThem) {
  Trace trace = numbered(2000);
  for (size_t i = 0; i < trace.size(); ++i) {
    trace.srcip[i] %= 100;
    trace.dstip[i] = trace.srcport[i] = trace.dstport[i] = 0;
    trace.proto[i] = 6;
  }
  const Split split = split_trace(trace, 0.9, SplitOrder::file, Seed(1));
  const Halves halves = split_flows(split.train, Seed(2));
  std::set<uint32_t> first(halves.first.srcip.begin(), halves.first.srcip.end());
  std::set<uint32_t> second(halves.second.srcip.begin(), halves.second.srcip.end());
  EXPECT_EQ(first.size() + second.size(), group_flows(split.train.trace()).size());
  EXPECT_LE(second.size() - first.size(), 1U);
  for (const uint32_t key : first) EXPECT_EQ(second.count(key), 0U);
  EXPECT_EQ(halves.first.size() + halves.second.size(), 1800U);
  EXPECT_TRUE(std::is_sorted(halves.first.id.begin(), halves.first.id.end()));
}

TEST(SliceFlows, TakesAShareOfWholeFlowsBySeed) {
  Trace trace = numbered(2000);
  for (size_t i = 0; i < trace.size(); ++i) {
    trace.srcip[i] %= 100;
    trace.dstip[i] = trace.srcport[i] = trace.dstport[i] = 0;
    trace.proto[i] = 6;
  }
  const TrainingTrace train = split_trace(trace, 0.9, SplitOrder::file, Seed(1)).train;
  const Slice slice = slice_flows(train, 0.1, Seed(2));
  EXPECT_EQ(group_flows(slice.validation).size(), 10U);
  EXPECT_EQ(group_flows(slice.fit.trace()).size(), 90U);
  EXPECT_EQ(slice.validation.size() + slice.fit.trace().size(), 1800U);
  const std::set<uint32_t> fit(slice.fit.trace().srcip.begin(), slice.fit.trace().srcip.end());
  for (const uint32_t key : slice.validation.srcip) EXPECT_EQ(fit.count(key), 0U);
  EXPECT_TRUE(std::is_sorted(slice.fit.trace().id.begin(), slice.fit.trace().id.end()));
  EXPECT_EQ(slice_flows(train, 0.1, Seed(2)).validation, slice.validation);
  EXPECT_NE(slice_flows(train, 0.1, Seed(3)).validation.id, slice.validation.id);
  EXPECT_EQ(group_flows(slice_flows(train, 1e-6, Seed(2)).validation).size(), 1U) << "never empty";
  const TrainingTrace one = split_trace(trace, 0.0005, SplitOrder::file, Seed(1)).train;
  message_of(Kind::data, [&] { slice_flows(one, 0.5, Seed(1)); });
}

class TrainingFile : public TraceFiles {};

TEST_F(TrainingFile, ComesBackAndIsToldFromOtherFiles) {
  const Split split = split_trace(numbered(50), 0.5, SplitOrder::file, Seed(1));
  save_training(split.train, file("train.h5"));
  EXPECT_EQ(load_training(file("train.h5")).trace(), split.train.trace());
  write_hdf5_trace(split.holdout, file("holdout.h5"));
  const std::string text = message_of(Kind::data, [&] { load_training(file("holdout.h5")); });
  EXPECT_NE(text.find("is a trace file, not a training file"), std::string::npos);
}

}  // namespace
}  // namespace bench
