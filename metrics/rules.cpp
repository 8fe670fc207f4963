#include "metrics/rules.h"

#include <algorithm>
#include <utility>

namespace bench {
namespace {

using Row = size_t;

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kIcmp = 1;
constexpr uint32_t kMulticast = 0xE0000000;  // 224.0.0.0, classes D and E begin here
constexpr uint32_t kClassE = 0xF0000000;
constexpr uint32_t kBroadcast = 0xFFFFFFFF;
constexpr int64_t kIpHeader = 20;
constexpr int64_t kLargest = 65535;
constexpr int64_t kEthernetMtu = 1500;
constexpr int64_t kMillisecond = 1'000'000;
constexpr uint8_t kReserved = 4;
constexpr uint8_t kDontFragment = 2;

template <typename Premise, typename Check>
Rule header_rule(std::string id, std::string text, std::vector<TraceKind> kinds,
                 std::vector<std::string> columns, Premise premise, Check check) {
  return {std::move(id),
          std::move(text),
          std::move(kinds),
          std::move(columns),
          true,
          [premise, check](const RuleInput& in) { return count_records(in, premise, check); }};
}

bool always(const Trace&, Row) { return true; }

bool group_address(uint32_t address) {
  return (address >= kMulticast && address < kClassE) || address == kBroadcast;
}

// RFC 1918
bool private_address(uint32_t address) {
  return address >> 24 == 10 || address >> 20 == 0xAC1 || address >> 16 == 0xC0A8;
}

template <uint16_t... ports>
bool uses_port(const Trace& t, Row i) {
  return ((t.srcport[i] == ports || t.dstport[i] == ports) || ...);
}

template <uint8_t proto>
bool is_proto(const Trace& t, Row i) {
  return t.proto[i] == proto;
}

int64_t shortest_header(uint8_t proto) {
  return proto == kTcp ? kIpHeader + 20 : proto == kUdp || proto == kIcmp ? kIpHeader + 8 : kIpHeader;
}

bool plausible_bytes(const Trace& t, Row i) {
  const auto packets = static_cast<__int128>(t.packets[i]);
  return t.bytes[i] >= packets * shortest_header(t.proto[i]) && t.bytes[i] <= packets * kLargest;
}

std::vector<Rule> make_rules() {
  const std::vector<TraceKind> flows{TraceKind::flows};
  const std::vector<TraceKind> packets{TraceKind::packets};
  const std::vector<TraceKind> both{TraceKind::flows, TraceKind::packets};
  return {
      header_rule("V1", "the source is below 224.0.0.0 and the destination is not 0.0.0.0", both, {}, always,
                  [](const Trace& t, Row i) { return t.srcip[i] < kMulticast && t.dstip[i] != 0; }),
      header_rule(
          "V2", "if an address is multicast or 255.255.255.255 then it is the destination", both, {},
          [](const Trace& t, Row i) { return group_address(t.srcip[i]) || group_address(t.dstip[i]); },
          [](const Trace& t, Row i) { return !group_address(t.srcip[i]); }),
      header_rule("V3", "if port = 80,443,8080 then proto = tcp", both, {}, uses_port<80, 443, 8080>,
                  is_proto<kTcp>),
      header_rule("V4", "if port = 53 then proto = udp", both, {}, uses_port<53>, is_proto<kUdp>),
      header_rule(
          "V5", "if port = 137,138 then proto = udp, the source is private and the destination ends in .255",
          flows, {}, uses_port<137, 138>,
          [](const Trace& t, Row i) {
            return t.proto[i] == kUdp && private_address(t.srcip[i]) && (t.dstip[i] & 255) == 255;
          }),
      header_rule("V6", "packets * L <= bytes <= packets * 65535, L = 40 TCP, 28 UDP and ICMP, 20 others",
                  flows, {"packets", "bytes"}, always, plausible_bytes),
      header_rule(
          "V7", "if packets <= 1 then duration <= 1 ms", flows, {"packets", "duration"},
          [](const Trace& t, Row i) { return t.packets[i] <= 1; },
          [](const Trace& t, Row i) { return t.duration[i] <= kMillisecond; }),
      header_rule("V9", "there are TCP flags exactly if proto = tcp", both, {"tcp_flags"}, always,
                  [](const Trace& t, Row i) { return (t.tcp_flags[i] != 0) == (t.proto[i] == kTcp); }),
      header_rule(
          "V10", "if proto = tcp,udp,icmp and it is no later fragment then length >= 40 TCP, 28 UDP and ICMP",
          packets, {"length"},
          [](const Trace& t, Row i) {
            return shortest_header(t.proto[i]) > kIpHeader && (!t.has_header() || t.fragment_offset[i] == 0);
          },
          [](const Trace& t, Row i) { return t.length[i] >= shortest_header(t.proto[i]); }),
      {"V10-mtu",
       "length <= 1500 (a warning: jumbo frames exist)",
       packets,
       {"length"},
       false,
       [](const RuleInput& in) {
         const auto fits = std::count_if(in.trace.length.begin(), in.trace.length.end(),
                                         [](int32_t length) { return length <= kEthernetMtu; });
         return RuleCount{static_cast<int64_t>(in.trace.size()), fits};
       }},
      header_rule("V11-ttl", "ttl >= 1", packets, {"ttl"}, always,
                  [](const Trace& t, Row i) { return t.ttl[i] >= 1; }),
      header_rule("V11-reserved", "the reserved flag bit is 0", packets, {"ip_flags"}, always,
                  [](const Trace& t, Row i) { return (t.ip_flags[i] & kReserved) == 0; }),
      header_rule(
          "V11-fragment", "if don't fragment is set then fragment_offset = 0", packets,
          {"ip_flags", "fragment_offset"},
          [](const Trace& t, Row i) { return (t.ip_flags[i] & kDontFragment) != 0; },
          [](const Trace& t, Row i) { return t.fragment_offset[i] == 0; }),
      header_rule(
          "V12", "if the protocol has no ports then both ports are 0", both, {},
          [](const Trace& t, Row i) { return !has_ports(t.proto[i]); },
          [](const Trace& t, Row i) { return t.srcport[i] == 0 && t.dstport[i] == 0; }),
      {"V13-window", "the time lies inside the training window", both, {"time"}, false, count_inside_window},
      {"V13-order",
       "no packet is older than the one before it of its five-tuple in the source's order",
       packets,
       {"time"},
       false,
       count_in_order},
      {"V14-handshake",
       "a TCP session has SYN, SYN-ACK and ACK",
       packets,
       {"tcp_flags"},
       false,
       count_handshakes},
      {"V14-teardown", "a TCP session has FIN or RST", packets, {"tcp_flags"}, false, count_teardowns},
  };
}

}  // namespace

const std::vector<Rule>& built_in_rules() {
  static const std::vector<Rule> rules = make_rules();
  return rules;
}

std::string missing_column(const Rule& rule, const Trace& trace) {
  std::string missing;
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    const bool needed = std::find(rule.columns.begin(), rule.columns.end(), name) != rule.columns.end();
    if (needed && column.empty() && missing.empty()) missing = name;
  });
  return missing;
}

}  // namespace bench
