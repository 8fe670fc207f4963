#pragma once
// Trace: a columnar table of header records, of kind packets or flows.
//
// Conventions, stated here once:
//  - time is int64 nanoseconds since 1970-01-01 UTC: capture time of a packet, START of a flow record.
//  Durations
//    are int64 nanoseconds. A source without a time column gives an empty `time`, never an invented one.
//  - IPv4 addresses are unsigned integers in host order (10.0.0.1 = 0x0A000001).
//  - ports are 0 where the protocol has none; proto is the IP protocol number.
//  - length is the IP total length in bytes (header included), not the frame length.
//  - packets and bytes of a flow record are totals of that record.
//  - labels are dictionary coded: codes[i] indexes names; names are in order of first appearance.
//  - a column that the source does not have is an empty vector; all others have size() entries. The
//  five-tuple
//    is always there; packets have length; flows have duration, packets and bytes.
//  - the five IPv4 header columns (tos .. ttl) are all there or all empty.
//  - records keep the order of their source; nothing in a Trace is sorted by itself.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

enum class TraceKind { packets, flows };

std::string_view kind_name(TraceKind kind);

struct LabelColumn {
  std::string name;  ///< "label" or "type"
  std::vector<std::string> names;
  std::vector<int32_t> codes;

  /// The code of a name, added to `names` if it is new.
  int32_t code_of(std::string_view value);
  bool operator==(const LabelColumn&) const = default;
};

struct Trace {
  TraceKind kind = TraceKind::packets;

  std::vector<uint32_t> srcip, dstip;
  std::vector<uint16_t> srcport, dstport;
  std::vector<uint8_t> proto;
  std::vector<int64_t> time;

  // packets
  std::vector<int32_t> length;
  std::vector<uint8_t> tos;
  std::vector<uint16_t> id;
  std::vector<uint8_t>
      ip_flags;  ///< top three bits of the fragment word: 2 = don't fragment, 1 = more fragments
  std::vector<uint16_t> fragment_offset;  ///< in units of 8 bytes
  std::vector<uint8_t> ttl;

  // flows
  std::vector<int64_t> duration, packets, bytes;

  // both kinds, where the source has them
  std::vector<uint8_t> tcp_flags;  ///< FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32; 0 for other protocols
  std::vector<LabelColumn> labels;

  size_t size() const { return srcip.size(); }
  bool has_time() const { return !time.empty() || srcip.empty(); }
  bool has_header() const { return !ttl.empty(); }
  bool operator==(const Trace&) const = default;
};

/// Calls f(name, column) for each numeric column, in a fixed order, empty ones included.
/// T is Trace or const Trace; column is a std::vector of a fixed-width integer.
template <typename T, typename F>
void for_each_column(T& trace, F&& f) {
  f("srcip", trace.srcip);
  f("dstip", trace.dstip);
  f("srcport", trace.srcport);
  f("dstport", trace.dstport);
  f("proto", trace.proto);
  f("time", trace.time);
  f("length", trace.length);
  f("tos", trace.tos);
  f("id", trace.id);
  f("ip_flags", trace.ip_flags);
  f("fragment_offset", trace.fragment_offset);
  f("ttl", trace.ttl);
  f("duration", trace.duration);
  f("packets", trace.packets);
  f("bytes", trace.bytes);
  f("tcp_flags", trace.tcp_flags);
}

/// The records at `rows` in that order (a row may repeat). Indices are below trace.size().
Trace select(const Trace& trace, std::span<const size_t> rows);
/// Records [begin, end).
Trace slice(const Trace& trace, size_t begin, size_t end);
/// Appends the records of a trace with the same columns; names of labels that are new are added.
void append(Trace& to, const Trace& from);
/// Row indices in order of time, stable; the source's order if there is no time.
std::vector<size_t> time_order(const Trace& trace);
/// Throws Error(data) naming `where` if a column has the wrong size, a value is out of its legal range
/// (length 1..65535, ttl, offset < 8192, ip_flags < 8, duration, packets, bytes >= 0, label codes) or a
/// column that the kind needs is missing.
void check_trace(const Trace& trace, std::string_view where);

/// "10.0.0.1" from host-order bits.
std::string format_ip(uint32_t address);
/// Protocol name as NetFlow writes it (TCP, UDP, ICMP, GRE, ESP, IPIP, ...), the number as text if it has
/// none.
std::string proto_name(uint8_t proto);
/// Number of a protocol name in any case ("tcp", "IPv6-ICMP") or of a decimal text 0..255; -1 if it is
/// neither.
int proto_number(std::string_view name);
/// True for protocols whose header has ports: TCP 6, UDP 17, DCCP 33, SCTP 132, UDP-Lite 136.
bool has_ports(uint8_t proto);

}  // namespace bench
