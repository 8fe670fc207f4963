// Captures (pcap and pcapng, plain or gzip) through libpcap, packet by packet.
// Kept: every IPv4 packet whose captured bytes hold the whole IPv4 header. length is the IP total length,
// never the frame's. Ports and TCP flags come from the transport header where it was captured; later
// fragments have none.

#include <pcap/pcap.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "core/error.h"
#include "datasets/byte_source.h"
#include "datasets/csv_dialect.h"
#include "datasets/formats.h"
#include "datasets/ip_header.h"

namespace bench {
namespace {

constexpr uint16_t kEtherIpv4 = 0x0800, kEtherIpv6 = 0x86dd, kEtherArp = 0x0806;
constexpr uint16_t kEtherVlan = 0x8100, kEtherServiceVlan = 0x88a8, kEtherOldVlan = 0x9100;
constexpr uint16_t kLeastEtherType = 0x0600;
constexpr int kDltIpv4 = DLT_IPV4, kDltIpv6 = DLT_IPV6;
constexpr size_t kStreamBuffer = 1 << 20;
constexpr size_t kPacketsBeforeReserve = 8192;
constexpr int64_t kLastSecond = 9'000'000'000;  // int64 nanoseconds end soon after

uint16_t big16(const u_char* p) { return static_cast<uint16_t>(p[0] << 8 | p[1]); }
uint32_t big32(const u_char* p) { return static_cast<uint32_t>(big16(p)) << 16 | big16(p + 2); }

/// A C stream over a ByteSource. Errors are kept: an exception must not pass through the C library.
class SourceStream {
 public:
  explicit SourceStream(const std::filesystem::path& path) : source_(path), buffer_(kStreamBuffer) {
    cookie_io_functions_t functions{};
    functions.read = [](void* self, char* bytes, size_t size) -> ssize_t {
      auto& stream = *static_cast<SourceStream*>(self);
      try {
        const size_t n = stream.source_.read(bytes, size);
        stream.bytes_read_ += static_cast<int64_t>(n);
        return static_cast<ssize_t>(n);
      } catch (...) {
        stream.error_ = std::current_exception();
        return -1;
      }
    };
    file_ = fopencookie(this, "rb", functions);
    if (file_ == nullptr) fail(Kind::io, "{}: no stream can be opened", path.string());
    std::setvbuf(file_, buffer_.data(), _IOFBF, buffer_.size());
  }
  ~SourceStream() {
    if (file_ != nullptr) std::fclose(file_);
  }
  SourceStream(const SourceStream&) = delete;
  SourceStream& operator=(const SourceStream&) = delete;

  std::FILE* get() const { return file_; }
  void given_away() { file_ = nullptr; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }
  int64_t bytes_read() const { return bytes_read_; }
  const ByteSource& source() const { return source_; }

 private:
  ByteSource source_;
  std::vector<char> buffer_;
  std::FILE* file_ = nullptr;
  std::exception_ptr error_;
  int64_t bytes_read_ = 0;
};

struct Close {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};

/// The network packet inside a frame; nothing but a reason where there is no IPv4.
struct Payload {
  const u_char* bytes = nullptr;
  uint32_t captured = 0;
  uint32_t on_wire = 0;
  const char* skipped = nullptr;
};

class PcapReader {
 public:
  PcapReader(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report)
      : path_(path), options_(options), report_(report), stream_(path) {
    char problem[PCAP_ERRBUF_SIZE] = {};
    capture_.reset(
        pcap_fopen_offline_with_tstamp_precision(stream_.get(), PCAP_TSTAMP_PRECISION_NANO, problem));
    stream_.rethrow();
    if (!capture_) fail(Kind::data, "{}: is not a readable capture: {}", path.string(), problem);
    stream_.given_away();
    link_ = pcap_datalink(capture_.get());
    switch (link_) {
      case DLT_EN10MB:
      case DLT_RAW:
      case kDltIpv4:
      case kDltIpv6:
      case DLT_LINUX_SLL:
      case DLT_LINUX_SLL2:
      case DLT_NULL:
      case DLT_LOOP:
        break;
      default: {
        const char* name = pcap_datalink_val_to_name(link_);
        fail(Kind::data,
             "{}: has link type {} ({}); Ethernet, raw IP, Linux cooked or loopback would be right",
             path.string(), link_, name == nullptr ? "unknown" : name);
      }
    }
  }

  Trace read() {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    while (wants_more(trace_, options_)) {
      const int status = pcap_next_ex(capture_.get(), &header, &bytes);
      if (status == PCAP_ERROR_BREAK) break;
      ++record_;
      if (status != 1) {
        stream_.rethrow();
        fail(Kind::data, "{}: record {}: cannot be read: {}", path_.string(), record_,
             pcap_geterr(capture_.get()));
      }
      const char* skipped = take(*header, bytes);
      if (skipped != nullptr) ++report_.skipped[skipped];
      if (trace_.size() == kPacketsBeforeReserve) reserve();
    }
    report_.records = static_cast<int64_t>(trace_.size());
    add_count(report_.notes, "ports not captured: set to 0", no_ports_);
    add_count(report_.notes, "later fragment without ports", later_fragments_);
    add_count(report_.notes, "TCP flags not captured: set to 0", no_flags_);
    add_count(report_.notes, "IP total length 0 (segmentation offload): taken from the frame", offloaded_);
    require_records(trace_, path_, report_);
    return std::move(trace_);
  }

 private:
  Payload payload(const pcap_pkthdr& header, const u_char* bytes) const;
  const char* take(const pcap_pkthdr& header, const u_char* bytes);
  void take_transport(const Payload& packet, uint32_t ip_header_bytes);
  void reserve();

  const std::filesystem::path& path_;
  const ReadOptions& options_;
  ReadReport& report_;
  SourceStream stream_;
  std::unique_ptr<pcap_t, Close> capture_;
  int link_ = 0;
  Trace trace_;
  int64_t record_ = 0, no_ports_ = 0, later_fragments_ = 0, no_flags_ = 0, offloaded_ = 0;
};

const char* reason_of(uint16_t ether_type) {
  switch (ether_type) {
    case kEtherIpv6:
      return "IPv6";
    case kEtherArp:
      return "ARP";
    case 0x8847:
    case 0x8848:
      return "MPLS";
    case 0x8863:
    case 0x8864:
      return "PPPoE";
    case 0x88cc:
      return "LLDP";
    default:
      return ether_type < kLeastEtherType ? "IEEE 802.3 frame without an EtherType" : "other EtherType";
  }
}

Payload PcapReader::payload(const pcap_pkthdr& header, const u_char* bytes) const {
  constexpr const char* kShort = "captured too short for the link header";
  const uint32_t captured = header.caplen;
  const auto rest = [&](uint32_t offset) {
    return Payload{bytes + offset, captured - offset, std::max(header.len, captured) - offset, nullptr};
  };
  const auto by_type = [&](uint32_t type_at, uint32_t offset) {
    if (captured < offset) return Payload{.skipped = kShort};
    uint16_t type = big16(bytes + type_at);
    while (type == kEtherVlan || type == kEtherServiceVlan || type == kEtherOldVlan) {
      if (captured < offset + 4) return Payload{.skipped = kShort};
      type = big16(bytes + offset + 2);
      offset += 4;
    }
    return type == kEtherIpv4 ? rest(offset) : Payload{.skipped = reason_of(type)};
  };
  switch (link_) {
    case DLT_EN10MB:
      return by_type(12, 14);
    case DLT_LINUX_SLL:
      return by_type(14, 16);
    case DLT_LINUX_SLL2:
      return by_type(0, 20);
    case DLT_NULL:
    case DLT_LOOP: {
      if (captured < 4) return {.skipped = kShort};
      // The address family stands in the capturing machine's byte order (NULL) or in network order (LOOP).
      const uint32_t family = std::min(big32(bytes), __builtin_bswap32(big32(bytes)));
      if (family == 2) return rest(4);
      return {.skipped = family == 10 || family == 24 || family == 28 || family == 30
                             ? "IPv6"
                             : "other address family"};
    }
    default:
      return rest(0);
  }
}

const char* PcapReader::take(const pcap_pkthdr& header, const u_char* bytes) {
  const Payload packet = payload(header, bytes);
  if (packet.skipped != nullptr) return packet.skipped;
  const u_char* ip = packet.bytes;
  if (packet.captured >= 1 && ip[0] >> 4 == 6) return "IPv6";
  if (packet.captured >= 1 && ip[0] >> 4 != 4) return "IP version neither 4 nor 6";
  if (packet.captured < static_cast<uint32_t>(kIpHeaderBytes))
    return "captured too short for the IPv4 header";
  const uint32_t header_bytes = (ip[0] & 15U) * 4;
  if (header_bytes < static_cast<uint32_t>(kIpHeaderBytes)) return "IPv4 header length below 20 bytes";
  uint32_t length = big16(ip + 2);
  if (length == 0) {
    length = std::min<uint32_t>(packet.on_wire, kLongestPacket);
    ++offloaded_;
  }
  if (length < header_bytes) return "IP total length below the header's";
  const auto seconds = static_cast<int64_t>(header.ts.tv_sec);
  if (seconds < 0 || seconds > kLastSecond) {
    fail(Kind::data, "{}: record {}: the time is {} s; 0 to {} would be right", path_.string(), record_,
         seconds, kLastSecond);
  }
  const uint16_t fragment = big16(ip + 6);
  trace_.srcip.push_back(big32(ip + 12));
  trace_.dstip.push_back(big32(ip + 16));
  trace_.proto.push_back(ip[9]);
  trace_.time.push_back(seconds * 1'000'000'000 + static_cast<int64_t>(header.ts.tv_usec));
  trace_.length.push_back(static_cast<int32_t>(length));
  trace_.tos.push_back(ip[1]);
  trace_.id.push_back(big16(ip + 4));
  trace_.ip_flags.push_back(static_cast<uint8_t>(fragment >> 13));
  trace_.fragment_offset.push_back(fragment & 0x1fff);
  trace_.ttl.push_back(ip[8]);
  take_transport(packet, header_bytes);
  return nullptr;
}

void PcapReader::take_transport(const Payload& packet, uint32_t ip_header_bytes) {
  const u_char* transport = packet.bytes + ip_header_bytes;
  const uint32_t captured = packet.captured > ip_header_bytes ? packet.captured - ip_header_bytes : 0;
  const uint8_t proto = trace_.proto.back();
  const bool later = trace_.fragment_offset.back() > 0;
  const bool wanted = has_ports(proto) && !later;
  const bool ports = wanted && captured >= 4;
  trace_.srcport.push_back(ports ? big16(transport) : 0);
  trace_.dstport.push_back(ports ? big16(transport + 2) : 0);
  const bool flags = proto == kTcp && !later && captured >= 14;
  trace_.tcp_flags.push_back(flags ? transport[13] : 0);
  if (later && has_ports(proto)) ++later_fragments_;
  if (wanted && !ports) ++no_ports_;
  if (proto == kTcp && !later && !flags) ++no_flags_;
}

void PcapReader::reserve() {
  if (stream_.source().compressed()) return;
  // What the stream has read ahead makes the guess a little low or high; it is only a guess.
  const double share = static_cast<double>(std::max<int64_t>(stream_.bytes_read(), 1)) /
                       static_cast<double>(stream_.source().file_size());
  auto expected = static_cast<size_t>(1.1 * static_cast<double>(trace_.size()) / share);
  if (options_.max_records > 0) expected = std::min(expected, static_cast<size_t>(options_.max_records));
  reserve_columns(trace_, expected);
}

}  // namespace

Trace read_pcap(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  report = {};
  report.format = "pcap";
  return PcapReader(path, options, report).read();
}

}  // namespace bench
