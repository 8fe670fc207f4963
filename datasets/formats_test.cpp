#include "datasets/formats.h"

#include <gmock/gmock.h>

#include <set>

#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;

class Formats : public TraceFiles {};

TEST(AllFormats, HaveIdsOfTheirOwn) {
  std::set<std::string_view> ids;
  for (const auto& entry : all_formats()) {
    EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
    EXPECT_FALSE(entry.summary.empty());
    EXPECT_NE(entry.read, nullptr);
  }
  EXPECT_EQ(ids, (std::set<std::string_view>{"pcap", "netshare-csv", "ugr16-csv", "cidds-csv", "ton-csv",
                                             "zeek-conn", "packet-csv", "hdf5"}));
}

TEST_F(Formats, AreDetectedByContentThroughGzip) {
  const std::vector<std::pair<std::string, std::string>> samples{
      {"netshare-csv", "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n"},
      {"netshare-csv",
       "srcip,dstip,srcport,dstport,proto,time,pkt_len,version,ihl,tos,id,flag,off,ttl,chksum\n"},
      {"ugr16-csv", "\n2016-04-11 00:01:34,5.0,1.1.1.1,2.2.2.2,1,2,TCP,.AP.S.,0,0,9,1807,background\n"},
      {"ugr16-csv", "te,td,sa,da,sp,dp,pr,flg,fwd,stos,pkt,byt,label\r\n"},
      {"cidds-csv",
       "Date first seen,Duration,Proto,Src IP Addr,Src Pt,Dst IP Addr,Dst Pt,Packets,Bytes,Flows\n"},
      {"ton-csv", "ts,src_ip,src_port,dst_ip,dst_port,proto,duration,src_pkts,dst_pkts\n"},
      {"zeek-conn", "#separator \\x09\n"},
      {"zeek-conn", "ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p\n"},
      {"zeek-conn", "1.5\tC\t1.1.1.1\t1\t2.2.2.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t0\tS\t1\t44\t0\t0\t(empty)\r\n"},
      {"packet-csv", "time,srcip,dstip,srcport,dstport,proto,frame_len\r\n"},
      {"packet-csv",
       "\xEF\xBB\xBF"
       "time_rel,srcip,dstip,srcport,dstport,wireshark_proto,frame_len\n"},
      {"pcap", "\xd4\xc3\xb2\xa1 and so on"},
      {"pcap", "\xa1\xb2\x3c\x4d and so on"},
      {"pcap", "\x0a\x0d\x0d\x0a and so on"},
  };
  for (const auto& [id, text] : samples) {
    EXPECT_EQ(detect_format(text_file("any.txt", text)), id) << text;
    EXPECT_EQ(detect_format(gzip_file("any.gz", text)), id) << text;
  }
}

TEST_F(Formats, RefusesTheUnknownByNamingTheKnown) {
  for (const std::string_view text : {"", "hello world\n", "a,b,c\n1,2,3\n",
                                      "\x7f"
                                      "ELF\1\2\3",
                                      "\n\n\n", "te,td\n"}) {
    const auto path = text_file("what", text);
    EXPECT_THAT(message_of(Kind::data, [&] { detect_format(path); }), HasSubstr("netshare-csv")) << text;
  }
  EXPECT_THAT(message_of(Kind::data, [&] { detect_format(gzip_file("h.gz", "\x89HDF\r\n\x1a\n")); }),
              HasSubstr("gunzip"));
  message_of(Kind::io, [&] { detect_format(file("missing")); });
  EXPECT_THAT(message_of(Kind::io, [&] { detect_format(file("")); }), HasSubstr("is a directory"));
}

TEST_F(Formats, RoundTripByExtension) {
  const Trace flows = random_trace(TraceKind::flows, 300, 61);
  ReadReport report;
  for (const char* name : {"t.csv", "t.h5"}) {
    write_trace(flows, file(name));
    EXPECT_EQ(read_trace(file(name), "auto", {}, report), flows) << name;
  }
  EXPECT_THAT(message_of(Kind::config, [&] { write_trace(flows, file("t.txt")); }), HasSubstr("'.txt'"));
  EXPECT_THAT(message_of(Kind::config, [&] { read_trace(file("t.csv"), "csv", {}, report); }),
              HasSubstr("'csv'"));
}

// Each text reader meets random damage to a legal file: it reads it or says where the mistake is, nothing
// else.
TEST_F(Formats, TextReadersSurviveDamage) {
  const std::vector<std::pair<std::string, std::string>> samples{
      {"netshare-csv",
       "srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt,type\n1,2,3,4,TCP,5.5,6,7,8,x\n9,10.0.0.1,11,12,17,"
       "13,14,15,16,\"y\"\n"},
      {"netshare-csv",
       "srcip,dstip,srcport,dstport,proto,time,pkt_len,tos,id,flag,off,ttl\n1,2,3,4,TCP,5,40,0,1,2,0,64\n"},
      {"ugr16-csv", "2016-04-11 00:01:34,5.0,1.1.1.1,2.2.2.2,1,2,TCP,.AP.S.,0,0,9,1807,background\n"},
      {"cidds-csv",
       "Date first seen,Duration,Proto,Src IP Addr,Src Pt,Dst IP Addr,Dst "
       "Pt,Packets,Bytes,Flows,Flags,Tos,class,attackType\n"
       "2017-03-23 16:38:23.258,0.1,TCP,DNS,1,10081_164,8.0,1,1.4 M,1,.A....,0,normal,---\n"},
      {"ton-csv",
       "src_ip,src_port,dst_ip,dst_port,proto,duration,src_pkts,src_ip_bytes,dst_pkts,dst_ip_bytes,type\n1.1."
       "1.1,1,2.2.2.2,2,udp,-,1,2,3,4,x\n"},
      {"zeek-conn", "1.5\tC\t1.1.1.1\t1\t2.2.2.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t0\tS\t1\t44\t0\t0\t(empty)\r\n"},
      {"packet-csv",
       "time,srcip,dstip,srcport,dstport,proto,frame_len\n2009-12-18 "
       "00:32:26.7,1.1.1.1,2.2.2.2,1,2,DNS,64\n"},
  };
  std::mt19937 rng(62);
  for (const auto& [id, text] : samples) {
    ReadReport report;
    EXPECT_NO_THROW(read_trace(text_file("good", text), id, {}, report)) << id;
    int readable = 0;
    for (int i = 0; i < 400; ++i) {
      std::string bytes = text;
      const size_t at = rng() % bytes.size();
      if (i % 4 == 0) {
        bytes.erase(at, 1 + rng() % 8);
      } else {
        bytes[at] = static_cast<char>(i % 2 == 0 ? rng() : static_cast<unsigned>("0,.-\n:\"e"[rng() % 8]));
      }
      try {
        check_trace(read_trace(text_file("bad", bytes), id, {}, report), "damaged");
        ++readable;
      } catch (const Error& e) {
        EXPECT_EQ(e.kind, Kind::data) << e.what();
        EXPECT_THAT(e.what(), HasSubstr("bad: "));
      }
    }
    EXPECT_GT(readable, 0) << id;
    EXPECT_LT(readable, 400) << id;
  }
}

}  // namespace
}  // namespace bench
