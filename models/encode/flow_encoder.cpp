#include "models/encode/flow_encoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr int kAddressBits = 32;
constexpr int64_t kSourceColumn = 0;
constexpr int64_t kDestinationColumn = 2 * kAddressBits;
constexpr double kNanosecondsPerSecond = 1e9;
constexpr double kNanosecondsPerMicrosecond = 1e3;
/// A rule about header sizes is enforced if at most this share of the training records breaks it.
constexpr double kRuleTolerance = 0.01;

struct NumericSpec {
  std::string_view name;
  Scale scale;
  double unit;
  double lo, hi;  // a range known beforehand, or lo == hi
};

constexpr NumericSpec kNumericSpecs[] = {
    {"length", Scale::linear, 1, 0, 0}, {"tos", Scale::linear, 1, 0, 255},
    {"id", Scale::linear, 1, 0, 65535}, {"fragment_offset", Scale::linear, 1, 0, 8191},
    {"ttl", Scale::linear, 1, 0, 255},  {"duration", Scale::log, kNanosecondsPerSecond, 0, 0},
    {"packets", Scale::log, 1, 0, 0},   {"bytes", Scale::log, 1, 0, 0},
};

/// A column by name as integers; empty if the trace has none of that name.
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

/// Time since the record before it in its flow, by row; 0 for the first record of a flow.
std::vector<int64_t> interarrivals(const Trace& trace, const FlowIndex& flows) {
  std::vector<int64_t> out(trace.size(), 0);
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    for (size_t i = 1; i < rows.size(); ++i) out[rows[i]] = trace.time[rows[i]] - trace.time[rows[i - 1]];
  }
  return out;
}

std::vector<int64_t> distinct(const std::vector<int64_t>& values) {
  const std::set<int64_t> seen(values.begin(), values.end());
  return {seen.begin(), seen.end()};
}

int64_t index_of(const std::vector<int64_t>& sorted, int64_t value) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (place == sorted.end() || *place != value) {
    fail(Kind::data, "encoder: the value {} did not occur in the trace that the encoder was fitted to",
         value);
  }
  return place - sorted.begin();
}

void fit_numeric(NumericField& field, const NumericSpec& spec, bool quantile, std::vector<double> values) {
  const bool known = spec.lo < spec.hi && !quantile;
  const bool constant =
      std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
  if (known && !constant) {
    field.coder.fit_range(spec.scale, spec.lo, spec.hi);
  } else {
    field.coder.fit(quantile ? Scale::quantile : spec.scale, std::move(values));
  }
}

}  // namespace

std::vector<float> generation_flags(int64_t length, int64_t padded, int64_t block, bool continues) {
  assert(length >= 1 && length <= padded && padded % block == 0);
  std::vector<float> flags(static_cast<size_t>(2 * padded), 0.0F);
  const int64_t active = (length + block - 1) / block * block;
  for (int64_t p = 0; p < active; ++p) {
    const bool follows = p + 1 < length || (p + 1 == length && continues);
    flags[static_cast<size_t>(2 * p + (follows ? 0 : 1))] = 1;
  }
  return flags;
}

void FlowSamples::append(const FlowSamples& more) {
  const size_t rows = offsets.back();
  attributes.insert(attributes.end(), more.attributes.begin(), more.attributes.end());
  features.insert(features.end(), more.features.begin(), more.features.end());
  for (size_t i = 1; i < more.offsets.size(); ++i) offsets.push_back(rows + more.offsets[i]);
}

int64_t header_bytes(uint8_t proto, bool later_fragment) {
  constexpr uint8_t kIcmp = 1, kTcp = 6, kUdp = 17;
  if (later_fragment) return 20;
  if (proto == kTcp) return 40;
  return proto == kUdp || proto == kIcmp ? 28 : 20;
}

int64_t NumericField::value_of(float code) const {
  const bool calibrated = calibration.lowest() < calibration.highest();
  return std::llround(coder.decode(calibrated ? calibration.encode(code) : code) * unit);
}

void FlowEncoder::fit(const Trace& trace, const EncodeOptions& options) {
  assert(trace.size() > 0);
  options_ = options;
  kind_ = trace.kind;
  has_time_ = trace.has_time();
  if (has_time_) {
    const auto [lo, hi] = std::minmax_element(trace.time.begin(), trace.time.end());
    window_begin_ = *lo;
    window_end_ = *hi;
  }
  labels_.clear();
  for (const auto& label : trace.labels) labels_.push_back({label.name, label.names, {}});
  const FlowIndex flows = group_flows(trace);
  longest_flow_ = 0;
  for (size_t f = 0; f < flows.size(); ++f) {
    longest_flow_ = std::max(longest_flow_, static_cast<int64_t>(flows.flow(f).size()));
  }
  longest_sample_ = options.max_flow_len > 0 ? std::min(longest_flow_, options.max_flow_len) : longest_flow_;
  learn_attributes(trace, flows);
  learn_features(trace, flows);
  learn_rules(trace);
  lay_out();
}

void FlowEncoder::learn_attributes(const Trace& trace, const FlowIndex& flows) {
  std::vector<uint16_t> srcports, dstports;
  std::vector<double> starts;
  for (size_t f = 0; f < flows.size(); ++f) {
    const size_t row = flows.flow(f).front();
    srcports.push_back(trace.srcport[row]);
    dstports.push_back(trace.dstport[row]);
    if (has_time_)
      starts.push_back(static_cast<double>(trace.time[row] - window_begin_) / kNanosecondsPerSecond);
  }
  srcport_ = make_port_encoder(options_.ports);
  dstport_ = make_port_encoder(options_.ports);
  srcport_->fit(srcports);
  dstport_->fit(dstports);
  protocols_ = distinct(column_of(trace, "proto"));
  start_ = {"start", kNanosecondsPerSecond, {}, {}};
  start_.coder.fit(options_.quantile ? Scale::quantile : Scale::linear, std::move(starts));
}

void FlowEncoder::learn_features(const Trace& trace, const FlowIndex& flows) {
  numeric_.clear();
  categories_.clear();
  if (has_time_ && longest_flow_ > 1) {
    const auto gaps = interarrivals(trace, flows);
    std::vector<double> later;
    for (size_t f = 0; f < flows.size(); ++f) {
      for (const size_t row : flows.flow(f).subspan(1)) {
        later.push_back(static_cast<double>(gaps[row]) / kNanosecondsPerMicrosecond);
      }
    }
    const Scale scale = options_.linear_interarrival ? Scale::linear : Scale::log;
    NumericField field{"interarrival", kNanosecondsPerMicrosecond, {}, {}};
    field.coder.fit(options_.quantile ? Scale::quantile : scale, std::move(later));
    numeric_.push_back(std::move(field));
  }
  for (const NumericSpec& spec : kNumericSpecs) {
    const auto column = column_of(trace, spec.name);
    if (column.empty()) continue;
    std::vector<double> values(column.size());
    std::transform(column.begin(), column.end(), values.begin(),
                   [&](int64_t v) { return static_cast<double>(v) / spec.unit; });
    NumericField field{std::string(spec.name), spec.unit, {}, {}};
    fit_numeric(field, spec, options_.quantile, std::move(values));
    numeric_.push_back(std::move(field));
  }
  std::vector<std::string> names{"ip_flags", "tcp_flags"};
  for (const auto& label : labels_) names.push_back("label:" + label.name);
  for (const auto& name : names) {
    const auto column = column_of(trace, name);
    if (!column.empty()) categories_.push_back({name, distinct(column), 0});
  }
}

void FlowEncoder::learn_rules(const Trace& trace) {
  size_t broken = 0;
  const bool packets = kind_ == TraceKind::packets;
  for (size_t i = 0; i < trace.size(); ++i) {
    const bool later = !trace.fragment_offset.empty() && trace.fragment_offset[i] > 0;
    const int64_t header = header_bytes(trace.proto[i], later);
    broken += packets ? trace.length[i] < header : trace.bytes[i] < trace.packets[i] * header;
  }
  const bool kept = static_cast<double>(broken) <= kRuleTolerance * static_cast<double>(trace.size());
  length_rule_ = packets && kept;
  bytes_rule_ = !packets && kept;
}

void FlowEncoder::lay_out() {
  attributes_ = {};
  attributes_.add(Head::Kind::category, 2 * kAddressBits, 2);
  srcport_column_ = attributes_.width;
  srcport_->add_heads(attributes_);
  dstport_column_ = attributes_.width;
  dstport_->add_heads(attributes_);
  proto_column_ = attributes_.add(Head::Kind::category, 1, static_cast<int64_t>(protocols_.size()));
  start_column_ = has_time_ ? attributes_.add(Head::Kind::unit, 1, 1) : -1;
  starts_column_ = longest_sample_ < longest_flow_ ? attributes_.add(Head::Kind::category, 1, 2) : -1;
  features_ = {};
  if (!numeric_.empty()) features_.add(Head::Kind::unit, static_cast<int64_t>(numeric_.size()), 1);
  for (auto& field : categories_) {
    field.offset = features_.add(Head::Kind::category, 1, static_cast<int64_t>(field.values.size()));
  }
  features_.add(Head::Kind::category, 1, 2);
}

void FlowEncoder::encode_attributes(const Trace& trace, size_t row, float* out) const {
  encode_bits(trace.srcip[row], kAddressBits, out + kSourceColumn);
  encode_bits(trace.dstip[row], kAddressBits, out + kDestinationColumn);
  srcport_->encode(trace.srcport[row], out + srcport_column_);
  dstport_->encode(trace.dstport[row], out + dstport_column_);
  out[proto_column_ + index_of(protocols_, trace.proto[row])] = 1;
  if (start_column_ >= 0) {
    out[start_column_] =
        start_.coder.encode(static_cast<double>(trace.time[row] - window_begin_) / kNanosecondsPerSecond);
  }
}

FlowSamples FlowEncoder::encode(const Trace& trace) const {
  const FlowIndex flows = group_flows(trace);
  const auto attribute_width = static_cast<size_t>(attributes_.width);
  const auto width = static_cast<size_t>(features_.width);
  const auto most = static_cast<size_t>(longest_sample_);
  FlowSamples out;
  out.features.assign(trace.size() * width, 0.0F);
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    for (size_t begin = 0; begin < rows.size(); begin += most) {
      const size_t length = std::min(most, rows.size() - begin);
      const bool continues = begin + length < rows.size();
      const auto flags =
          generation_flags(static_cast<int64_t>(length), static_cast<int64_t>(length), 1, continues);
      const size_t first = out.offsets.back();
      for (size_t i = 0; i < length; ++i) {
        std::copy_n(flags.begin() + static_cast<std::ptrdiff_t>(2 * i), 2,
                    out.features.begin() + static_cast<std::ptrdiff_t>((first + i + 1) * width - 2));
      }
      out.offsets.push_back(first + length);
      out.attributes.resize(out.attributes.size() + attribute_width, 0.0F);
      float* attributes = out.attributes.data() + out.attributes.size() - attribute_width;
      encode_attributes(trace, rows.front(), attributes);
      if (starts_column_ >= 0) attributes[starts_column_ + (begin == 0 ? 1 : 0)] = 1;
    }
  }
  // flows.rows lists the records in the order of the feature rows.
  for (size_t k = 0; k < numeric_.size(); ++k) {
    const NumericField& field = numeric_[k];
    const bool gap = field.name == "interarrival";
    const auto column = gap ? interarrivals(trace, flows) : column_of(trace, field.name);
    for (size_t i = 0; i < flows.rows.size(); ++i) {
      out.features[i * width + k] =
          field.coder.encode(static_cast<double>(column[flows.rows[i]]) / field.unit);
    }
    if (!gap) continue;
    for (size_t f = 0; f < flows.size(); ++f) out.features[flows.offsets[f] * width + k] = 0;
  }
  for (const CategoryField& field : categories_) {
    const auto column = column_of(trace, field.name);
    for (size_t i = 0; i < flows.rows.size(); ++i) {
      const int64_t place = field.offset + index_of(field.values, column[flows.rows[i]]);
      out.features[i * width + static_cast<size_t>(place)] = 1;
    }
  }
  return out;
}

void FlowEncoder::calibrate(const FlowSamples& generated) {
  assert(options_.quantile);
  const auto width = static_cast<size_t>(features_.width),
             attribute_width = static_cast<size_t>(attributes_.width);
  if (start_column_ >= 0) {
    std::vector<double> codes;
    for (size_t i = 0; i < generated.size(); ++i) {
      codes.push_back(generated.attributes[i * attribute_width + static_cast<size_t>(start_column_)]);
    }
    start_.calibration.fit(Scale::quantile, std::move(codes));
  }
  for (size_t k = 0; k < numeric_.size(); ++k) {
    const bool gap = numeric_[k].name == "interarrival";
    std::vector<double> codes;
    for (size_t i = 0; i < generated.size(); ++i) {
      const size_t first = generated.offsets[i] + (gap ? 1 : 0);
      for (size_t r = first; r < generated.offsets[i + 1]; ++r)
        codes.push_back(generated.features[r * width + k]);
    }
    numeric_[k].calibration.fit(Scale::quantile, std::move(codes));
  }
}

}  // namespace bench
