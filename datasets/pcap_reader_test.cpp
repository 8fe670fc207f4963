#include <gmock/gmock.h>

#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;
using Counts = std::map<std::string, int64_t>;

// 10.0.0.1 -> 10.0.0.2, tos 3, id 0x1234, ttl 61.
Bytes ip(uint8_t proto, const Bytes& payload, int length = -1, int fragment = 0x4000, int first_byte = 0x45) {
  if (length < 0) length = 20 + static_cast<int>(payload.size());
  return big(static_cast<uint64_t>(first_byte), 1) + big(3, 1) + big(static_cast<uint64_t>(length), 2) +
         big(0x1234, 2) + big(static_cast<uint64_t>(fragment), 2) + big(61, 1) + big(proto, 1) + big(0, 2) +
         big(0x0A000001, 4) + big(0x0A000002, 4) + payload;
}

Bytes tcp() {
  return big(1000, 2) + big(80, 2) + Bytes(8, '\0') + big(0x50, 1) + big(0x12, 1) + Bytes(6, '\0');
}
Bytes udp() { return big(53, 2) + big(5000, 2) + big(8, 2) + big(0, 2); }
Bytes ethernet(uint64_t type, const Bytes& payload) { return Bytes(12, 'm') + big(type, 2) + payload; }

class Pcap : public TraceFiles {
 protected:
  static Bytes capture(int link, const std::vector<Bytes>& frames, uint32_t magic = 0xa1b2c3d4) {
    Bytes out = little(magic, 4) + little(2, 2) + little(4, 2) + little(0, 8) + little(65535, 4) +
                little(static_cast<uint64_t>(link), 4);
    for (size_t i = 0; i < frames.size(); ++i) {
      out += little(1000 + i, 4) + little(5, 4) + little(frames[i].size(), 4) + little(frames[i].size(), 4) +
             frames[i];
    }
    return out;
  }
  Trace read(const Bytes& bytes) {
    const auto path = text_file("c.pcap", bytes);
    EXPECT_EQ(detect_format(path), "pcap");
    Trace trace = read_pcap(path, {}, report_);
    EXPECT_NO_THROW(check_trace(trace, "read"));
    return trace;
  }
  Trace read(int link, const std::vector<Bytes>& frames) { return read(capture(link, frames)); }
  std::string wrong(const Bytes& bytes) {
    return message_of(Kind::data, [&] { read_pcap(text_file("c.pcap", bytes), {}, report_); });
  }
  ReadReport report_;
};

constexpr int kEthernet = 1, kRaw = 101;

TEST_F(Pcap, ReadsEveryField) {
  const Trace trace = read(kRaw, {ip(6, tcp()), ip(17, udp()), ip(1, Bytes("\x08\0\x12\x34", 4))});
  EXPECT_EQ(trace.kind, TraceKind::packets);
  EXPECT_EQ(trace.srcip, (std::vector<uint32_t>(3, 0x0A000001)));
  EXPECT_EQ(trace.dstip, (std::vector<uint32_t>(3, 0x0A000002)));
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{1000, 53, 0}));
  EXPECT_EQ(trace.dstport, (std::vector<uint16_t>{80, 5000, 0}));
  EXPECT_EQ(trace.proto, (std::vector<uint8_t>{6, 17, 1}));
  EXPECT_EQ(trace.time, (std::vector<int64_t>{1000000005000, 1001000005000, 1002000005000}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>{40, 28, 24}));
  EXPECT_EQ(trace.tos, (std::vector<uint8_t>(3, 3)));
  EXPECT_EQ(trace.id, (std::vector<uint16_t>(3, 0x1234)));
  EXPECT_EQ(trace.ip_flags, (std::vector<uint8_t>(3, 2)));
  EXPECT_EQ(trace.fragment_offset, (std::vector<uint16_t>(3, 0)));
  EXPECT_EQ(trace.ttl, (std::vector<uint8_t>(3, 61)));
  EXPECT_EQ(trace.tcp_flags, (std::vector<uint8_t>{0x12, 0, 0}));
  EXPECT_EQ(report_.format, "pcap");
  EXPECT_EQ(report_.records, 3);
  EXPECT_TRUE(report_.skipped.empty() && report_.notes.empty());
}

TEST_F(Pcap, KnowsTheLinkTypes) {
  const Bytes packet = ip(6, tcp());
  const Trace expected = read(kRaw, {packet});
  const Bytes tag = big(7, 2);
  const std::vector<std::pair<int, Bytes>> frames{
      {kEthernet, ethernet(0x0800, packet)},
      {kEthernet, ethernet(0x8100, tag + big(0x0800, 2) + packet)},
      {kEthernet, ethernet(0x88a8, tag + big(0x8100, 2) + tag + big(0x0800, 2) + packet)},
      {228, packet},
      {113, Bytes(14, 'c') + big(0x0800, 2) + packet},
      {276, big(0x0800, 2) + Bytes(18, 'c') + packet},
      {0, little(2, 4) + packet},
      {0, big(2, 4) + packet},
      {108, big(2, 4) + packet},
  };
  for (const auto& [link, frame] : frames) EXPECT_EQ(read(link, {frame}), expected) << link;
  EXPECT_THAT(wrong(capture(105, {packet})), HasSubstr("link type 105"));
}

TEST_F(Pcap, TrailingBytesOfTheFrameDoNotCount) {
  EXPECT_EQ(read(kRaw, {ip(6, tcp()) + Bytes(14, 'x')}).length, (std::vector<int32_t>{40}));
  EXPECT_EQ(read(kEthernet, {ethernet(0x0800, ip(17, udp()) + Bytes(18, '\0'))}).length,
            (std::vector<int32_t>{28}));
}

TEST_F(Pcap, CountsWhatItSkips) {
  const Bytes good = ip(6, tcp());
  read(kEthernet,
       {ethernet(0x0800, good), ethernet(0x86dd, Bytes(40, '\x60')), ethernet(0x0806, Bytes(28, 'a')),
        ethernet(0x0026, Bytes(40, 'l')), ethernet(0x8100, "x"), Bytes(10, 'm'),
        ethernet(0x0800, good.substr(0, 19)), ethernet(0x0800, ip(6, tcp(), -1, 0, 0x55)),
        ethernet(0x0800, ip(6, tcp(), -1, 0, 0x44)), ethernet(0x0800, ip(6, tcp(), 19)),
        ethernet(0x8100, big(1, 2) + big(0x86dd, 2)), ethernet(0x1234, good)});
  EXPECT_EQ(report_.skipped, (Counts{{"IPv6", 2},
                                     {"ARP", 1},
                                     {"IEEE 802.3 frame without an EtherType", 1},
                                     {"captured too short for the link header", 2},
                                     {"captured too short for the IPv4 header", 1},
                                     {"IP version neither 4 nor 6", 1},
                                     {"IPv4 header length below 20 bytes", 1},
                                     {"IP total length below the header's", 1},
                                     {"other EtherType", 1}}));
  read(kRaw, {good, Bytes(40, '\x60')});
  EXPECT_EQ(report_.skipped, (Counts{{"IPv6", 1}}));
}

TEST_F(Pcap, TakesWhatWasCaptured) {
  const Bytes whole = ip(6, tcp());
  const Trace trace = read(kRaw, {whole.substr(0, 23), whole.substr(0, 24), whole.substr(0, 33),
                                  whole.substr(0, 34), whole.substr(0, 20)});
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{0, 1000, 1000, 1000, 0}));
  EXPECT_EQ(trace.tcp_flags, (std::vector<uint8_t>{0, 0, 0, 0x12, 0}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>(5, 40)));
  EXPECT_EQ(report_.notes,
            (Counts{{"ports not captured: set to 0", 2}, {"TCP flags not captured: set to 0", 4}}));
}

TEST_F(Pcap, IpOptionsMoveTheTransportHeader) {
  const Trace trace = read(kRaw, {ip(17, Bytes(8, '\x01') + udp(), -1, 0, 0x47)});
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{53}));
  EXPECT_EQ(trace.length, (std::vector<int32_t>{36}));
}

TEST_F(Pcap, LaterFragmentsHaveNoPorts) {
  const Trace trace = read(kRaw, {ip(17, udp(), -1, 0x2000), ip(17, udp(), -1, 185)});
  EXPECT_EQ(trace.srcport, (std::vector<uint16_t>{53, 0}));
  EXPECT_EQ(trace.ip_flags, (std::vector<uint8_t>{1, 0}));
  EXPECT_EQ(trace.fragment_offset, (std::vector<uint16_t>{0, 185}));
  EXPECT_EQ(report_.notes, (Counts{{"later fragment without ports", 1}}));
}

TEST_F(Pcap, LengthZeroIsTakenFromTheFrame) {
  EXPECT_EQ(read(kEthernet, {ethernet(0x0800, ip(6, tcp() + Bytes(3000, 'x'), 0))}).length,
            (std::vector<int32_t>{3040}));
  EXPECT_EQ(report_.notes.size(), 1U);
}

TEST_F(Pcap, KeepsNanosecondsAndEitherByteOrder) {
  const Trace micro = read(kRaw, {ip(6, tcp())});
  EXPECT_EQ(read(capture(kRaw, {ip(6, tcp())}, 0xa1b23c4d)).time, (std::vector<int64_t>{1000000000005}));
  const Bytes frame = ip(6, tcp());
  const Bytes swapped = big(0xa1b2c3d4, 4) + big(2, 2) + big(4, 2) + big(0, 8) + big(65535, 4) + big(101, 4) +
                        big(1000, 4) + big(5, 4) + big(frame.size(), 4) + big(frame.size(), 4) + frame;
  EXPECT_EQ(read(swapped), micro);
}

Bytes pcapng(const Bytes& frame) {
  const auto block = [](uint64_t type, const Bytes& body) {
    return little(type, 4) + little(12 + body.size(), 4) + body + little(12 + body.size(), 4);
  };
  const uint64_t microseconds = 1000 * 1'000'000ULL + 5;
  const Bytes padding((4 - frame.size() % 4) % 4, '\0');
  return block(0x0A0D0D0A, little(0x1A2B3C4D, 4) + little(1, 2) + little(0, 2) + little(UINT64_MAX, 8)) +
         block(1, little(101, 2) + little(0, 2) + little(65535, 4)) +
         block(6, little(0, 4) + little(microseconds >> 32, 4) + little(microseconds & UINT32_MAX, 4) +
                      little(frame.size(), 4) + little(frame.size(), 4) + frame + padding);
}

TEST_F(Pcap, ReadsPcapngAndGzip) {
  const Bytes frame = ip(6, tcp());
  const Trace expected = read(kRaw, {frame});
  EXPECT_EQ(read(pcapng(frame)), expected);
  for (const Bytes& bytes : {pcapng(frame), capture(kRaw, {frame})}) {
    const auto path = gzip_file("c.pcap.gz", bytes);
    EXPECT_EQ(read_trace(path, "auto", {}, report_), expected);
  }
}

TEST_F(Pcap, RefusesFilesCutAnywhere) {
  const Bytes whole = capture(kRaw, {ip(6, tcp()), ip(17, udp())});
  const size_t first_end = 24 + 16 + 40;
  for (size_t size = 0; size < whole.size(); ++size) {
    if (size == first_end) continue;  // a whole file with one packet
    const std::string text = wrong(whole.substr(0, size));
    EXPECT_THAT(text, HasSubstr("c.pcap")) << size;
    EXPECT_EQ(text.find("record 2") != std::string::npos, size > first_end) << size << text;
  }
  const Bytes next = pcapng(ip(6, tcp()));
  EXPECT_THAT(wrong(next.substr(0, next.size() - 3)), HasSubstr("record 1"));
}

TEST_F(Pcap, RefusesCutGzipAndGarbage) {
  std::vector<Bytes> frames(5000, ip(6, tcp()));
  std::mt19937 rng(1);
  for (auto& frame : frames) frame[12] = static_cast<char>(rng());
  const std::string bytes = read_text_file(gzip_file("c.gz", capture(kRaw, frames)));
  EXPECT_THAT(wrong(bytes.substr(0, bytes.size() / 2)), HasSubstr("damaged or cut"));
  EXPECT_THAT(wrong("hello"), HasSubstr("is not a readable capture"));
  EXPECT_THAT(wrong(capture(kEthernet, {ethernet(0x0806, "x")})), HasSubstr("1 skipped: ARP"));
  message_of(Kind::io, [&] { read_pcap(file("missing"), {}, report_); });
  message_of(Kind::io, [&] { read_pcap(file(""), {}, report_); });
}

TEST_F(Pcap, SurvivesFlippedBytes) {
  const Bytes whole = capture(kEthernet, {ethernet(0x0800, ip(6, tcp())),
                                          ethernet(0x8100, big(1, 2) + big(0x0800, 2) + ip(17, udp()))});
  std::mt19937 rng(9);
  int readable = 0;
  for (int i = 0; i < 3000; ++i) {
    Bytes bytes = whole;
    for (int k = 0; k < 3; ++k) bytes[rng() % bytes.size()] = static_cast<char>(rng());
    try {
      check_trace(read_pcap(text_file("c.pcap", bytes), {}, report_), "flipped");
      ++readable;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind, Kind::data) << e.what();
    }
  }
  EXPECT_GT(readable, 100);
  EXPECT_LT(readable, 3000);
}

TEST_F(Pcap, StopsAtMaxRecords) {
  ReadOptions options;
  options.max_records = 2;
  const auto path = text_file("c.pcap", capture(kRaw, std::vector<Bytes>(5, ip(6, tcp()))));
  EXPECT_EQ(read_pcap(path, options, report_).size(), 2U);
}

}  // namespace
}  // namespace bench
