#include "datasets/canaries.h"

#include <algorithm>
#include <set>

#include "datasets/flows.h"
#include "datasets/hdf5_trace.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

TrainingTrace training(const Trace& trace) {
  return split_trace(trace, 0.8, SplitOrder::file, Seed(1)).train;
}

Trace in_order_of_time(Trace trace) {
  std::sort(trace.time.begin(), trace.time.end());
  return trace;
}

std::multiset<FiveTuple> five_tuples(const Trace& trace) {
  std::multiset<FiveTuple> out;
  for (size_t i = 0; i < trace.size(); ++i) out.insert(five_tuple(trace, i));
  return out;
}

class CanariesOfKinds : public testing::TestWithParam<TraceKind> {
 protected:
  const Trace trace_ = random_trace(GetParam(), 500, 1);
};

TEST_P(CanariesOfKinds, AreFlowsOfTheirOwnInsideTheRangesOfTheTrainingPart) {
  const TrainingTrace train = training(trace_);
  const Canaries canaries = make_canaries(train, 400, Seed(3));
  const Trace& made = canaries.records;
  check_trace(made, "canaries");
  ASSERT_EQ(made.size(), 400U);
  EXPECT_EQ(canaries.inserted.size(), 400U);
  const auto real = five_tuples(train.trace()), own = five_tuples(made);
  EXPECT_EQ(std::set<FiveTuple>(own.begin(), own.end()).size(), 400U);
  std::set<uint16_t> ports;
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_FALSE(real.contains(five_tuple(made, i)));
    EXPECT_TRUE(has_ports(made.proto[i]));
    EXPECT_GE(made.time[i], train.window().begin);
    EXPECT_LE(made.time[i], train.window().end);
    EXPECT_EQ(std::count(train.trace().dstport.begin(), train.trace().dstport.end(), made.dstport[i]), 0);
    ports.insert(made.dstport[i]);
  }
  EXPECT_EQ(ports.size(), 400U);
  const auto inside = [](const auto& column, const auto& range) {
    if (column.empty()) return;
    const auto [lo, hi] = std::minmax_element(range.begin(), range.end());
    for (const auto value : column) {
      EXPECT_GE(value, *lo);
      EXPECT_LE(value, *hi);
    }
  };
  inside(made.length, train.trace().length);
  inside(made.ttl, train.trace().ttl);
  inside(made.packets, train.trace().packets);
  for (size_t i = 0; i < made.packets.size(); ++i) {
    EXPECT_GE(made.packets[i], 1);
    EXPECT_GE(made.bytes[i], 40 * made.packets[i]);
    EXPECT_LE(made.bytes[i], 1500 * made.packets[i]);
    EXPECT_LE(made.duration[i],
              *std::max_element(train.trace().duration.begin(), train.trace().duration.end()));
    if (made.packets[i] == 1) {
      EXPECT_EQ(made.duration[i], 0);
    }
  }
  ASSERT_EQ(made.labels.size(), train.trace().labels.size());
  for (size_t l = 0; l < made.labels.size(); ++l)
    EXPECT_EQ(made.labels[l].names, train.trace().labels[l].names);
}

TEST_P(CanariesOfKinds, InsertedOnesAreThereOnceAndTheRestIsUnchanged) {
  Trace timeless = trace_;
  timeless.time.clear();
  for (const Trace& trace : {trace_, in_order_of_time(trace_), timeless}) {
    const TrainingTrace train = training(trace);
    const Canaries canaries = make_canaries(train, 100, Seed(4));
    const Trace grown = insert_canaries(train, canaries, Seed(5)).trace();
    check_trace(grown, "grown");
    const auto tuples = five_tuples(grown);
    size_t heads = 0;
    for (size_t i = 0; i < 100; ++i) {
      EXPECT_EQ(tuples.count(five_tuple(canaries.records, i)), canaries.inserted[i] ? 1U : 0U);
      heads += canaries.inserted[i] ? 1 : 0;
    }
    const auto real = five_tuples(train.trace());
    std::vector<size_t> others, added;
    for (size_t row = 0; row < grown.size(); ++row)
      (real.contains(five_tuple(grown, row)) ? others : added).push_back(row);
    EXPECT_EQ(added.size(), heads);
    EXPECT_EQ(select(grown, others), train.trace());
    // Whole records, not only their five-tuples.
    for (const size_t row : added) {
      size_t same = 0;
      for (size_t i = 0; i < 100; ++i)
        same += slice(grown, row, row + 1) == slice(canaries.records, i, i + 1) ? 1 : 0;
      EXPECT_EQ(same, 1U);
    }
    EXPECT_EQ(std::is_sorted(grown.time.begin(), grown.time.end()),
              std::is_sorted(train.trace().time.begin(), train.trace().time.end()));
    // Not all in one place.
    EXPECT_LT(added.front(), grown.size() / 4);
    EXPECT_GT(added.back(), grown.size() * 3 / 4);
    EXPECT_EQ(insert_canaries(train, canaries, Seed(5)).trace(), grown);
  }
}

TEST_P(CanariesOfKinds, JoinAPartOfTheTrainingPartAsWell) {
  const TrainingTrace train = training(trace_);
  const Slice slice = slice_flows(train, 0.3, Seed(2));
  const Canaries canaries = make_canaries(train, 50, Seed(4));
  const size_t heads =
      static_cast<size_t>(std::count(canaries.inserted.begin(), canaries.inserted.end(), true));
  EXPECT_EQ(insert_canaries(slice.fit, canaries, Seed(5)).trace().size(), slice.fit.trace().size() + heads);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CanariesOfKinds, testing::Values(TraceKind::flows, TraceKind::packets));

TEST(Canaries, CoinsAreFairAndKnowNothingOfTheRecords) {
  const TrainingTrace train = training(random_trace(TraceKind::flows, 500, 1));
  int heads = 0, first = 0, high = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Canaries canaries = make_canaries(train, 100, Seed(seed));
    for (size_t i = 0; i < 100; ++i) {
      heads += canaries.inserted[i] ? 1 : 0;
      high += canaries.inserted[i] && canaries.records.srcip[i] > 0x70000000 ? 1 : 0;
      first += canaries.inserted[i] && i < 50 ? 1 : 0;
    }
  }
  EXPECT_NEAR(heads, 5000, 200);  // four standard deviations of 10,000 fair coins
  EXPECT_NEAR(first, 2500, 175);
  EXPECT_NEAR(high, 2500, 175);  // the median of 1.0.0.0 to 223.255.255.255
  EXPECT_NE(make_canaries(train, 100, Seed(1)).inserted, make_canaries(train, 100, Seed(2)).inserted);
}

TEST(Canaries, OddTrainingPartsHaveLegalOnes) {
  Trace icmp = random_trace(TraceKind::flows, 40, 1);
  std::fill(icmp.proto.begin(), icmp.proto.end(), uint8_t{1});
  Trace huge = random_trace(TraceKind::flows, 40, 1);
  for (auto* column : {&huge.duration, &huge.packets, &huge.bytes})
    std::fill(column->begin(), column->end(), INT64_MAX);
  Trace zero = random_trace(TraceKind::flows, 40, 1);
  for (auto* column : {&zero.duration, &zero.packets, &zero.bytes})
    std::fill(column->begin(), column->end(), 0);
  for (const Trace& trace : {icmp, huge, zero}) {
    const Canaries canaries = make_canaries(training(trace), 32, Seed(2));
    check_trace(canaries.records, "odd");
    check_trace(insert_canaries(training(trace), canaries, Seed(2)).trace(), "odd");
    for (size_t i = 0; i < 32; ++i) EXPECT_GE(canaries.records.bytes[i], canaries.records.packets[i]);
  }
  const Canaries of_icmp = make_canaries(training(icmp), 32, Seed(2));
  EXPECT_EQ(of_icmp.records.dstport, std::vector<uint16_t>(32, 0));
  EXPECT_EQ(make_canaries(training(icmp), 0, Seed(2)).records.size(), 0U);
  const std::string text = message_of(Kind::data, [&] { make_canaries(training(icmp), 33, Seed(2)); });
  EXPECT_NE(text.find("33 canaries for a training part of 32 records"), std::string::npos);
}

class CanaryFile : public TraceFiles {};

TEST_F(CanaryFile, KeepsRecordsAndCoins) {
  const TrainingTrace train = training(random_trace(TraceKind::flows, 100, 1));
  const Canaries canaries = make_canaries(train, 30, Seed(3));
  save_canaries(canaries, file("canaries.h5"));
  const Canaries back = load_canaries(file("canaries.h5"));
  EXPECT_EQ(back.records, canaries.records);
  EXPECT_EQ(back.inserted, canaries.inserted);
  save_training(train, file("train.h5"));
  message_of(Kind::data, [&] { load_canaries(file("train.h5")); });
}

}  // namespace
}  // namespace bench
