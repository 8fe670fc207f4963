#include "datasets/chunks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "datasets/flows.h"
#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

using ::testing::ElementsAre;

Trace with_times(const std::vector<int64_t>& times) {
  Trace trace;
  for (const int64_t t : times) {
    trace.srcip.push_back(1);
    trace.dstip.push_back(2);
    trace.srcport.push_back(3);
    trace.dstport.push_back(4);
    trace.proto.push_back(6);
    trace.length.push_back(60);
    trace.time.push_back(t);
  }
  return trace;
}

TEST(Chunks, EqualIntervalsKeepAnEmptyOne) {
  // Edges 100, 110, 120, 130 .. 140; nothing in [120, 130).
  const Chunks chunks = split_chunks(with_times({100, 140, 110, 109, 119, 130}), 4, ChunkSplit::fixed_time);
  EXPECT_THAT(chunks.of_row, ElementsAre(0, 3, 1, 0, 1, 3));
  EXPECT_THAT(chunks.records, ElementsAre(2, 2, 0, 2));
  EXPECT_EQ(chunks.windows[0].begin, 100);
  EXPECT_EQ(chunks.windows[0].end, 109);
  EXPECT_EQ(chunks.windows[3].begin, 130);
  EXPECT_EQ(chunks.windows[3].end, 140);
}

TEST(Chunks, EquallyManyRecordsInOrderOfTime) {
  const Chunks chunks = split_chunks(with_times({50, 10, 40, 20, 30}), 2, ChunkSplit::fixed_size);
  EXPECT_THAT(chunks.of_row, ElementsAre(1, 0, 1, 0, 0));
  EXPECT_THAT(chunks.records, ElementsAre(3, 2));
  EXPECT_EQ(chunks.windows[0].begin, 10);
  EXPECT_EQ(chunks.windows[0].end, 30);
  EXPECT_EQ(chunks.windows[1].begin, 40);
}

TEST(Chunks, WithoutTimeTheOrderOfTheSourceDecides) {
  Trace trace = with_times({5, 4, 3, 2});
  trace.time.clear();
  EXPECT_THAT(split_chunks(trace, 2, ChunkSplit::fixed_time).of_row, ElementsAre(0, 0, 1, 1));
}

TEST(Chunks, OneInstantOrOneRecord) {
  EXPECT_EQ(split_chunks(with_times({7, 7, 7}), 3, ChunkSplit::fixed_time).records,
            (std::vector<int64_t>{0, 0, 3}));
  EXPECT_THAT(split_chunks(with_times({7}), 3, ChunkSplit::fixed_size).records, ElementsAre(1, 0, 0));
}

TEST(Chunks, AnyTwoTimes) {
  const Chunks chunks = split_chunks(with_times({INT64_MIN, -1, 0, INT64_MAX}), 2, ChunkSplit::fixed_time);
  EXPECT_THAT(chunks.of_row, ElementsAre(0, 1, 1, 1));
}

TEST(Chunks, EveryRecordLiesInTheWindowOfItsChunk) {
  const Trace trace = simulate("caida-surrogate", 3000, Seed(1));
  for (const auto split : {ChunkSplit::fixed_time, ChunkSplit::fixed_size}) {
    const Chunks chunks = split_chunks(trace, 7, split);
    int64_t all = 0;
    for (const int64_t n : chunks.records) all += n;
    EXPECT_EQ(all, 3000);
    for (size_t i = 0; i < trace.size(); ++i) {
      EXPECT_GE(trace.time[i], chunks.windows[chunks.of_row[i]].begin);
      EXPECT_LE(trace.time[i], chunks.windows[chunks.of_row[i]].end);
    }
    for (size_t c = 0; c + 1 < 7; ++c) EXPECT_LE(chunks.windows[c].end, chunks.windows[c + 1].begin);
  }
}

TEST(Chunks, EveryFlowStaysInTheChunkWhereItBegins) {
  const Trace trace = simulate("caida-surrogate", 3000, Seed(1));
  const Chunks chunks = split_chunks(trace, 5, ChunkSplit::fixed_time);
  const std::vector<size_t> rows = rows_of_first_chunks(trace, chunks);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  EXPECT_LT(rows.size(), trace.size()) << "some flows of the simulation outlast a chunk";
  std::map<FiveTuple, uint16_t> chunk_of;
  for (size_t i = 0; i < trace.size(); ++i) chunk_of.emplace(five_tuple(trace, i), chunks.of_row[i]);
  std::vector<size_t> expected;  // the simulation is in order of time
  for (size_t i = 0; i < trace.size(); ++i)
    if (chunks.of_row[i] == chunk_of.at(five_tuple(trace, i))) expected.push_back(i);
  EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace bench
