#include "downstream/telemetry/keyed_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "downstream/telemetry/count_min.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Trace four_flows() {
  Trace trace;
  trace.kind = TraceKind::flows;
  trace.srcip = {1, 2, 1, 1};
  trace.dstip = {9, 9, 8, 9};
  trace.srcport = {5, 5, 5, 5};
  trace.dstport = {80, 80, 80, 80};
  trace.proto = {6, 6, 6, 6};
  trace.duration = {0, 0, 0, 0};
  trace.packets = {1, 2, 3, 4};
  trace.bytes = {100, 200, 300, 400};
  return trace;
}

TEST(Key, PacksHighestByteFirst) {
  const Key address = address_key(0x0A0B0C0D);
  EXPECT_THAT(address.bytes(), ElementsAre(0x0A, 0x0B, 0x0C, 0x0D));
  const Key tuple = five_tuple_key({0x01020304, 0x05060708, 0x090A, 0x0B0C, 0x0D});
  EXPECT_THAT(tuple.bytes(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
  EXPECT_LT(address_key(255), address_key(256));
}

TEST(KeyedStream, CountsByEachFieldAndUnit) {
  const Trace trace = four_flows();
  const KeyedStream by_source = keyed_stream(trace, KeyField::srcip, WeightUnit::records);
  EXPECT_EQ(by_source.reason, "");
  EXPECT_THAT(by_source.keys, ElementsAre(address_key(1), address_key(2)));
  EXPECT_THAT(by_source.totals, ElementsAre(3, 1));
  EXPECT_THAT(by_source.numbers, ElementsAre(0, 1, 0, 0));
  EXPECT_EQ(by_source.total, 4);
  const KeyedStream by_destination = keyed_stream(trace, KeyField::dstip, WeightUnit::packets);
  EXPECT_THAT(by_destination.keys, ElementsAre(address_key(9), address_key(8)));
  EXPECT_THAT(by_destination.totals, ElementsAre(7, 3));
  const KeyedStream by_tuple = keyed_stream(trace, KeyField::five_tuple, WeightUnit::bytes);
  EXPECT_EQ(by_tuple.keys[0], five_tuple_key({1, 9, 5, 80, 6}));
  EXPECT_THAT(by_tuple.totals, ElementsAre(500, 200, 300));
  EXPECT_THAT(by_tuple.weights, ElementsAre(100, 200, 300, 400));
  EXPECT_EQ(by_tuple.total, 1000);
}

TEST(KeyedStream, PacketsWeighOneOrTheirLength) {
  Trace trace = four_flows();
  trace.kind = TraceKind::packets;
  trace.length = {40, 50, 60, 70};
  EXPECT_EQ(keyed_stream(trace, KeyField::srcip, WeightUnit::packets).total, 4);
  EXPECT_THAT(keyed_stream(trace, KeyField::srcip, WeightUnit::bytes).totals, ElementsAre(170, 50));
}

TEST(KeyedStream, SaysWhyThereIsNone) {
  EXPECT_THAT(keyed_stream(Trace{}, KeyField::srcip, WeightUnit::records).reason, HasSubstr("no records"));
  Trace trace = four_flows();
  trace.bytes = {0, 0, 0, 0};
  EXPECT_THAT(keyed_stream(trace, KeyField::srcip, WeightUnit::bytes).reason, HasSubstr("0 bytes"));
  trace.bytes = {INT64_MAX, INT64_MAX, 1, 1};
  const KeyedStream stream = keyed_stream(trace, KeyField::srcip, WeightUnit::bytes);
  EXPECT_THAT(stream.reason, HasSubstr("2^62"));
  EXPECT_TRUE(stream.keys.empty());
}

TEST(KeyedStream, NamesGoBothWays) {
  for (const KeyField field : {KeyField::srcip, KeyField::dstip, KeyField::five_tuple}) {
    EXPECT_EQ(key_field_from_name(key_field_name(field)), field);
  }
  for (const WeightUnit unit : {WeightUnit::records, WeightUnit::packets, WeightUnit::bytes}) {
    EXPECT_EQ(weight_unit_from_name(weight_unit_name(unit)), unit);
  }
  EXPECT_THROW(key_field_from_name("port"), Error);
  EXPECT_THROW(weight_unit_from_name("packet"), Error);
}

TEST(KeyedStream, FeedsEveryRecord) {
  const KeyedStream stream = keyed_stream(four_flows(), KeyField::srcip, WeightUnit::bytes);
  CountMin wide(sized(SketchKind::count_min, 5, 100'000), Seed(1));
  feed(stream, wide);
  EXPECT_THAT(estimates_of(wide, stream), ElementsAre(800, 200));
}

}  // namespace
}  // namespace bench
