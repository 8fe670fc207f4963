// Packets as a classic pcap file of link type 101 (raw IP), microseconds, headers only: the captured bytes
// end with the transport header while the packet's length on the wire is the IP total length.
//
// What a trace does not have is filled so that Wireshark and tcpdump find nothing to complain about: payloads
// count as zero bytes (they add nothing to a TCP checksum), a UDP checksum of 0 means none, ICMP is an echo
// request, TCP has the flag ACK, TTL is 64. An IP length that is too short for the packet's headers is raised
// to them.

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/error.h"
#include "datasets/formats.h"
#include "datasets/ip_header.h"
#include "datasets/output_file.h"

namespace bench {
namespace {

constexpr int kSnapshotBytes = 65535;
constexpr uint8_t kDefaultTtl = 64;
constexpr uint8_t kAck = 16;
constexpr uint8_t kTcpDataOffset = 5 << 4;
constexpr uint16_t kTcpWindow = 65535;
constexpr uint8_t kEchoRequest = 8;
constexpr int32_t kPortBytes = 4;
constexpr int64_t kMicroseconds = 1'000'000;
constexpr size_t kBufferBytes = 1 << 20;

struct CloseCapture {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
struct CloseDump {
  void operator()(pcap_dumper_t* dump) const { pcap_dump_close(dump); }
};

/// The headers of one packet.
struct Packet {
  std::array<u_char, 64> bytes{};
  int32_t captured = kIpHeaderBytes;
  int32_t length = 0;

  void put16(size_t at, uint32_t value) {
    bytes[at] = static_cast<u_char>(value >> 8);
    bytes[at + 1] = static_cast<u_char>(value);
  }
  void put32(size_t at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
  }
  uint32_t sum(size_t begin, size_t end) const {
    uint32_t total = 0;
    for (size_t i = begin; i < end; i += 2) total += static_cast<uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    return total;
  }
};

// Internet checksum (RFC 1071) of a sum of 16-bit words.
uint32_t checksum(uint32_t sum) {
  while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff);
  return ~sum & 0xffff;
}

void put_tcp(Packet& packet, uint8_t flags) {
  packet.bytes[32] = kTcpDataOffset;
  packet.bytes[33] = flags;
  packet.put16(34, kTcpWindow);
  packet.captured = 40;
  const auto segment = static_cast<uint32_t>(packet.length - kIpHeaderBytes);
  packet.put16(36, checksum(packet.sum(12, 40) + kTcp + segment));
}

void put_transport(Packet& packet, const Trace& trace, size_t row) {
  const uint8_t proto = trace.proto[row];
  if (has_ports(proto)) {
    packet.put16(20, trace.srcport[row]);
    packet.put16(22, trace.dstport[row]);
    packet.captured = kIpHeaderBytes + kPortBytes;
  }
  if (proto == kTcp) {
    put_tcp(packet, trace.tcp_flags.empty() ? kAck : trace.tcp_flags[row]);
  } else if (proto == kUdp) {
    packet.put16(24, static_cast<uint32_t>(packet.length - kIpHeaderBytes));
    packet.captured = 28;
  } else if (proto == kIcmp) {
    packet.bytes[20] = kEchoRequest;
    packet.put16(22, checksum(uint32_t{kEchoRequest} << 8));
    packet.captured = 28;
  }
}

Packet make_packet(const Trace& trace, size_t row) {
  const bool header = trace.has_header();
  const uint16_t offset = header ? trace.fragment_offset[row] : uint16_t{0};
  const int32_t transport = offset > 0 ? 0 : transport_header_bytes(trace.proto[row]);
  Packet packet;
  packet.length = std::max(trace.length[row], kIpHeaderBytes + transport);
  packet.bytes[0] = 0x45;
  packet.put16(2, static_cast<uint32_t>(packet.length));
  packet.bytes[8] = kDefaultTtl;
  packet.bytes[9] = trace.proto[row];
  if (header) {
    packet.bytes[1] = trace.tos[row];
    packet.put16(4, trace.id[row]);
    packet.put16(6, static_cast<uint32_t>(trace.ip_flags[row] << 13 | offset));
    packet.bytes[8] = trace.ttl[row];
  }
  packet.put32(12, trace.srcip[row]);
  packet.put32(16, trace.dstip[row]);
  packet.put16(10, checksum(packet.sum(0, 20)));
  if (offset == 0) put_transport(packet, trace, row);
  return packet;
}

pcap_pkthdr make_header(const Trace& trace, size_t row, const Packet& packet,
                        const std::filesystem::path& path) {
  const int64_t time = trace.time[row];
  const int64_t microseconds = time / 1000 + (time % 1000 >= 500 ? 1 : 0);
  if (time < 0 || microseconds / kMicroseconds > INT32_MAX) {  // libpcap reads the seconds with a sign
    fail(Kind::data, "{}: record {}: the time is {} ns; 0 to 2^31 - 1 seconds would be right", path.string(),
         row + 1, time);
  }
  pcap_pkthdr header{};
  header.ts.tv_sec = microseconds / kMicroseconds;
  header.ts.tv_usec = microseconds % kMicroseconds;
  header.caplen = static_cast<bpf_u_int32>(packet.captured);
  header.len = static_cast<bpf_u_int32>(packet.length);
  return header;
}

}  // namespace

void write_pcap(const Trace& trace, const std::filesystem::path& path) {
  if (trace.kind == TraceKind::flows) {
    fail(Kind::unsupported, "{}: flow records cannot be written as packets; .csv or .h5 would be right",
         path.string());
  }
  if (!trace.has_time()) {
    fail(Kind::unsupported, "{}: the trace has no times, which a capture needs; .csv or .h5 would be right",
         path.string());
  }
  OutputFile file(path);
  const std::unique_ptr<pcap_t, CloseCapture> capture(pcap_open_dead(DLT_RAW, kSnapshotBytes));
  std::vector<char> buffer(kBufferBytes);
  std::FILE* stream = file.release();
  std::setvbuf(stream, buffer.data(), _IOFBF, buffer.size());
  std::unique_ptr<pcap_dumper_t, CloseDump> dump(pcap_dump_fopen(capture.get(), stream));
  if (!dump) {
    std::fclose(stream);
    fail(Kind::io, "{}: cannot be written: {}", path.string(), pcap_geterr(capture.get()));
  }
  for (size_t row = 0; row < trace.size(); ++row) {
    const Packet packet = make_packet(trace, row);
    const pcap_pkthdr header = make_header(trace, row, packet, path);
    pcap_dump(reinterpret_cast<u_char*>(dump.get()), &header, packet.bytes.data());
  }
  if (pcap_dump_flush(dump.get()) != 0 || std::ferror(stream) != 0) {
    fail(Kind::io, "{}: cannot be written; is the disk full?", path.string());
  }
  dump.reset();
  file.finish();
}

}  // namespace bench
