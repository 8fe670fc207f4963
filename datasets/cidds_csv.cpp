// CIDDS-001/002 flows (nfdump in CSV): Date first seen,Duration,Proto,Src IP Addr,Src Pt,Dst IP Addr,Dst
// Pt,Packets, Bytes,Flows,Flags,Tos,class,attackType,attackID,attackDescription. Values may be padded with
// spaces.
//
// Bytes and packets may carry nfdump's decimal suffixes: "3 K" is 3000, "1.4 M" 1400000, "2.1 G" 2100000000.
//
// Public addresses are anonymised as tokens, which become addresses by a pure function of the token:
//   "PREFIX_HOST" (10081_164): a /24 network in 64.0.0.0/4 whose number is PREFIX * 695729 mod 2^20, and HOST
//   as the
//     last octet. The factor is odd, so different prefixes never meet; the tokens of one network share their
//     /24.
//   a name (DNS, EXT_SERVER, ATTACKER1, OPENSTACK_NET): an address in 80.0.0.0/4, 28 bits of the name's XXH3
//   hash.
// Both blocks are public and disjoint, so no token can be taken for a private address that the data really
// have.
//
// class becomes the label column "label", attackType "type".

#include <charconv>

#include "core/hash.h"
#include "datasets/csv_dialect.h"

namespace bench {
namespace {

constexpr uint32_t kNetworks = 64U << 24;
constexpr uint32_t kNames = 80U << 24;
constexpr int64_t kMostNetworks = 1 << 20;
constexpr int64_t kSpread = 695729;
constexpr size_t kHashDigits = 7;

bool network_token(std::string_view text, uint32_t& address) {
  const size_t bar = std::min(text.find('_'), text.size());
  int64_t prefix = 0;
  int64_t host = 0;
  if (bar == text.size() || !parse_digits(text.substr(0, bar), prefix) ||
      !parse_digits(text.substr(bar + 1), host)) {
    return false;
  }
  if (prefix >= kMostNetworks || host > 255) return false;
  address =
      kNetworks | static_cast<uint32_t>(prefix * kSpread % kMostNetworks) << 8 | static_cast<uint32_t>(host);
  return true;
}

bool name_token(std::string_view text) {
  return !text.empty() && text[0] >= 'A' && text[0] <= 'Z' &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos;
}

class TokenAddresses {
 public:
  /// False for an IPv6 address.
  bool read(const CsvFile& file, int column, uint32_t& address) {
    const std::string_view text = file[column];
    if (parse_dotted(text, address) || network_token(text, address)) return true;
    if (!name_token(text)) return file.address(column, address);
    auto hit = known_.find(text);
    if (hit == known_.end()) {
      const std::string digits = hash_text(text).substr(0, kHashDigits);
      uint32_t bits = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
      hit = known_.emplace(text, kNames | bits).first;
    }
    address = hit->second;
    return true;
  }

 private:
  std::map<std::string, uint32_t, std::less<>> known_;
};

// "1.4 M" and plain integers.
int64_t scaled(const CsvFile& file, int column) {
  const std::string_view text = file[column];
  const size_t suffix = text.empty() ? std::string_view::npos : std::string_view("KMGT").find(text.back());
  if (suffix == std::string_view::npos) return file.integer(column, 0, INT64_MAX);
  std::string_view number = text.substr(0, text.size() - 1);
  while (number.ends_with(' ')) number.remove_suffix(1);
  int64_t value = 0;
  if (!parse_fixed(number, 3 * (static_cast<int>(suffix) + 1), value) || value < 0) {
    file.wrong(column, "an integer, or a decimal number with K, M, G or T,");
  }
  return value;
}

// ICMP stands as "type.code".
uint16_t port_of(const CsvFile& file, int column, uint8_t proto) {
  if (has_ports(proto)) return file.port(column);
  const int64_t hundredths = file.fixed(column, 2, "a port or ICMP type.code");
  return static_cast<uint16_t>(std::min<int64_t>(hundredths, 65535));
}

Trace read(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport&) {
  const int date = file.need("Date first seen"), duration = file.need("Duration"), proto = file.need("Proto"),
            srcip = file.need("Src IP Addr"), srcport = file.need("Src Pt"), dstip = file.need("Dst IP Addr"),
            dstport = file.need("Dst Pt"), packets = file.need("Packets"), bytes = file.need("Bytes"),
            flags = file.need("Flags"), label = file.need("class"), type = file.need("attackType");
  Trace trace;
  trace.kind = TraceKind::flows;
  TokenAddresses addresses;
  LabelReader labels(trace, "label");
  LabelReader types(trace, "type");
  while (wants_more(trace, options) && file.next()) {
    FiveTuple tuple;
    if (!addresses.read(file, srcip, tuple.srcip) || !addresses.read(file, dstip, tuple.dstip)) {
      ++tally.ipv6;
      continue;
    }
    tuple.proto = file.protocol(proto);
    tuple.srcport = port_of(file, srcport, tuple.proto);
    tuple.dstport = port_of(file, dstport, tuple.proto);
    drop_ports(tuple, tally);
    push_tuple(trace, tuple);
    trace.time.push_back(file.utc(date));
    push_flow(trace, file.duration(duration), scaled(file, packets), scaled(file, bytes));
    trace.tcp_flags.push_back(netflow_flags(file, flags, tuple.proto, tally));
    labels.add(file[label]);
    types.add(file[type]);
    reserve_for(file, options, trace);
  }
  return trace;
}

}  // namespace

Trace read_cidds_csv(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  const CsvStyle style{.trimmed = true};
  return read_csv({"cidds-csv", style, [](CsvFile& file) { file.take_header(); }, read}, path, options,
                  report);
}

}  // namespace bench
