#include "metrics/record_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "metrics/test_traces.h"

namespace bench {
namespace {

TEST(RecordSample, DoesNotDependOnTheOrderOfRecords) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    Trace trace = random_trace(kind, 500, 1);
    const Trace copies = slice(trace, 0, 200);
    for (size_t i = 0; i < 200; ++i) trace.dstport[i + 200] = trace.dstport[i];
    const Trace moved = shuffled(trace, 2);
    EXPECT_EQ(select(trace, sample_records(trace, 100, Seed(7))),
              select(moved, sample_records(moved, 100, Seed(7))));
  }
}

TEST(RecordSample, EqualRecordsAreOrderedByTheirTime) {
  const Trace one = random_flows(1, 1);
  Trace trace = select(one, std::vector<size_t>(200, 0));
  for (size_t i = 0; i < trace.size(); ++i) trace.time[i] += static_cast<int64_t>(i);
  const Trace moved = shuffled(trace, 2);
  EXPECT_EQ(select(trace, sample_records(trace, 20, Seed(7))).time,
            select(moved, sample_records(moved, 20, Seed(7))).time);
}

TEST(RecordSample, OtherTimesLeaveTheOtherColumnsAsTheyAre) {
  const Trace trace = random_packets(400, 1);
  Trace other = trace;
  std::reverse(other.time.begin(), other.time.end());
  Trace drawn = select(trace, sample_records(trace, 60, Seed(7)));
  const Trace drawn_of_other = select(other, sample_records(other, 60, Seed(7)));
  EXPECT_NE(drawn, drawn_of_other);
  drawn.time = drawn_of_other.time;
  EXPECT_EQ(drawn, drawn_of_other);
}

TEST(RecordSample, LabelsCountByName) {
  Trace trace = random_flows(300, 1);
  Trace renumbered = trace;
  std::swap(renumbered.labels[0].names[0], renumbered.labels[0].names[1]);
  for (auto& code : renumbered.labels[0].codes) code = 1 - code;
  EXPECT_EQ(sample_records(trace, 50, Seed(1)), sample_records(renumbered, 50, Seed(1)));
}

TEST(RecordSample, EveryRecordAtMostOnce) {
  const Trace trace = random_packets(300, 1);
  const auto some = sample_records(trace, 120, Seed(1));
  EXPECT_EQ(std::set<size_t>(some.begin(), some.end()).size(), 120u);
  auto all = sample_records(trace, 1000, Seed(1));
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), 300u);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
  EXPECT_NE(sample_records(trace, 120, Seed(2)), some);
}

// Each record has the same chance: 2,000 draws of 10 of 50 take each record about 400 times (sd 18).
TEST(RecordSample, IsEven) {
  const Trace trace = random_flows(50, 1);
  std::vector<int> taken(50);
  for (uint64_t draw = 0; draw < 2000; ++draw) {
    for (const size_t row : sample_records(trace, 10, Seed(draw))) ++taken[row];
  }
  for (const int times : taken) EXPECT_NEAR(times, 400, 90);
}

}  // namespace
}  // namespace bench
