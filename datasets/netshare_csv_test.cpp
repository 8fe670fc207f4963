#include <gmock/gmock.h>

#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;

constexpr std::string_view kFlowHeader = "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n";

class NetshareCsv : public TraceFiles {
 protected:
  Trace read(std::string_view text, ReadReport& report, const ReadOptions& options = {}) const {
    return read_netshare_csv(text_file("n.csv", text), options, report);
  }
  std::string wrong(std::string_view text) const {
    return message_of(Kind::data, [&] {
      ReadReport report;
      read(text, report);
    });
  }
};

TEST_F(NetshareCsv, ReadsFlows) {
  ReadReport report;
  const Trace trace =
      read(std::string(kFlowHeader) +
               "167772161,10.0.0.2,2048,80,TCP,1458298072364000.0,305.63599999999997,62,1736,background\n"
               "1,2,8,0,ICMP,1458298073000000.5,0,1.0,40,blacklist\n",
           report);
  EXPECT_EQ(trace.kind, TraceKind::flows);
  EXPECT_EQ(trace.srcip, (std::vector<uint32_t>{0x0A000001, 1}));
  EXPECT_EQ(trace.dstip, (std::vector<uint32_t>{0x0A000002, 2}));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{2048, 8})) << "ports of ICMP are kept as they are";
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{6, 1}));
  EXPECT_EQ(trace.time, (std::vector<int64_t>{1458298072364000000, 1458298073000000500}));
  EXPECT_EQ(trace.duration, (std::vector<int64_t>{305636000000, 0}));
  EXPECT_EQ(trace.packets, (std::vector<int64_t>{62, 1}));
  EXPECT_EQ(trace.bytes, (std::vector<int64_t>{1736, 40}));
  ASSERT_EQ(trace.labels.size(), 1U);
  EXPECT_EQ(trace.labels[0], (LabelColumn{"type", {"background", "blacklist"}, {0, 1}}));
  EXPECT_EQ(report.format, "netshare-csv");
  EXPECT_EQ(report.records, 2);
  EXPECT_TRUE(report.skipped.empty());
}

TEST_F(NetshareCsv, FindsColumnsInAnyOrderAmongOthers) {
  ReadReport report;
  const Trace trace = read("pkt_len,x,dstport,srcport,time,proto,dstip,srcip\n40,?,1,2,3,17,4,5\n", report);
  EXPECT_EQ(trace.kind, TraceKind::packets);
  EXPECT_EQ(trace.length, (std::vector<int32_t>{40}));
  EXPECT_EQ(trace.srcip, (std::vector<uint32_t>{5}));
  EXPECT_EQ(trace.time, (std::vector<int64_t>{3000}));
  EXPECT_FALSE(trace.has_header());
}

TEST_F(NetshareCsv, LeavesOutHeaderColumnsThatAreNotAllThere) {
  ReadReport report;
  const Trace trace =
      read("srcip,dstip,srcport,dstport,proto,time,pkt_len,ttl\n1,2,3,4,TCP,5,40,64\n", report);
  EXPECT_TRUE(trace.ttl.empty());
  EXPECT_EQ(report.notes.size(), 1U);
}

TEST_F(NetshareCsv, RoundTripsEveryColumn) {
  for (const TraceKind kind : {TraceKind::packets, TraceKind::flows}) {
    Trace trace = random_trace(kind, 3000, 41);
    trace.time[0] = -1'234'567;  // before 1970
    trace.time[1] = -999;
    write_netshare_csv(trace, file("t.csv"));
    ReadReport report;
    EXPECT_EQ(read_netshare_csv(file("t.csv"), {}, report), trace);
    trace.time.clear();
    trace.tcp_flags.clear();
    write_netshare_csv(trace, file("t.csv"));
    EXPECT_EQ(read_netshare_csv(file("t.csv"), {}, report), trace);
  }
}

TEST_F(NetshareCsv, WritesNetsharesText) {
  Trace trace = slice(random_trace(TraceKind::flows, 2, 1), 0, 1);
  trace.srcip = {167772161};
  trace.dstip = {3};
  trace.srcport = {1};
  trace.dstport = {80};
  trace.proto = {17};
  trace.time = {1458298072364000500};
  trace.duration = {305'636'000'000};
  trace.packets = {2};
  trace.bytes = {99};
  trace.labels = {{"type", {"background"}, {0}}};
  trace.tcp_flags.clear();
  write_netshare_csv(trace, file("t.csv"));
  EXPECT_EQ(read_text_file(file("t.csv")),
            std::string(kFlowHeader) + "167772161,3,1,80,UDP,1458298072364000.5,305.636,2,99,background\n");
}

TEST_F(NetshareCsv, WritesWholeFilesOrNone) {
  Trace trace = random_trace(TraceKind::flows, 5, 42);
  trace.labels[0].names[1] = "two\nlines";
  EXPECT_THAT(message_of(Kind::data, [&] { write_netshare_csv(trace, file("t.csv")); }),
              HasSubstr("line break"));
  EXPECT_FALSE(std::filesystem::exists(file("t.csv")));
  message_of(Kind::io,
             [&] { write_netshare_csv(trace = random_trace(TraceKind::flows, 5, 42), file("no/t.csv")); });
}

TEST_F(NetshareCsv, ReadsTheSameThroughGzipCrlfQuotesAndBlankLines) {
  const std::string plain =
      std::string(kFlowHeader) + "1,2,3,4,TCP,5,6,7,8,x\n9,10,11,12,UDP,13,14,15,16,y\n";
  ReadReport report;
  const Trace expected = read(plain, report);
  EXPECT_EQ(read_netshare_csv(gzip_file("n.csv.gz", plain), {}, report), expected);
  std::string odd = "\xEF\xBB\xBF";
  for (const char c : plain) odd += c == '\n' ? std::string("\r\n\r\n") : std::string(1, c);
  EXPECT_EQ(read(odd, report), expected);
  EXPECT_EQ(
      read("\"srcip\",dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n\"1\",2,3,4,\"TCP\",5,6,7,8,\"x\"\n"
           "9,10,11,12,UDP,13,14,15,16,y",
           report),
      expected);
}

TEST_F(NetshareCsv, SkipsIpv6AndCountsIt) {
  ReadReport report;
  const Trace trace =
      read(std::string(kFlowHeader) +
               "::1,2,3,4,TCP,5,6,7,8,x\n1,fe80::1:2,3,4,TCP,5,6,7,8,x\n1,2,3,4,TCP,5,6,7,8,x\n",
           report);
  EXPECT_EQ(trace.size(), 1U);
  EXPECT_EQ(report.skipped, (std::map<std::string, int64_t>{{"IPv6", 2}}));
}

TEST_F(NetshareCsv, StopsAtMaxRecords) {
  std::string text(kFlowHeader);
  for (int i = 0; i < 10; ++i) text += "1,2,3,4,TCP,5,6,7,8,x\n";
  ReadReport report;
  ReadOptions options;
  options.max_records = 4;
  EXPECT_EQ(read(text + "rubbish\n", report, options).size(), 4U);
  EXPECT_EQ(report.records, 4);
}

TEST_F(NetshareCsv, NamesRecordColumnAndValue) {
  const std::string good = std::string(kFlowHeader) + "1,2,3,4,TCP,5,6,7,8,x\n";
  EXPECT_EQ(wrong(good + "1,2,70000,4,TCP,5,6,7,8,x\n"),
            file("n.csv").string() +
                ": record 2: column srcport is '70000'; an integer from 0 to 65535 would be right");
  EXPECT_THAT(wrong(good + "1,2,3,4,TCP,5,6,7,8\n"), HasSubstr("record 2: has 9 columns"));
  EXPECT_THAT(wrong(good + "4294967296,2,3,4,TCP,5,6,7,8,x\n"), HasSubstr("column srcip is '4294967296'"));
  EXPECT_THAT(wrong(good + "1,2,3,4,NOPE,5,6,7,8,x\n"), HasSubstr("column proto is 'NOPE'"));
  EXPECT_THAT(wrong(good + "1,2,3,4,TCP,five,6,7,8,x\n"), HasSubstr("column ts is 'five'"));
  EXPECT_THAT(wrong(good + "1,2,3,4,TCP,5,-6,7,8,x\n"), HasSubstr("column td is '-6'"));
  EXPECT_THAT(wrong(good + "1,2,3,4,TCP,5,6,7.5,8,x\n"), HasSubstr("column pkt is '7.5'"));
  EXPECT_THAT(wrong(good + "1,2,3,4,TCP,5,6,7,,x\n"), HasSubstr("column byt is ''"));
  EXPECT_THAT(wrong("srcip,dstip,srcport,dstport,proto,time,pkt_len\n1,2,3,4,TCP,5,0\n"),
              HasSubstr("column pkt_len is '0'"));
}

TEST_F(NetshareCsv, RefusesFilesWithoutRecordsOrColumns) {
  EXPECT_THAT(wrong(""), HasSubstr("is empty"));
  EXPECT_THAT(wrong(kFlowHeader), HasSubstr("no usable record"));
  EXPECT_THAT(wrong(std::string(kFlowHeader) + "::1,2,3,4,TCP,5,6,7,8,x\n"), HasSubstr("1 skipped: IPv6"));
  EXPECT_THAT(wrong("srcip,dstip,srcport,dstport,ts\n1,2,3,4,5\n"), HasSubstr("no column 'proto'"));
}

TEST_F(NetshareCsv, ReadsLargeFilesByHalvesWithTheSameResult) {
  const Trace trace = random_trace(TraceKind::flows, 100'000, 43);
  write_netshare_csv(trace, file("t.csv"));
  ASSERT_GT(std::filesystem::file_size(file("t.csv")), 4U << 20);
  ReadReport report;
  EXPECT_EQ(read_netshare_csv(file("t.csv"), {}, report), trace);
  EXPECT_EQ(report.records, 100'000);
}

TEST_F(NetshareCsv, CountsRecordsFromTheStartInBothHalves) {
  write_netshare_csv(random_trace(TraceKind::flows, 100'000, 44), file("t.csv"));
  std::string text = read_text_file(file("t.csv"));
  EXPECT_THAT(wrong(text + "1,2,3\n"), HasSubstr("record 100001: has 3 columns"));
  std::string both = text + "1,2,3\n";
  both.insert(both.find('\n') + 1, "1,2,3,4\n");
  EXPECT_THAT(wrong(both), HasSubstr("record 1: has 4 columns"));
}

}  // namespace
}  // namespace bench
