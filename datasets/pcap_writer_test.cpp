#include <gmock/gmock.h>

#include <algorithm>

#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;

class PcapWriter : public TraceFiles {
 protected:
  ReadReport report_;

  // Sum of the 16-bit words of [begin, end), folded: 0xffff if a checksum inside is right.
  static uint32_t folded(const Bytes& bytes, size_t begin, size_t end, uint32_t sum = 0) {
    for (size_t i = begin; i < end; i += 2)
      sum += static_cast<uint32_t>(static_cast<uint8_t>(bytes[i]) << 8 | static_cast<uint8_t>(bytes[i + 1]));
    while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff);
    return sum;
  }
};

// What a capture can hold: ports only where the packet has them, times in microseconds, legal lengths.
Trace capturable(size_t records, uint64_t seed) {
  Trace trace = random_trace(TraceKind::packets, records, seed);
  for (size_t i = 0; i < records; ++i) {
    trace.time[i] = trace.time[i] % 2'147'483'647'000'000'000 / 1000 * 1000;
    trace.length[i] = std::max(trace.length[i], 40);
    const bool ports = has_ports(trace.proto[i]) && trace.fragment_offset[i] == 0;
    if (!ports) trace.srcport[i] = trace.dstport[i] = 0;
    if (!ports || trace.proto[i] != 6) trace.tcp_flags[i] = 0;
  }
  return trace;
}

TEST_F(PcapWriter, RoundTrips) {
  const Trace trace = capturable(5000, 51);
  write_pcap(trace, file("t.pcap"));
  EXPECT_EQ(read_pcap(file("t.pcap"), {}, report_), trace);
  EXPECT_TRUE(report_.skipped.empty());
  EXPECT_FALSE(std::filesystem::exists(file("t.pcap.tmp")));
}

TEST_F(PcapWriter, RoundsTimesToMicroseconds) {
  Trace trace = capturable(3, 52);
  trace.time = {1'499, 1'500, 999'999'999};
  write_pcap(trace, file("t.pcap"));
  EXPECT_EQ(read_pcap(file("t.pcap"), {}, report_).time, (std::vector<int64_t>{1000, 2000, 1'000'000'000}));
}

TEST_F(PcapWriter, HeadersAreLegal) {
  Trace trace = capturable(2000, 53);
  for (auto& length : trace.length) length = length % 80 + 1;  // many too short for their headers
  write_pcap(trace, file("t.pcap"));
  const Bytes bytes = read_text_file(file("t.pcap"));
  EXPECT_EQ(bytes.substr(20, 4), little(101, 4)) << "link type raw IP";
  size_t at = 24;
  for (size_t i = 0; i < trace.size(); ++i) {
    const auto word = [&](size_t offset, size_t size) {
      uint64_t value = 0;
      for (size_t k = size; k-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + offset + k]);
      return value;
    };
    const size_t captured = word(8, 4), length = word(12, 4);
    const Bytes packet = bytes.substr(at + 16, captured);
    ASSERT_GE(length, captured);
    ASSERT_GE(length, static_cast<size_t>(trace.length[i]));
    EXPECT_EQ(packet.substr(2, 2), big(length, 2));
    EXPECT_EQ(folded(packet, 0, 20), 0xffffU) << "IPv4 header checksum";
    const bool first = trace.fragment_offset[i] == 0;
    if (trace.proto[i] == 6 && first) {
      ASSERT_EQ(captured, 40U);
      EXPECT_EQ(folded(packet, 12, 40, 6 + static_cast<uint32_t>(length) - 20), 0xffffU)
          << "TCP checksum of a payload of zeros";
    } else if (trace.proto[i] == 17 && first) {
      EXPECT_EQ(packet.substr(24), big(length - 20, 2) + big(0, 2));
    } else if (!first) {
      EXPECT_EQ(captured, 20U);
    }
    at += 16 + captured;
  }
  EXPECT_EQ(at, bytes.size());
}

TEST_F(PcapWriter, FillsWhatATraceDoesNotHave) {
  Trace trace;
  trace.srcip = {1};
  trace.dstip = {2};
  trace.srcport = {3};
  trace.dstport = {4};
  trace.proto = {6};
  trace.time = {0};
  trace.length = {1};
  write_pcap(trace, file("t.pcap"));
  const Trace back = read_pcap(file("t.pcap"), {}, report_);
  EXPECT_EQ(back.ttl, (std::vector<uint8_t>{64}));
  EXPECT_EQ(back.tcp_flags, (std::vector<uint8_t>{16}));
  EXPECT_EQ(back.length, (std::vector<int32_t>{40}));
}

TEST_F(PcapWriter, RefusesWhatACaptureCannotHold) {
  message_of(Kind::unsupported, [&] { write_trace(random_trace(TraceKind::flows, 3, 54), file("t.pcap")); });
  Trace trace = capturable(3, 55);
  trace.time[1] = -1;
  EXPECT_THAT(message_of(Kind::data, [&] { write_pcap(trace, file("t.pcap")); }),
              HasSubstr("record 2: the time is -1 ns"));
  trace.time.clear();
  message_of(Kind::unsupported, [&] { write_pcap(trace, file("t.pcap")); });
  message_of(Kind::io, [&] { write_pcap(capturable(3, 55), file("no/t.pcap")); });
  EXPECT_FALSE(std::filesystem::exists(file("t.pcap")));
  EXPECT_FALSE(std::filesystem::exists(file("t.pcap.tmp")));
}

}  // namespace
}  // namespace bench
