#include "models/encode/fields.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "models/encode/flow_encoder.h"

namespace bench {
namespace {

/// A rule about header sizes is enforced if at most this share of the training records breaks it.
constexpr double kRuleTolerance = 0.01;

struct NumericSpec {
  std::string_view name;
  bool heavy_tailed;
  double unit;
  double lo, hi;                // the field's own range, or lo == hi
  double public_lo, public_hi;  // NetShare's ranges for training with differential privacy
};

constexpr NumericSpec kNumericSpecs[] = {
    {"length", false, 1, 0, 0, 20, 1500}, {"tos", false, 1, 0, 255, 0, 255},
    {"id", false, 1, 0, 65535, 0, 65535}, {"fragment_offset", false, 1, 0, 8191, 0, 8191},
    {"ttl", false, 1, 0, 255, 0, 255},    {"duration", true, kNanosecondsPerSecond, 0, 0, 0, 600},
    {"packets", true, 1, 0, 0, 1, 1e6},   {"bytes", true, 1, 0, 0, 20, 1.5e9},
};
constexpr double kPublicGapPackets = 1e6, kPublicGapFlows = 300e6;  // us

bool constant(const std::vector<double>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

std::vector<int64_t> distinct(const std::vector<int64_t>& values) {
  const std::set<int64_t> seen(values.begin(), values.end());
  return {seen.begin(), seen.end()};
}

}  // namespace

std::vector<int64_t> column_of(const Trace& trace, std::string_view name) {
  std::vector<int64_t> out;
  for_each_column(trace, [&](std::string_view column_name, const auto& column) {
    if (column_name == name) out.assign(column.begin(), column.end());
  });
  for (const auto& label : trace.labels) {
    if ("label:" + label.name == name) out.assign(label.codes.begin(), label.codes.end());
  }
  return out;
}

void put_column(Trace& trace, std::string_view name, const std::vector<int64_t>& values) {
  for_each_column(trace, [&]<typename Column>(std::string_view column_name, Column& column) {
    if (column_name != name) return;
    column.resize(values.size());
    std::transform(values.begin(), values.end(), column.begin(),
                   [](int64_t v) { return static_cast<typename Column::value_type>(v); });
  });
  for (auto& label : trace.labels) {
    if ("label:" + label.name == name) label.codes.assign(values.begin(), values.end());
  }
}

std::vector<int64_t> interarrivals(const Trace& trace, const FlowIndex& flows) {
  std::vector<int64_t> out(trace.size(), 0);
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    for (size_t i = 1; i < rows.size(); ++i) out[rows[i]] = trace.time[rows[i]] - trace.time[rows[i - 1]];
  }
  return out;
}

int64_t index_of(const std::vector<int64_t>& values, int64_t value) {
  const auto place = std::lower_bound(values.begin(), values.end(), value);
  if (place == values.end() || *place != value) {
    fail(Kind::data, "encoder: the value {} did not occur in the trace that the encoder was fitted to",
         value);
  }
  return place - values.begin();
}

std::vector<NumericField> learn_numeric(const Trace& trace, const EncodeOptions& options,
                                        std::map<std::string, int64_t>& clipped) {
  std::vector<NumericField> out;
  for (const NumericSpec& spec : kNumericSpecs) {
    const auto column = column_of(trace, spec.name);
    if (column.empty()) continue;
    std::vector<double> values(column.size());
    std::transform(column.begin(), column.end(), values.begin(),
                   [&](int64_t v) { return static_cast<double>(v) / spec.unit; });
    NumericField field{std::string(spec.name), spec.unit, {}};
    const Scale scale = spec.heavy_tailed && options.log1p ? Scale::log : Scale::linear;
    if (options.quantile) {
      field.coder.fit(Scale::quantile, std::move(values));
    } else if (options.public_ranges) {
      field.coder.fit_range(scale, spec.public_lo, spec.public_hi);
      const auto outside = std::count_if(values.begin(), values.end(),
                                         [&](double v) { return v < spec.public_lo || v > spec.public_hi; });
      if (outside > 0) clipped[field.name] = outside;
    } else if (spec.lo < spec.hi && !constant(values)) {
      field.coder.fit_range(scale, spec.lo, spec.hi);
    } else {
      field.coder.fit(scale, std::move(values));
    }
    out.push_back(std::move(field));
  }
  return out;
}

std::vector<CategoryField> learn_categories(const Trace& trace) {
  std::vector<CategoryField> out;
  std::vector<std::string> names{"ip_flags", "tcp_flags"};
  for (const auto& label : trace.labels) names.push_back("label:" + label.name);
  for (const auto& name : names) {
    const auto column = column_of(trace, name);
    if (!column.empty()) out.push_back({name, distinct(column), 0});
  }
  return out;
}

ContinuousCoder learn_gap(std::vector<double> gaps, TraceKind kind, const EncodeOptions& options) {
  ContinuousCoder out;
  const Scale scale = options.linear_interarrival ? Scale::linear : Scale::log;
  if (options.public_ranges && !options.quantile) {
    out.fit_range(scale, 0, kind == TraceKind::packets ? kPublicGapPackets : kPublicGapFlows);
  } else {
    out.fit(options.quantile ? Scale::quantile : scale, std::move(gaps));
  }
  return out;
}

bool keeps_header_rule(const Trace& trace) {
  size_t broken = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    const bool later = !trace.fragment_offset.empty() && trace.fragment_offset[i] > 0;
    const int64_t header = header_bytes(trace.proto[i], later);
    broken += trace.kind == TraceKind::packets ? trace.length[i] < header
                                               : trace.bytes[i] < trace.packets[i] * header;
  }
  return static_cast<double>(broken) <= kRuleTolerance * static_cast<double>(trace.size());
}

}  // namespace bench
