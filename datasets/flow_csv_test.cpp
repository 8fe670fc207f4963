// The dialects of flow tables that are read and not written: UGR16, CIDDS, TON_IoT, Zeek.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;
using Counts = std::map<std::string, int64_t>;

class FlowCsv : public TraceFiles {
 protected:
  Trace read(std::string_view format, std::string_view text) {
    const auto path = text_file("f.csv", text);
    EXPECT_EQ(detect_format(path), format);
    Trace trace = read_trace(path, format, {}, report_);
    EXPECT_NO_THROW(check_trace(trace, "read"));
    EXPECT_EQ(report_.format, format);
    EXPECT_EQ(trace.kind, TraceKind::flows);
    return trace;
  }
  std::string wrong(std::string_view format, std::string_view text) {
    return message_of(Kind::data, [&] { read_trace(text_file("f.csv", text), format, {}, report_); });
  }
  ReadReport report_;
};

constexpr std::string_view kUgr16 =
    "2016-04-11 09:00:10,0.47200000000000003,10.0.0.1,10.0.0.2,110,29449,TCP,.AP.SF,0,0,11,595,background\n"
    "2016-04-11 09:00:10,0.0,10.0.0.3,10.0.0.4,0,2048,ICMP,.A....,0,64,1,32,anomaly-scan\n"
    "2016-04-11 09:00:11,300.0,10.0.0.3,10.0.0.4,0,0,GRE,......,0,0,7,700,background\n";

TEST_F(FlowCsv, Ugr16) {
  const Trace trace = read("ugr16-csv", kUgr16);
  EXPECT_EQ(trace.srcip, (std::vector<uint32_t>{0x0A000001, 0x0A000003, 0x0A000003}));
  EXPECT_EQ(trace.dstport, (std::vector<uint16_t>{29449, 0, 0}));
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{6, 1, 47}));
  EXPECT_EQ(trace.duration, (std::vector<int64_t>{472000000, 0, 300000000000}));
  // te is the end: 2016-04-11 09:00:10 UTC is 1460365210.
  EXPECT_EQ(trace.time,
            (std::vector<int64_t>{1460365209528000000, 1460365210000000000, 1460364911000000000}));
  EXPECT_EQ(trace.packets, (std::vector<int64_t>{11, 1, 7}));
  EXPECT_EQ(trace.bytes, (std::vector<int64_t>{595, 32, 700}));
  EXPECT_EQ(trace.tcp_flags, (std::vector<uint8_t>{16 + 8 + 2 + 1, 0, 0}));
  EXPECT_EQ(trace.labels[0], (LabelColumn{"type", {"background", "anomaly-scan"}, {0, 1, 0}}));
  EXPECT_EQ(report_.notes, (Counts{{"ICMP type/code in the ports set to 0", 1},
                                   {"TCP flags of another protocol set to 0", 1}}));
}

TEST_F(FlowCsv, Ugr16WithHeaderIsTheSame) {
  const Trace bare = read("ugr16-csv", kUgr16);
  EXPECT_EQ(read("ugr16-csv", "te,td,sa,da,sp,dp,pr,flg,fwd,stos,pkt,byt,label\n" + std::string(kUgr16)),
            bare);
}

TEST_F(FlowCsv, Ugr16Mistakes) {
  const std::string good(kUgr16.substr(0, kUgr16.find('\n') + 1));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string line = good;
    return good + line.replace(line.find(from), from.size(), to);
  };
  EXPECT_THAT(wrong("ugr16-csv", with("09:00:10", "25:00:10")),
              HasSubstr("record 2: column te is '2016-04-11 25:00:10'"));
  EXPECT_THAT(wrong("ugr16-csv", with(".AP.SF", ".AX.SF")), HasSubstr("column flg is '.AX.SF'"));
  EXPECT_THAT(wrong("ugr16-csv", with(".AP.SF", "0x1ff")), HasSubstr("column flg is '0x1ff'"));
  EXPECT_THAT(wrong("ugr16-csv", with("10.0.0.2", "10.0.0.256")), HasSubstr("column da is '10.0.0.256'"));
  EXPECT_THAT(wrong("ugr16-csv", with("10.0.0.2", "167772162")), HasSubstr("column da is '167772162'"));
  EXPECT_THAT(wrong("ugr16-csv", with(",595", "")), HasSubstr("record 2: has 12 columns"));
  EXPECT_THAT(wrong("ugr16-csv", with("0.47200000000000003", "2e9")), HasSubstr("column td is '2e9'"));
  EXPECT_THAT(wrong("ugr16-csv", with("TCP", std::string("T\0\1P", 4))), HasSubstr("column pr is 'T??P'"));
}

constexpr std::string_view kCidds =
    "Date first seen,Duration,Proto,Src IP Addr,Src Pt,Dst IP Addr,Dst "
    "Pt,Packets,Bytes,Flows,Flags,Tos,class,"
    "attackType,attackID,attackDescription\n";

TEST_F(FlowCsv, Cidds) {
  const Trace trace = read(
      "cidds-csv",
      std::string(kCidds) +
          "2017-03-23 16:38:23.258,    0.002,TCP  ,192.168.220.7,37320,10081_164,80,      12,   1.4 "
          "M,1,.AP.SF,0,normal,---,---,---\n"
          "2017-03-23 "
          "16:38:24.000,0.0,ICMP,ATTACKER1,0,192.168.220.8,8.0,1,60,1,......,0,attacker,pingScan,1,\"a, b\"\n"
          "2017-03-23 16:38:24.000,0.0,UDP,DNS,53,10081_165,5000,2 K,2.1 G,1,0xdb,0,normal,---,---,---\n");
  EXPECT_EQ(trace.time,
            (std::vector<int64_t>{1490287103258000000, 1490287104000000000, 1490287104000000000}));
  EXPECT_EQ(trace.duration[0], 2000000);
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{6, 1, 17}));
  EXPECT_EQ(trace.packets, (std::vector<int64_t>{12, 1, 2000}));
  EXPECT_EQ(trace.bytes, (std::vector<int64_t>{1400000, 60, 2100000000}));
  EXPECT_EQ(trace.dstport, (std::vector<uint16_t>{80, 0, 5000}));
  EXPECT_EQ(trace.tcp_flags, (std::vector<uint8_t>{27, 0, 0}));
  EXPECT_EQ(trace.labels[0], (LabelColumn{"label", {"normal", "attacker"}, {0, 1, 0}}));
  EXPECT_EQ(trace.labels[1], (LabelColumn{"type", {"---", "pingScan"}, {0, 1, 0}}));
  EXPECT_EQ(report_.notes.at("ICMP type/code in the ports set to 0"), 1);
}

TEST_F(FlowCsv, CiddsTokensAreAddressesByAPureFunction) {
  std::string text(kCidds);
  const auto add = [&](const std::string& src, const std::string& dst) {
    text += "2017-03-23 16:38:23.258,0,TCP," + src + ",1," + dst + ",2,1,40,1,......,0,normal,---,---,---\n";
  };
  add("10081_164", "10081_7");
  add("10082_164", "DNS");
  add("EXT_SERVER", "ATTACKER1");
  add("ATTACKER2", "OPENSTACK_NET");
  add("DNS", "10081_164");
  const Trace trace = read("cidds-csv", text);
  // 10081 * 695729 mod 2^20 = 767761 = 0xBB711
  EXPECT_EQ(format_ip(trace.srcip[0]), "75.183.17.164");
  EXPECT_EQ(trace.srcip[0] >> 8, trace.dstip[0] >> 8) << "one network";
  EXPECT_EQ(trace.dstip[0] & 255, 7U);
  EXPECT_NE(trace.srcip[1] >> 8, trace.srcip[0] >> 8);
  EXPECT_EQ(trace.dstip[4], trace.srcip[0]);
  EXPECT_EQ(trace.srcip[4], trace.dstip[1]);
  const std::set<uint32_t> names{trace.dstip[1], trace.srcip[2], trace.dstip[2], trace.srcip[3],
                                 trace.dstip[3]};
  EXPECT_EQ(names.size(), 5U);
  for (const uint32_t name : names) EXPECT_EQ(name >> 28, 5U) << "80.0.0.0/4";
}

TEST_F(FlowCsv, CiddsPrefixesNeverMeet) {
  std::string text(kCidds);
  for (int prefix = 9000; prefix < 29000; ++prefix) {
    text += "2017-03-23 16:38:23.258,0,TCP," + std::to_string(prefix) +
            "_1,1,1.1.1.1,2,1,40,1,......,0,normal,---,---,---\n";
  }
  const Trace trace = read("cidds-csv", text);
  const std::set<uint32_t> networks(trace.srcip.begin(), trace.srcip.end());
  EXPECT_EQ(networks.size(), 20000U);
  EXPECT_EQ(*networks.begin() >> 28, 4U);
  EXPECT_EQ(*networks.rbegin() >> 28, 4U);
}

TEST_F(FlowCsv, CiddsMistakes) {
  const auto line = [](std::string_view src, std::string_view bytes, std::string_view port = "1") {
    return fmt::format("{}2017-03-23 16:38:23.258,0,TCP,{},{},1.1.1.1,2,1,{},1,......,0,normal,---,---,---\n",
                       kCidds, src, port, bytes);
  };
  EXPECT_THAT(wrong("cidds-csv", line("10081_256", "40")), HasSubstr("column Src IP Addr is '10081_256'"));
  EXPECT_THAT(wrong("cidds-csv", line("server", "40")), HasSubstr("column Src IP Addr is 'server'"));
  EXPECT_THAT(wrong("cidds-csv", line("DNS", "1.4 X")), HasSubstr("column Bytes is '1.4 X'"));
  EXPECT_THAT(wrong("cidds-csv", line("DNS", "M")), HasSubstr("column Bytes is 'M'"));
  EXPECT_THAT(wrong("cidds-csv", line("DNS", "40", "8.5")), HasSubstr("column Src Pt is '8.5'"));
}

constexpr std::string_view kTon =
    "src_ip,src_port,dst_ip,dst_port,proto,duration,src_pkts,src_ip_bytes,dst_pkts,dst_ip_bytes,label,type\n";

TEST_F(FlowCsv, TonWithoutTime) {
  const Trace trace = read(
      "ton-csv", std::string(kTon) +
                     "192.168.1.37,4444,192.168.1.193,49178,tcp,290.371539,108,108064,31,3832,1,backdoor\n"
                     "192.168.1.37,3,192.168.1.193,3,icmp,-,1,84,0,0,0,normal\n"
                     "fe80::1,3,ff02::1,3,udp,-,1,84,0,0,0,normal\n");
  EXPECT_TRUE(trace.time.empty());
  EXPECT_EQ(trace.duration, (std::vector<int64_t>{290371539000, 0}));
  EXPECT_EQ(trace.packets, (std::vector<int64_t>{139, 1}));
  EXPECT_EQ(trace.bytes, (std::vector<int64_t>{111896, 84}));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{4444, 0}));
  EXPECT_EQ(trace.labels[0], (LabelColumn{"label", {"1", "0"}, {0, 1}}));
  EXPECT_EQ(trace.labels[1], (LabelColumn{"type", {"backdoor", "normal"}, {0, 1}}));
  EXPECT_EQ(report_.skipped, (Counts{{"IPv6", 1}}));
}

TEST_F(FlowCsv, TonWithTime) {
  const std::string header = "ts," + std::string(kTon);
  const std::string rest = ",1.1.1.1,1,2.2.2.2,2,tcp,1,1,40,1,40,0,normal\n";
  EXPECT_EQ(read("ton-csv", header + "1554198358" + rest + "1554198358.25" + rest).time,
            (std::vector<int64_t>{1554198358000000000, 1554198358250000000}));
  EXPECT_THAT(wrong("ton-csv", header + "-" + rest), HasSubstr("column ts is '-'")) << "no time is invented";
}

constexpr std::string_view kZeekRow =
    "1331901000.260000\tuid\t10.0.0.1\t50504\t10.0.0.2\t80\ttcp\thttp\t0.010000\t182\t214\tSF\t-"
    "\t0\tShADfFa\t4\t398\t3\t382\t(empty)\r\n";

TEST_F(FlowCsv, ZeekWithoutHeader) {
  const Trace trace = read("zeek-conn", std::string(kZeekRow) +
                                            "1331901001.5\tuid\t10.0.0.1\t8\t10.0.0.2\t0\ticmp\t-\t-\t-\t-"
                                            "\tOTH\t-\t0\t-\t2\t56\t0\t0\t(empty)\r\n");
  EXPECT_EQ(trace.time, (std::vector<int64_t>{1331901000260000000, 1331901001500000000}));
  EXPECT_EQ(trace.duration, (std::vector<int64_t>{10000000, 0}));
  EXPECT_EQ(trace.packets, (std::vector<int64_t>{7, 2}));
  EXPECT_EQ(trace.bytes, (std::vector<int64_t>{780, 56}));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{50504, 0}));
  EXPECT_TRUE(trace.labels.empty());
}

TEST_F(FlowCsv, ZeekWithMoreClassicColumns) {
  const Trace twenty = read("zeek-conn", kZeekRow);
  std::string row(kZeekRow);
  row.replace(row.find("\t-\t0\tSh"), 7, "\t-\t-\t0\tS");
  for (int columns = 21; columns <= 23; ++columns) {
    EXPECT_EQ(read("zeek-conn", row), twenty) << columns;
    row.insert(row.size() - 2, "\tmore");
  }
  EXPECT_THAT(wrong("zeek-conn", row), HasSubstr("has 24 columns"));
}

TEST_F(FlowCsv, ZeekWithFieldsLine) {
  const Trace bare = read("zeek-conn", kZeekRow);
  const Trace trace = read(
      "zeek-conn",
      "#separator "
      "\\x09\n#set_separator\t,\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_"
      "p\tproto\t"
      "service\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tmissed_bytes\thistory\torig_pkts\t"
      "orig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n#types\ttime\tstring\n" +
          std::string(kZeekRow) + "#close\t2012-03-16\n");
  EXPECT_EQ(trace, bare);
}

TEST_F(FlowCsv, ZeekLabelledInBothDresses) {
  const Trace trace = read("zeek-conn",
                           "ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,duration,orig_pkts,orig_ip_"
                           "bytes,resp_pkts,resp_ip_bytes,label,detailed-label\n"
                           "1.5,10.0.0.1,1,10.0.0.2,2,udp,,3,180,0,0,Malicious,C&C\n"
                           "2.5,10.0.0.1,1,10.0.0.2,2,unknown_transport,,3,180,0,0,Malicious,C&C\n");
  EXPECT_EQ(trace.labels[0], (LabelColumn{"label", {"Malicious"}, {0}}));
  EXPECT_EQ(trace.labels[1], (LabelColumn{"type", {"C&C"}, {0}}));
  EXPECT_EQ(report_.skipped, (Counts{{"unknown transport protocol", 1}}));
  const Trace tabs = read("zeek-conn",
                          "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_"
                          "pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\t"
                          "tunnel_parents   label   detailed-label\n"
                          "1.5\t10.0.0.1\t1\t10.0.0.2\t2\tudp\t-\t3\t180\t0\t0\t-   Malicious   C&C\n");
  EXPECT_EQ(tabs, trace);
}

TEST_F(FlowCsv, ZeekMistakes) {
  EXPECT_THAT(wrong("zeek-conn", "a\tb\n"), HasSubstr("there is no #fields line"));
  EXPECT_THAT(wrong("zeek-conn", "a,b\n1,2\n"), HasSubstr("no column 'id.orig_h'"));
  std::string row(kZeekRow);
  EXPECT_THAT(
      wrong("zeek-conn", row.replace(row.find("50504"), 5, "-").replace(row.find("\ttcp"), 4, "\txyz")),
      HasSubstr("column proto is 'xyz'"));
}

TEST_F(FlowCsv, HalvesOfLargeFilesKnowCommentsAndCounts) {
  std::string text =
      "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_pkts\torig_ip_"
      "bytes\tresp_pkts\tresp_ip_bytes\n";
  for (int i = 0; i < 100'000; ++i) {
    text +=
        fmt::format("{}.5\t{}\t8\t10.0.0.2\t0\ticmp\t-\t3\t180\t0\t0\n", i, i % 10 == 0 ? "::1" : "10.0.0.1");
  }
  const Trace trace = read("zeek-conn", text + "#close\tnow\n");
  EXPECT_EQ(trace.size(), 90'000U);
  EXPECT_TRUE(std::is_sorted(trace.time.begin(), trace.time.end()));
  EXPECT_EQ(report_.skipped, (Counts{{"IPv6", 10'000}}));
  EXPECT_EQ(report_.notes.at("ICMP type/code in the ports set to 0"), 90'000);
}

}  // namespace
}  // namespace bench
