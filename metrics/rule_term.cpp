#include "metrics/rule_term.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "core/error.h"
#include "core/params.h"

namespace bench {
namespace {

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr size_t kDecimals = 9;

enum class Form { number, address, protocol, seconds };

struct FieldSpec {
  std::string_view name;
  Form form;
  std::vector<RuleTerm::Get> ends;
  int64_t most;             ///< largest value that can occur
  std::string_view column;  ///< "" for the five-tuple
  std::vector<TraceKind> kinds;
};

template <auto column>
int64_t get(const Trace& trace, size_t row) {
  return static_cast<int64_t>((trace.*column)[row]);
}

const std::vector<FieldSpec>& fields() {
  const std::vector<TraceKind> both{TraceKind::flows, TraceKind::packets};
  const std::vector<TraceKind> flows{TraceKind::flows}, packets{TraceKind::packets};
  using T = Trace;
  static const std::vector<FieldSpec> list{
      {"srcip", Form::address, {get<&T::srcip>}, UINT32_MAX, "", both},
      {"dstip", Form::address, {get<&T::dstip>}, UINT32_MAX, "", both},
      {"ip", Form::address, {get<&T::srcip>, get<&T::dstip>}, UINT32_MAX, "", both},
      {"srcport", Form::number, {get<&T::srcport>}, 65535, "", both},
      {"dstport", Form::number, {get<&T::dstport>}, 65535, "", both},
      {"port", Form::number, {get<&T::srcport>, get<&T::dstport>}, 65535, "", both},
      {"proto", Form::protocol, {get<&T::proto>}, 255, "", both},
      {"length", Form::number, {get<&T::length>}, 65535, "length", packets},
      {"tos", Form::number, {get<&T::tos>}, 255, "tos", packets},
      {"id", Form::number, {get<&T::id>}, 65535, "id", packets},
      {"ip_flags", Form::number, {get<&T::ip_flags>}, 7, "ip_flags", packets},
      {"fragment_offset", Form::number, {get<&T::fragment_offset>}, 8191, "fragment_offset", packets},
      {"ttl", Form::number, {get<&T::ttl>}, 255, "ttl", packets},
      {"packets", Form::number, {get<&T::packets>}, kHighest, "packets", flows},
      {"bytes", Form::number, {get<&T::bytes>}, kHighest, "bytes", flows},
      {"duration", Form::seconds, {get<&T::duration>}, kHighest, "duration", flows},
      {"tcp_flags", Form::number, {get<&T::tcp_flags>}, 255, "tcp_flags", both},
  };
  return list;
}

const FieldSpec& find_field(std::string_view name, const RulePlace& place) {
  std::vector<std::string> known;
  for (const FieldSpec& spec : fields()) {
    if (spec.name == name) return spec;
    known.emplace_back(spec.name);
  }
  fail(Kind::config, "{}:{}: \"{}\" is not a field{}; known: {}", place.file, place.line, name,
       did_you_mean(name, known), fmt::join(known, ", "));
}

std::optional<int64_t> integer(std::string_view text) {
  int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return value;
}

std::optional<int64_t> seconds(std::string_view text) {
  const size_t dot = std::min(text.find('.'), text.size());
  std::string decimals(text.substr(std::min(dot + 1, text.size())));
  const auto whole = dot > 0 ? integer(text.substr(0, dot)) : 0;
  if (!whole || decimals.size() > kDecimals || (dot < text.size() && decimals.empty())) return std::nullopt;
  decimals.resize(kDecimals, '0');
  const auto fraction = integer(decimals);
  int64_t value = 0;
  if (!fraction || __builtin_mul_overflow(*whole, kNanosecondsPerSecond, &value) ||
      __builtin_add_overflow(value, *fraction, &value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> address(std::string_view text) {
  int64_t value = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || dot == 0 || dot > 3) return std::nullopt;
    const auto byte = integer(text.substr(0, dot));
    if (!byte || *byte > 255) return std::nullopt;
    value = value * 256 + *byte;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return value;
}

std::optional<int64_t> single(Form form, std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (form == Form::address) return address(text);
  if (form == Form::seconds) return seconds(text);
  if (form == Form::protocol && proto_number(text) >= 0) return proto_number(text);
  return integer(text);
}

using Range = std::pair<int64_t, int64_t>;

std::optional<Range> prefix(std::string_view text) {
  const size_t slash = text.find('/');
  const auto base = address(text.substr(0, slash));
  const auto bits = slash + 1 < text.size() ? integer(text.substr(slash + 1)) : std::nullopt;
  if (!base || !bits || *bits > 32) return std::nullopt;
  const int64_t hosts = int64_t{1} << (32 - *bits);
  return Range{*base / hosts * hosts, *base / hosts * hosts + hosts - 1};
}

std::optional<Range> item(Form form, std::string_view text) {
  if (form == Form::address && text.find('/') != std::string_view::npos) return prefix(text);
  const size_t dots = text.find("..");
  const auto from = single(form, text.substr(0, dots));
  const auto to = dots == std::string_view::npos ? from : single(form, text.substr(dots + 2));
  if (!from || !to || *from > *to) return std::nullopt;
  return Range{*from, *to};
}

std::string_view wanted(Form form) {
  switch (form) {
    case Form::address:
      return "an address 10.0.0.1, a prefix 10.0.0.0/8 or a range 10.0.0.1..10.0.0.9";
    case Form::protocol:
      return "a protocol name or number, or a range 1..17";
    case Form::seconds:
      return "seconds with up to nine decimals, or a range 0..1.5";
    case Form::number:
      break;
  }
  return "an integer from 0 on, or a range 0..1023";
}

}  // namespace

bool RuleTerm::holds(const Trace& trace, size_t row) const {
  for (const Get end : ends) {
    const int64_t value = end(trace, row);
    for (const auto& [lo, hi] : ranges) {
      if (value >= lo && value <= hi) return !negated;
    }
  }
  return negated;
}

RuleTerm parse_term(std::string_view field, std::string_view op, std::string_view value,
                    const RulePlace& place, std::vector<std::string>& columns,
                    std::vector<TraceKind>& kinds) {
  const FieldSpec& spec = find_field(field, place);
  static const std::vector<std::string> kOps{"=", "!=", "<", "<=", ">", ">="};
  if (std::find(kOps.begin(), kOps.end(), op) == kOps.end()) {
    fail(Kind::config, "{}:{}: \"{}\" is not a comparison; known: {}", place.file, place.line, op,
         fmt::join(kOps, " "));
  }
  RuleTerm term{spec.ends, {}, op == "!="};
  const bool equality = op == "=" || op == "!=";
  for (std::string_view rest = value;;) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const auto range = item(spec.form, rest.substr(0, comma));
    if (!range || range->second > spec.most) {
      fail(Kind::config, "{}:{}: {}: \"{}\" is not a value; {}{} would be right", place.file, place.line,
           field, rest.substr(0, comma), wanted(spec.form),
           spec.form == Form::number && spec.most < kHighest ? fmt::format(" up to {}", spec.most) : "");
    }
    term.ranges.push_back(*range);
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  const auto [lo, hi] = term.ranges.front();
  if (!equality && (term.ranges.size() > 1 || lo != hi)) {
    fail(Kind::config, "{}:{}: {} {} \"{}\": a list, range or prefix goes with = and != only", place.file,
         place.line, field, op, value);
  }
  if (op == "<") term.ranges = {{kLowest, lo - 1}};
  if (op == "<=") term.ranges = {{kLowest, lo}};
  if (op == ">") term.ranges = {{lo < kHighest ? lo + 1 : kHighest, kHighest}};
  if (op == ">=") term.ranges = {{lo, kHighest}};
  if (!spec.column.empty()) columns.emplace_back(spec.column);
  std::erase_if(kinds, [&](TraceKind kind) {
    return std::find(spec.kinds.begin(), spec.kinds.end(), kind) == spec.kinds.end();
  });
  return term;
}

}  // namespace bench
