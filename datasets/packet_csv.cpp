// Packets as CSV with a header line. Columns (other names through ReadOptions::columns, our name -> header
// name):
//   time or time_rel  "2009-12-18 00:32:26.775991" in UTC, or decimal seconds, since 1970 or since the first
//   packet;
//                     may be missing
//   srcip, dstip      dotted
//   srcport, dstport  0..65535; empty = unknown = 0, noted
//   proto or wireshark_proto   an IP protocol, or the application protocol that Wireshark shows for the
//   packet length or frame_len        IP total length, or the captured frame's length
// Two samples are known by these names: UNI1 (time..proto,frame_len) and MACCDC 2012
// (time_rel..wireshark_proto, frame_len).
//
// IP length = frame_len - ReadOptions::frame_overhead. Unless that is given it is 18 bytes: 14 of Ethernet
// and 4 of the frame check sequence (UNI1) or a VLAN tag (MACCDC, whose TCP SYN frames of 66, 70 and 78 bytes
// are the well-known 48, 52 and 60 bytes of IP and whose longest frame has 1518). It is 14 where a frame is
// shorter than 64 bytes, the least with those 4, or the longest has 1514, a full one without them. Small
// frames were padded, so a few lengths are too long; none is shorter than its protocol's headers.
//
// An application protocol becomes TCP or UDP by a list; a name that is not in it by the ports (those of the
// usual UDP services: UDP, others: TCP); without ports, or without IPv4 addresses (ARP, STP), the record is
// skipped and counted.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "datasets/csv_dialect.h"
#include "datasets/ip_header.h"

namespace bench {
namespace {

constexpr int32_t kShortestTaggedFrame = 64;
constexpr int32_t kLongestPlainFrame = 1514;
constexpr int32_t kPlainOverhead = 14;
constexpr int32_t kTaggedOverhead = 18;
constexpr size_t kMostReasons = 50;

// Compared as prefixes: "TLS" takes TLSv1 and TLSv1.2.
constexpr std::array<std::string_view, 33> kOverTcp{
    "HTTP", "TLS",  "SSL",    "SSH",   "FTP",  "SMTP",   "IMAP", "POP",     "TELNET", "PGSQL", "MySQL",
    "TDS",  "TNS",  "SMB",    "NBSS",  "LDAP", "RDP",    "TPKT", "COTP",    "BGP",    "IRC",   "X11",
    "VNC",  "RTSP", "DCERPC", "SOCKS", "RSH",  "Rlogin", "NFS",  "Portmap", "AJP13",  "GIOP",  "Kpasswd"};
constexpr std::array<std::string_view, 31> kOverUdp{
    "DNS",  "MDNS", "LLMNR",  "NBNS", "NBDS", "BROWSER", "DHCP",  "BOOTP",  "NTP",     "SNMP",   "TFTP",
    "SSDP", "QUIC", "Syslog", "RIP",  "SIP",  "RTP",     "RTCP",  "STUN",   "ISAKMP",  "RADIUS", "CLDAP",
    "DTLS", "GTP",  "L2TP",   "HSRP", "KRB5", "SRVLOC",  "XDMCP", "DB-LSP", "MANOLITO"};
constexpr std::array<uint16_t, 16> kUdpPorts{53,  67,  68,  69,  123,  137,  138,  161,
                                             162, 500, 514, 520, 1900, 4500, 5353, 5355};

template <size_t N>
bool starts_with_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::any_of(list.begin(), list.end(),
                     [text](std::string_view name) { return text.starts_with(name); });
}

// -1 if the name alone does not tell.
int protocol_of(std::string_view name) {
  const int number = proto_number(name);
  if (number >= 0) return number;
  if (starts_with_one_of(name, kOverTcp)) return kTcp;
  return starts_with_one_of(name, kOverUdp) ? kUdp : -1;
}

struct Columns {
  int time, srcip, dstip, srcport, dstport, proto, length;
  bool frames = false;
};

Columns find_columns(const CsvFile& file, const ReadOptions& options) {
  const std::vector<std::string> ours{"time",    "srcip", "dstip",  "srcport",
                                      "dstport", "proto", "length", "frame_len"};
  for (const auto& [name, header] : options.columns) {
    if (std::find(ours.begin(), ours.end(), name) == ours.end()) {
      fail(Kind::config, "'{}' is not a column of packet-csv; {} would be right", name,
           fmt::format("{}", fmt::join(ours, ", ")));
    }
  }
  const auto find = [&](const std::string& name, std::string_view other) {
    const auto mapped = options.columns.find(name);
    if (mapped != options.columns.end()) return file.need(mapped->second);
    const int column = file.find(name);
    return column < 0 && !other.empty() ? file.find(other) : column;
  };
  const auto need = [&](const std::string& name, std::string_view other = {}) {
    const int column = find(name, other);
    return column < 0 ? file.need(name) : column;
  };
  Columns columns{
      find("time", "time_rel"),         need("srcip"),      need("dstip"), need("srcport"), need("dstport"),
      need("proto", "wireshark_proto"), find("length", ""), false};
  columns.frames = columns.length < 0;
  if (columns.frames) columns.length = need("frame_len");
  return columns;
}

class PacketReader {
 public:
  PacketReader(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport& report)
      : file_(file),
        options_(options),
        tally_(tally),
        report_(report),
        columns_(find_columns(file, options)) {}

  Trace read() {
    while (wants_more(trace_, options_) && file_.next()) {
      FiveTuple tuple;
      if (!read_tuple(tuple)) continue;
      push_tuple(trace_, tuple);
      trace_.length.push_back(static_cast<int32_t>(file_.integer(columns_.length, 1, kLongestPacket + 64)));
      if (columns_.time >= 0) trace_.time.push_back(read_time());
      reserve_for(file_, options_, trace_);
    }
    set_lengths();
    add_count(report_.notes, "no ports in the file: set to 0", no_ports_);
    add_count(report_.notes, "transport protocol taken from the ports", guessed_);
    return std::move(trace_);
  }

 private:
  // False if the record was skipped.
  bool read_tuple(FiveTuple& tuple) {
    const std::string_view name = file_[columns_.proto];
    int proto = protocol_of(name);
    uint32_t ignored = 0;
    if (proto < 0 &&
        (!parse_dotted(file_[columns_.srcip], ignored) || !parse_dotted(file_[columns_.dstip], ignored))) {
      return skip(name);
    }
    if (!file_.address(columns_.srcip, tuple.srcip) || !file_.address(columns_.dstip, tuple.dstip)) {
      ++tally_.ipv6;
      return false;
    }
    const bool ports = !file_[columns_.srcport].empty() && !file_[columns_.dstport].empty();
    if (ports) {
      tuple.srcport = file_.port(columns_.srcport);
      tuple.dstport = file_.port(columns_.dstport);
    }
    if (proto < 0) {
      if (!ports) return skip(name);
      const auto udp = [](uint16_t port) {
        return std::find(kUdpPorts.begin(), kUdpPorts.end(), port) != kUdpPorts.end();
      };
      proto = udp(tuple.srcport) || udp(tuple.dstport) ? kUdp : kTcp;
      ++guessed_;
    }
    tuple.proto = static_cast<uint8_t>(proto);
    if (!ports && has_ports(tuple.proto)) ++no_ports_;
    drop_ports(tuple, tally_);
    return true;
  }

  bool skip(std::string_view name) {
    const bool room = report_.skipped.size() < kMostReasons;
    ++report_.skipped[room && name.size() < 40 ? "protocol '" + std::string(name) + "'" : "other protocols"];
    return false;
  }

  int64_t read_time() {
    if (file_[columns_.time].find(':') != std::string_view::npos) return file_.utc(columns_.time);
    return file_.time(columns_.time, 9, "a time in seconds, or one such as 2009-12-18 00:32:26.775991");
  }

  void set_lengths() {
    if (trace_.length.empty()) return;
    int32_t overhead = 0;
    if (columns_.frames) {
      const auto [least, most] = std::minmax_element(trace_.length.begin(), trace_.length.end());
      const bool plain = *least < kShortestTaggedFrame || *most == kLongestPlainFrame;
      overhead = plain ? kPlainOverhead : kTaggedOverhead;
      if (options_.frame_overhead >= 0)
        overhead = static_cast<int32_t>(std::min<int64_t>(options_.frame_overhead, kLongestPacket));
      add_count(report_.notes, fmt::format("IP length = frame length - {}", overhead),
                static_cast<int64_t>(trace_.size()));
    }
    int64_t raised = 0;
    for (size_t i = 0; i < trace_.size(); ++i) {
      const int32_t least = kIpHeaderBytes + transport_header_bytes(trace_.proto[i]);
      const int32_t length = std::min(trace_.length[i] - overhead, kLongestPacket);
      raised += length < least ? 1 : 0;
      trace_.length[i] = std::max(length, least);
    }
    add_count(report_.notes, "IP length raised to its headers", raised);
  }

  CsvFile& file_;
  const ReadOptions& options_;
  Tally& tally_;
  ReadReport& report_;
  Columns columns_;
  Trace trace_;
  int64_t no_ports_ = 0, guessed_ = 0;
};

}  // namespace

Trace read_packet_csv(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  constexpr auto kRead = [](CsvFile& file, const ReadOptions& wanted, Tally& tally, ReadReport& part) {
    return PacketReader(file, wanted, tally, part).read();
  };
  // The frame overhead depends on all records: not by halves.
  return read_csv({"packet-csv", {}, [](CsvFile& file) { file.take_header(); }, kRead, false}, path, options,
                  report);
}

}  // namespace bench
