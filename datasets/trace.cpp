#include "datasets/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <charconv>
#include <numeric>
#include <utility>

#include "core/error.h"

namespace bench {
namespace {

// Names as NetFlow tools write them; the first name of a number is the one that is printed.
constexpr std::array<std::pair<std::string_view, uint8_t>, 21> kProtocols{{
    {"ICMP", 1},       {"IGMP", 2},    {"IPIP", 4},    {"TCP", 6},    {"UDP", 17},   {"DCCP", 33},
    {"IPv6", 41},      {"RSVP", 46},   {"GRE", 47},    {"ESP", 50},   {"AH", 51},    {"ICMP6", 58},
    {"EIGRP", 88},     {"OSPF", 89},   {"PIM", 103},   {"VRRP", 112}, {"SCTP", 132}, {"UDPLITE", 136},
    {"IPv6-ICMP", 58}, {"ICMPv6", 58}, {"Other", 255},
}};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

template <typename Column>
void check_values(const Column& column, int64_t lo, int64_t hi, std::string_view name,
                  std::string_view where) {
  for (size_t i = 0; i < column.size(); ++i) {
    const auto v = static_cast<int64_t>(column[i]);
    if (v < lo || v > hi) {
      fail(Kind::data, "{}: record {}: {} is {}; {} to {} would be right", where, i + 1, name, v, lo, hi);
    }
  }
}

template <typename T>
void append_column(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::string_view kind_name(TraceKind kind) { return kind == TraceKind::packets ? "packets" : "flows"; }

int32_t LabelColumn::code_of(std::string_view value) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == value) return static_cast<int32_t>(i);
  }
  names.emplace_back(value);
  return static_cast<int32_t>(names.size() - 1);
}

Trace select(const Trace& trace, std::span<const size_t> rows) {
  Trace out = trace;
  const auto pick = [&rows](auto& column) {
    if (column.empty()) return;
    std::remove_reference_t<decltype(column)> picked(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      assert(rows[i] < column.size());
      picked[i] = column[rows[i]];
    }
    column = std::move(picked);
  };
  for_each_column(out, [&](std::string_view, auto& column) { pick(column); });
  for (auto& label : out.labels) pick(label.codes);
  return out;
}

Trace slice(const Trace& trace, size_t begin, size_t end) {
  assert(begin <= end && end <= trace.size());
  std::vector<size_t> rows(end - begin);
  std::iota(rows.begin(), rows.end(), begin);
  return select(trace, rows);
}

void append(Trace& to, const Trace& from) {
  append_column(to.srcip, from.srcip);
  append_column(to.dstip, from.dstip);
  append_column(to.srcport, from.srcport);
  append_column(to.dstport, from.dstport);
  append_column(to.proto, from.proto);
  append_column(to.time, from.time);
  append_column(to.length, from.length);
  append_column(to.tos, from.tos);
  append_column(to.id, from.id);
  append_column(to.ip_flags, from.ip_flags);
  append_column(to.fragment_offset, from.fragment_offset);
  append_column(to.ttl, from.ttl);
  append_column(to.duration, from.duration);
  append_column(to.packets, from.packets);
  append_column(to.bytes, from.bytes);
  append_column(to.tcp_flags, from.tcp_flags);
  for (size_t k = 0; k < to.labels.size(); ++k) {
    std::vector<int32_t> code;
    for (const auto& name : from.labels[k].names) code.push_back(to.labels[k].code_of(name));
    for (const int32_t old : from.labels[k].codes)
      to.labels[k].codes.push_back(code[static_cast<size_t>(old)]);
  }
}

std::vector<size_t> time_order(const Trace& trace) {
  std::vector<size_t> order(trace.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (!trace.time.empty() && !std::is_sorted(trace.time.begin(), trace.time.end())) {
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return trace.time[a] < trace.time[b]; });
  }
  return order;
}

void check_trace(const Trace& trace, std::string_view where) {
  const size_t n = trace.size();
  const bool flows = trace.kind == TraceKind::flows;
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    const bool tuple =
        name == "srcip" || name == "dstip" || name == "srcport" || name == "dstport" || name == "proto";
    const bool of_flows = name == "duration" || name == "packets" || name == "bytes";
    const bool needed = tuple || (flows ? of_flows : name == "length");
    if (column.size() == n || (column.empty() && !needed)) return;
    fail(Kind::data, "{}: column {} has {} values for {} records", where, name, column.size(), n);
  });
  const bool header = trace.has_header();
  if (header != !trace.tos.empty() || header != !trace.id.empty() || header != !trace.ip_flags.empty() ||
      header != !trace.fragment_offset.empty()) {
    fail(Kind::data,
         "{}: the columns tos, id, ip_flags, fragment_offset and ttl must be all there or all absent", where);
  }
  check_values(trace.length, 1, 65535, "length", where);
  check_values(trace.ip_flags, 0, 7, "ip_flags", where);
  check_values(trace.fragment_offset, 0, 8191, "fragment_offset", where);
  check_values(trace.duration, 0, INT64_MAX, "duration", where);
  check_values(trace.packets, 0, INT64_MAX, "packets", where);
  check_values(trace.bytes, 0, INT64_MAX, "bytes", where);
  for (const auto& label : trace.labels) {
    if (label.codes.size() != n)
      fail(Kind::data, "{}: label {} has {} values for {} records", where, label.name, label.codes.size(), n);
    check_values(label.codes, 0, static_cast<int64_t>(label.names.size()) - 1, label.name, where);
  }
}

std::string format_ip(uint32_t a) {
  return fmt::format("{}.{}.{}.{}", a >> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255);
}

std::string proto_name(uint8_t proto) {
  for (const auto& [name, number] : kProtocols) {
    if (number == proto && proto != 255) return std::string(name);
  }
  return std::to_string(proto);
}

int proto_number(std::string_view name) {
  int number = -1;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (code == std::errc() && end == name.data() + name.size())
    return number >= 0 && number <= 255 ? number : -1;
  for (const auto& [known, value] : kProtocols) {
    if (equal_ignoring_case(known, name)) return value;
  }
  return -1;
}

bool has_ports(uint8_t proto) {
  return proto == 6 || proto == 17 || proto == 33 || proto == 132 || proto == 136;
}

}  // namespace bench
