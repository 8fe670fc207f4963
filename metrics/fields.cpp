#include "metrics/fields.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/sort/spreadsort/spreadsort.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "core/emd.h"
#include "datasets/labels.h"

namespace bench {
namespace {

template <auto column>
std::vector<int64_t> column_values(const Trace& trace) {
  return {(trace.*column).begin(), (trace.*column).end()};
}

// a - b, held at the ends of the int64 range where it would wrap.
int64_t saturating_difference(int64_t a, int64_t b) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return a < b ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

std::vector<int64_t> gaps_of_packets(const Trace& trace) {
  return trace.time.empty() ? std::vector<int64_t>{} : gaps_in_flows(trace, group_flows(trace));
}

std::string missing_values(std::string_view side, const Trace& trace, std::string_view lacking) {
  return fmt::format("the {} trace has {}", side, trace.size() == 0 ? "no records" : lacking);
}

std::vector<int64_t> counts_of(const std::vector<uint8_t>& column) { return byte_counts(column); }
std::vector<int64_t> counts_of(const std::vector<uint16_t>& column) { return port_counts(column); }
std::vector<int64_t> counts_of(const std::vector<uint32_t>& column) { return rank_counts(column); }

// Counts of both label columns over the names of either.
void count_labels(LabelColumn real, const LabelColumn& synthetic, CountField& field) {
  std::vector<size_t> synthetic_to_joint;
  synthetic_to_joint.reserve(synthetic.names.size());
  for (const auto& name : synthetic.names)
    synthetic_to_joint.push_back(static_cast<size_t>(real.code_of(name)));
  field.real.assign(real.names.size(), 0);
  field.synthetic.assign(real.names.size(), 0);
  for (const int32_t code : real.codes) ++field.real[static_cast<size_t>(code)];
  for (const int32_t code : synthetic.codes) ++field.synthetic[synthetic_to_joint[static_cast<size_t>(code)]];
}

}  // namespace

const std::vector<NumericSpec>& numeric_specs(TraceKind kind) {
  static const std::vector<NumericSpec> flows{
      {"ts", "s", 1e9, true, true, false, true, "no time column", column_values<&Trace::time>},
      {"td", "s", 1e9, false, true, false, true, "no duration column", column_values<&Trace::duration>},
      {"pkt", "packets", 1, false, true, false, true, "no packets column", column_values<&Trace::packets>},
      {"byt", "bytes", 1, false, true, false, true, "no bytes column", column_values<&Trace::bytes>},
      {"flow_size", "records", 1, false, false, false, false, "no five-tuple", flow_sizes},
  };
  static const std::vector<NumericSpec> packets{
      {"time", "s", 1e9, true, true, false, true, "no time column", column_values<&Trace::time>},
      {"pkt_len", "bytes", 1, false, true, false, true, "no length column", column_values<&Trace::length>},
      {"flow_size", "records", 1, false, true, false, false, "no five-tuple", flow_sizes},
      {"interarrival", "us", 1e3, false, false, false, false,
       "no time column or no five-tuple with two packets", gaps_of_packets},
      {"tos", "", 1, false, false, true, true, "no tos column", column_values<&Trace::tos>},
      {"id", "", 1, false, false, true, true, "no id column", column_values<&Trace::id>},
      {"off", "8 bytes", 1, false, false, true, true, "no fragment offset column",
       column_values<&Trace::fragment_offset>},
      {"ttl", "hops", 1, false, false, true, true, "no ttl column", column_values<&Trace::ttl>},
  };
  return kind == TraceKind::flows ? flows : packets;
}

NumericPair prepare(const NumericSpec& spec, const ScoringPair& pair) {
  NumericPair field;
  field.real = ascending(spec.values(pair.real));
  field.synthetic = ascending(spec.values(pair.synthetic));
  if (field.real.empty()) {
    field.missing = missing_values("real", pair.real, spec.lacking);
  } else if (field.synthetic.empty()) {
    field.missing = missing_values("synthetic", pair.synthetic, spec.lacking);
  }
  return field;
}

std::vector<int64_t> relative_to(const std::vector<int64_t>& values, int64_t origin) {
  std::vector<int64_t> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [origin](int64_t value) { return saturating_difference(value, origin); });
  return out;
}

std::vector<double> in_units(const std::vector<int64_t>& values, double raw_per_unit) {
  std::vector<double> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [raw_per_unit](int64_t value) { return static_cast<double>(value) / raw_per_unit; });
  return out;
}

std::vector<double> signed_log1p(std::vector<double> values) {
  for (double& value : values) value = std::copysign(std::log1p(std::abs(value)), value);
  return values;
}

std::vector<int64_t> gaps_in_flows(const Trace& trace, const FlowIndex& flows) {
  std::vector<int64_t> gaps;
  gaps.reserve(trace.size() - flows.size());
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    for (size_t i = 1; i < rows.size(); ++i) {
      gaps.push_back(saturating_difference(trace.time[rows[i]], trace.time[rows[i - 1]]));
    }
  }
  return gaps;
}

std::vector<CountField> count_fields(const ScoringPair& pair) {
  std::vector<CountField> fields;
  const std::string no_records = empty_side(pair);
  const auto add = [&](std::string_view name, bool in_paper, const auto& real, const auto& synthetic) {
    CountField field{std::string(name), in_paper, {}, {}, no_records};
    if (field.missing.empty() && synthetic.empty())
      field.missing = fmt::format("the synthetic trace has no {} column", name);
    if (field.missing.empty()) {
      field.real = counts_of(real);
      field.synthetic = counts_of(synthetic);
    }
    fields.push_back(std::move(field));
  };
  const Trace& r = pair.real;
  const Trace& s = pair.synthetic;
  add("srcip", true, r.srcip, s.srcip);
  add("dstip", true, r.dstip, s.dstip);
  add("srcport", true, r.srcport, s.srcport);
  add("dstport", true, r.dstport, s.dstport);
  add("proto", true, r.proto, s.proto);
  if (!r.ip_flags.empty()) add("flag", false, r.ip_flags, s.ip_flags);
  if (!r.tcp_flags.empty()) add("tcp_flags", false, r.tcp_flags, s.tcp_flags);
  for (const LabelColumn& label : r.labels) {
    CountField field{label.name, false, {}, {}, no_records};
    const LabelColumn* other = find_label(s, label.name);
    if (field.missing.empty() && other == nullptr) {
      field.missing = fmt::format("the synthetic trace has no {} column", label.name);
    }
    if (field.missing.empty()) count_labels(label, *other, field);
    fields.push_back(std::move(field));
  }
  return fields;
}

std::vector<int64_t> rank_counts(const std::vector<uint32_t>& addresses) {
  std::vector<uint32_t> sorted = addresses;
  boost::sort::spreadsort::integer_sort(sorted.begin(), sorted.end());
  std::vector<int64_t> counts;
  for (size_t i = 0; i < sorted.size();) {
    const size_t begin = i;
    while (i < sorted.size() && sorted[i] == sorted[begin]) ++i;
    counts.push_back(static_cast<int64_t>(i - begin));
  }
  std::sort(counts.begin(), counts.end(), std::greater<>());
  return counts;
}

std::vector<int64_t> port_counts(const std::vector<uint16_t>& ports) {
  std::vector<int64_t> counts(65536);
  for (const uint16_t port : ports) ++counts[port];
  return counts;
}

std::vector<int64_t> byte_counts(const std::vector<uint8_t>& bytes) {
  std::vector<int64_t> counts(256);
  for (const uint8_t byte : bytes) ++counts[byte];
  return counts;
}

std::string empty_side(const ScoringPair& pair) {
  if (pair.real.size() == 0) return missing_values("real", pair.real, "");
  if (pair.synthetic.size() == 0) return missing_values("synthetic", pair.synthetic, "");
  return "";
}

}  // namespace bench
