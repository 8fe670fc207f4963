#include <gmock/gmock.h>

#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;
using Counts = std::map<std::string, int64_t>;

class PacketCsv : public TraceFiles {
 protected:
  Trace read(std::string_view text, const ReadOptions& options = {}) {
    Trace trace = read_packet_csv(text_file("p.csv", text), options, report_);
    EXPECT_NO_THROW(check_trace(trace, "read"));
    return trace;
  }
  std::string wrong(std::string_view text, const ReadOptions& options = {}, Kind kind = Kind::data) {
    return message_of(kind, [&] { read(text, options); });
  }
  ReadReport report_;
};

constexpr std::string_view kUni1 = "time,srcip,dstip,srcport,dstport,proto,frame_len\r\n";
constexpr std::string_view kMaccdc = "time_rel,srcip,dstip,srcport,dstport,wireshark_proto,frame_len\n";

TEST_F(PacketCsv, Uni1) {
  const Trace trace = read(std::string(kUni1) +
                           "2009-12-18 00:32:26.775991,10.0.0.1,10.0.0.2,39125,80,TCP,64\r\n"
                           "2009-12-18 00:32:26.776124,10.0.0.2,10.0.0.1,80,39125,TCP,1518\r\n");
  EXPECT_EQ(trace.kind, TraceKind::packets);
  EXPECT_EQ(trace.time, (std::vector<int64_t>{1261096346775991000, 1261096346776124000}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>{46, 1500}));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{39125, 80}));
  EXPECT_FALSE(trace.has_header());
  EXPECT_TRUE(trace.tcp_flags.empty());
  EXPECT_EQ(report_.notes, (Counts{{"IP length = frame length - 18", 2}}));
}

TEST_F(PacketCsv, Maccdc) {
  const Trace trace = read(std::string(kMaccdc) +
                           "0.000000,10.0.0.1,10.0.0.2,3993,56706,TCP,66\n"
                           "0.010000,10.0.0.1,10.0.0.2,,,TLSv1,180\n"
                           "0.010000,10.0.0.1,10.0.0.2,,,DNS,90\n"
                           "0.020000,10.0.0.1,224.0.0.10,,,EIGRP,78\n"
                           "0.020000,10.0.0.1,10.0.0.2,,,ICMP,102\n"
                           "0.030000,Cisco_9d:f2:8d,PVST+,,,STP,68\n"
                           "0.030000,ASUSTekC_1a:aa:3c,Cisco_9d:f2:c2,,,ARP,64\n"
                           "0.030000,1.10,DECNET-hello,,,DEC DNA,64\n"
                           "0.030000,fe80::1,ff02::fb,5353,5353,MDNS,90\n");
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{6, 6, 17, 88, 1}));
  EXPECT_EQ(trace.time, (std::vector<int64_t>{0, 10000000, 10000000, 20000000, 20000000}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>{48, 162, 72, 60, 84}));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{3993, 0, 0, 0, 0}));
  EXPECT_EQ(report_.skipped,
            (Counts{{"IPv6", 1}, {"protocol 'ARP'", 1}, {"protocol 'DEC DNA'", 1}, {"protocol 'STP'", 1}}));
  EXPECT_EQ(report_.notes.at("no ports in the file: set to 0"), 2);
}

TEST_F(PacketCsv, FrameOverheadFollowsTheFrames) {
  const std::string row = "1,1.1.1.1,2.2.2.2,1,2,UDP,";
  const std::string header(kUni1);
  EXPECT_EQ(read(header + row + "60\n" + row + "100\n").length, (std::vector<int32_t>{46, 86}))
      << "60: no check sequence";
  EXPECT_EQ(read(header + row + "1514\n" + row + "100\n").length, (std::vector<int32_t>{1500, 86}));
  EXPECT_EQ(read(header + row + "64\n" + row + "100\n").length, (std::vector<int32_t>{46, 82}));
  ReadOptions options;
  options.frame_overhead = 0;
  EXPECT_EQ(read(header + row + "60\n" + row + "100\n", options).length, (std::vector<int32_t>{60, 100}));
}

TEST_F(PacketCsv, LengthsCoverTheHeaders) {
  const std::string text =
      std::string(kUni1) +
      "1,1.1.1.1,2.2.2.2,1,2,TCP,42\n1,1.1.1.1,2.2.2.2,1,2,UDP,40\n1,1.1.1.1,2.2.2.2,,,ICMP,20\n";
  EXPECT_EQ(read(text).length, (std::vector<int32_t>{40, 28, 28}));
  EXPECT_EQ(report_.notes.at("IP length raised to its headers"), 3);
}

TEST_F(PacketCsv, TakesIpLengthsAsTheyAre) {
  EXPECT_EQ(read("time,srcip,dstip,srcport,dstport,proto,length\n0.5,1.1.1.1,2.2.2.2,1,2,6,1500\n").length,
            (std::vector<int32_t>{1500}));
}

TEST_F(PacketCsv, UnknownNamesGoByThePortsAndAreNoted) {
  const Trace trace = read(std::string(kMaccdc) +
                           "0,1.1.1.1,2.2.2.2,1000,53,Strange,90\n0,1.1.1.1,2.2.2.2,1000,9999,Strange,90\n"
                           "0,1.1.1.1,2.2.2.2,,,Strange,90\n");
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{17, 6}));
  EXPECT_EQ(report_.notes.at("transport protocol taken from the ports"), 2);
  EXPECT_EQ(report_.skipped, (Counts{{"protocol 'Strange'", 1}}));
}

TEST_F(PacketCsv, ColumnsCanBeMapped) {
  ReadOptions options;
  options.columns = {{"time", "Time"},  {"srcip", "Source"},   {"dstip", "Destination"}, {"srcport", "sp"},
                     {"dstport", "dp"}, {"proto", "Protocol"}, {"frame_len", "Length"}};
  const std::string text =
      "\"No.\",\"Time\",\"Source\",\"Destination\",\"sp\",\"dp\",\"Protocol\",\"Length\"\n"
      "\"1\",\"0.25\",\"1.1.1.1\",\"2.2.2.2\",\"5\",\"6\",\"HTTP\",\"118\"\n";
  const Trace trace = read(text, options);
  EXPECT_EQ(trace.time, (std::vector<int64_t>{250000000}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>{100}));
  options.columns["frame_len"] = "Len";
  EXPECT_THAT(wrong(text, options), HasSubstr("no column 'Len'"));
  options.columns = {{"colour", "x"}};
  EXPECT_THAT(wrong(text, options, Kind::config), HasSubstr("'colour' is not a column of packet-csv"));
}

TEST_F(PacketCsv, Mistakes) {
  EXPECT_THAT(wrong(std::string(kUni1) + "noon,1.1.1.1,2.2.2.2,1,2,TCP,64\n"),
              HasSubstr("record 1: column time is 'noon'"));
  EXPECT_THAT(wrong(std::string(kUni1) + "1,1.1.1,2.2.2.2,1,2,TCP,64\n"),
              HasSubstr("column srcip is '1.1.1'"));
  EXPECT_THAT(wrong(std::string(kUni1) + "1,1.1.1.1,2.2.2.2,1,65536,TCP,64\n"),
              HasSubstr("column dstport is '65536'"));
  EXPECT_THAT(wrong(std::string(kUni1) + "1,1.1.1.1,2.2.2.2,1,2,TCP,big\n"),
              HasSubstr("column frame_len is 'big'"));
  EXPECT_THAT(wrong(std::string(kUni1) + "1,1.1.1.1,2.2.2.2,1,2,TCP\n"), HasSubstr("has 6 columns"));
  EXPECT_THAT(wrong(std::string(kUni1) + "1,x,y,,,ARP,64\n"), HasSubstr("1 skipped: protocol 'ARP'"));
  EXPECT_THAT(wrong("time,srcip\n1,2\n"), HasSubstr("no column 'dstip'"));
}

}  // namespace
}  // namespace bench
