#include "datasets/trace.h"

#include "datasets/test_traces.h"

namespace bench {
namespace {

TEST(Select, PicksRowsOfEveryColumnInTheGivenOrder) {
  const Trace trace = random_trace(TraceKind::flows, 20, 1);
  const std::vector<size_t> rows{7, 3, 3, 19};
  const Trace picked = select(trace, rows);
  ASSERT_EQ(picked.size(), 4U);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(picked.srcip[i], trace.srcip[rows[i]]);
    EXPECT_EQ(picked.bytes[i], trace.bytes[rows[i]]);
    EXPECT_EQ(picked.tcp_flags[i], trace.tcp_flags[rows[i]]);
    EXPECT_EQ(picked.labels[1].codes[i], trace.labels[1].codes[rows[i]]);
  }
  EXPECT_TRUE(picked.length.empty());
  EXPECT_EQ(picked.labels[1].names, trace.labels[1].names);
}

TEST(Slice, IsTheRecordsFromBeginToEnd) {
  const Trace trace = random_trace(TraceKind::packets, 10, 2);
  EXPECT_EQ(slice(trace, 0, 10), trace);
  EXPECT_EQ(slice(trace, 4, 6).id, (std::vector<uint16_t>{trace.id[4], trace.id[5]}));
  EXPECT_EQ(slice(trace, 3, 3).size(), 0U);
}

TEST(TimeOrder, IsStable) {
  Trace trace = random_trace(TraceKind::packets, 5, 3);
  trace.time = {30, 10, 20, 10, 30};
  EXPECT_EQ(time_order(trace), (std::vector<size_t>{1, 3, 2, 0, 4}));
}

TEST(TimeOrder, IsTheSourcesWithoutTime) {
  Trace trace = random_trace(TraceKind::packets, 3, 3);
  trace.time.clear();
  EXPECT_FALSE(trace.has_time());
  EXPECT_EQ(time_order(trace), (std::vector<size_t>{0, 1, 2}));
}

TEST(CheckTrace, AcceptsWhatIsLegal) {
  EXPECT_NO_THROW(check_trace(random_trace(TraceKind::packets, 50, 4), "x"));
  EXPECT_NO_THROW(check_trace(random_trace(TraceKind::flows, 50, 4), "x"));
  EXPECT_NO_THROW(check_trace(Trace{}, "x"));
}

std::string fault(const Trace& trace) {
  return message_of(Kind::data, [&] { check_trace(trace, "here"); });
}

TEST(CheckTrace, NamesTheColumnAndTheRecord) {
  const Trace packets = random_trace(TraceKind::packets, 3, 5);
  Trace bad = packets;
  bad.length[1] = 0;
  EXPECT_EQ(fault(bad), "here: record 2: length is 0; 1 to 65535 would be right");
  bad = packets;
  bad.fragment_offset[2] = 8192;
  EXPECT_NE(fault(bad).find("record 3: fragment_offset is 8192"), std::string::npos);
  bad = packets;
  bad.time.pop_back();
  EXPECT_EQ(fault(bad), "here: column time has 2 values for 3 records");
  bad = packets;
  bad.length.clear();
  EXPECT_EQ(fault(bad), "here: column length has 0 values for 3 records");
  bad = packets;
  bad.tos.clear();
  EXPECT_NE(fault(bad).find("all there or all absent"), std::string::npos);
}

TEST(CheckTrace, LooksAtFlowsAndLabels) {
  const Trace flows = random_trace(TraceKind::flows, 3, 6);
  Trace bad = flows;
  bad.duration[0] = -1;
  EXPECT_NE(fault(bad).find("record 1: duration is -1"), std::string::npos);
  bad = flows;
  bad.packets.clear();
  EXPECT_NE(fault(bad).find("packets"), std::string::npos);
  bad = flows;
  bad.labels[0].codes[2] = 2;
  EXPECT_NE(fault(bad).find("record 3: label is 2; 0 to 1"), std::string::npos);
  bad = flows;
  bad.labels[0].codes.pop_back();
  EXPECT_NE(fault(bad).find("label"), std::string::npos);
}

TEST(LabelColumn, CodesNamesInOrderOfFirstAppearance) {
  LabelColumn column{"type", {}, {}};
  EXPECT_EQ(column.code_of("x"), 0);
  EXPECT_EQ(column.code_of("y"), 1);
  EXPECT_EQ(column.code_of("x"), 0);
  EXPECT_EQ(column.names, (std::vector<std::string>{"x", "y"}));
}

TEST(Protocols, NamesAndNumbersBelongTogether) {
  for (int proto = 0; proto < 256; ++proto) {
    EXPECT_EQ(proto_number(proto_name(static_cast<uint8_t>(proto))), proto);
  }
  EXPECT_EQ(proto_name(6), "TCP");
  EXPECT_EQ(proto_number("tcp"), 6);
  EXPECT_EQ(proto_number("Esp"), 50);
  for (const char* wrong : {"", "256", "-1", "6x", "TCPX", " TCP"})
    EXPECT_EQ(proto_number(wrong), -1) << wrong;
}

TEST(Protocols, PortsAreOfFiveOfThem) {
  int count = 0;
  for (int proto = 0; proto < 256; ++proto) count += has_ports(static_cast<uint8_t>(proto)) ? 1 : 0;
  EXPECT_EQ(count, 5);
  EXPECT_TRUE(has_ports(6) && has_ports(17) && !has_ports(1) && !has_ports(50));
}

TEST(FormatIp, WritesHostOrder) {
  EXPECT_EQ(format_ip(0x0A000001), "10.0.0.1");
  EXPECT_EQ(format_ip(0xFFFFFFFF), "255.255.255.255");
}

}  // namespace
}  // namespace bench
