#include "models/encode/flow_encoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/encode/ports.h"

namespace bench {
namespace {

/// Length classes of a given structure: 1, 2, 3-4, 5-8, ...; and the logarithm of the length in one column.
int64_t length_class(int64_t length) {
  int64_t c = 0;
  while ((int64_t{1} << c) < length) ++c;
  return c;
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

void FlowSamples::append(const FlowSamples& more, size_t index, int64_t attribute_width,
                         int64_t feature_width) {
  const auto place = static_cast<std::ptrdiff_t>(index);
  const auto attribute = more.attributes.begin() + place * attribute_width;
  attributes.insert(attributes.end(), attribute, attribute + attribute_width);
  const auto row = [&](size_t r) {
    return more.features.begin() + static_cast<std::ptrdiff_t>(r) * feature_width;
  };
  const size_t first = more.offsets[index], last = more.offsets[index + 1];
  features.insert(features.end(), row(first), row(last));
  offsets.push_back(offsets.back() + last - first);
}

int64_t header_bytes(uint8_t proto, bool later_fragment) {
  constexpr uint8_t kIcmp = 1, kTcp = 6, kUdp = 17;
  if (later_fragment) return 20;
  if (proto == kTcp) return 40;
  return proto == kUdp || proto == kIcmp ? 28 : 20;
}

void FlowEncoder::fit(const Trace& trace, const EncodeOptions& options, Seed seed) {
  assert(trace.size() > 0);
  *this = {};
  options_ = options;
  kind_ = trace.kind;
  has_time_ = trace.has_time();
  for (const auto& label : trace.labels) labels_.push_back({label.name, label.names, {}});
  const FlowIndex flows = group_flows(trace);
  const Chunks chunks = split_chunks(trace, options.chunks, options.split);
  chunk_records_ = chunks.records;
  learn_attributes(trace, flows, chunks, seed);
  learn_features(trace, flows, chunks);
  longest_sample_ = options.max_flow_len > 0 ? std::min(longest_flow_, options.max_flow_len) : longest_flow_;
  (kind_ == TraceKind::packets ? length_rule_ : bytes_rule_) = keeps_header_rule(trace);
  lay_out();
}

void FlowEncoder::learn_attributes(const Trace& trace, const FlowIndex& flows, const Chunks& chunks,
                                   Seed seed) {
  services_.fit(trace, flows, options_.services, seed);
  time_scales_.assign(chunks.size(), {});
  std::vector<std::vector<double>> starts(chunks.size());
  std::vector<int64_t> records(chunks.size());
  for (size_t f = 0; f < flows.size(); ++f) {
    std::fill(records.begin(), records.end(), 0);
    for (const size_t row : flows.flow(f)) {
      const size_t c = chunks.of_row[row];
      longest_flow_ = std::max(longest_flow_, ++records[c]);
      if (records[c] > 1 || !has_time_) continue;
      starts[c].push_back(static_cast<double>(trace.time[row] - chunks.windows[c].begin) /
                          kNanosecondsPerSecond);
    }
  }
  std::vector<std::vector<double>> times(chunks.size());
  for (size_t i = 0; i < trace.size() && has_time_ && options_.record_times; ++i) {
    const size_t c = chunks.of_row[i];
    times[c].push_back(static_cast<double>(trace.time[i] - chunks.windows[c].begin) / kNanosecondsPerSecond);
  }
  for (size_t c = 0; c < chunks.size(); ++c) {
    TimeScale& scale = time_scales_[c];
    scale.records.fit(Scale::quantile, std::move(times[c]));
    scale.window = chunks.windows[c];
    const double length = static_cast<double>(scale.window.end - scale.window.begin) / kNanosecondsPerSecond;
    if (options_.public_ranges && !options_.quantile && length > 0) {
      scale.start.fit_range(Scale::linear, 0, length);
    } else {
      scale.start.fit(options_.quantile ? Scale::quantile : Scale::linear, std::move(starts[c]));
    }
  }
}

void FlowEncoder::learn_features(const Trace& trace, const FlowIndex& flows, const Chunks& chunks) {
  has_gaps_ = has_time_ && longest_flow_ > 1;
  if (has_gaps_) {
    std::vector<std::vector<double>> gaps(chunks.size());
    std::vector<double> all;
    const auto gap = interarrivals(trace, flows);
    for (size_t f = 0; f < flows.size(); ++f) {
      const auto rows = flows.flow(f);
      for (size_t i = 1; i < rows.size(); ++i) {
        const size_t c = chunks.of_row[rows[i]];
        if (chunks.of_row[rows[i - 1]] != c) continue;
        gaps[c].push_back(static_cast<double>(gap[rows[i]]) / kNanosecondsPerMicrosecond);
        all.push_back(gaps[c].back());
      }
    }
    for (size_t c = 0; c < chunks.size(); ++c) {
      time_scales_[c].gap = learn_gap(gaps[c].empty() ? all : std::move(gaps[c]), kind_, options_);
    }
  }
  numeric_ = learn_numeric(trace, options_, clipped_);
  categories_ = learn_categories(trace);
}

void FlowEncoder::lay_out() {
  using Kind = Head::Kind;
  const auto chunks = static_cast<int64_t>(time_scales_.size());
  const bool tags = chunks > 1 && options_.tags;
  const auto add_tags = [&] {
    starts_column_ = cuts_flows() || tags ? attributes_.add(Kind::category, 1, 2) : -1;
    presence_column_ = tags ? attributes_.add(Kind::category, chunks, 2) : -1;
  };
  const auto add_addresses = [&] {
    address_column_ = options_.addresses == "bits" ? attributes_.add(Kind::category, 64, 2)
                                                   : attributes_.add(Kind::unit, 8, 1);
  };
  const auto add_services = [&] {
    service_column_ = attributes_.width;
    services_.add_heads(attributes_);
  };
  attributes_ = {};
  features_ = {};
  length_column_ = -1;
  if (options_.given) {
    add_services();
    add_tags();
    length_column_ = attributes_.add(Kind::category, 1, length_class(longest_sample_) + 1);
    attributes_.add(Kind::unit, 1, 1);
    attributes_.close_given();
    add_addresses();
    start_column_ = has_time_ ? attributes_.add(Kind::unit, 1, 1) : -1;
  } else {
    add_addresses();
    add_services();
    start_column_ = has_time_ ? attributes_.add(Kind::unit, 1, 1) : -1;
    add_tags();
  }
  const int64_t numeric = static_cast<int64_t>(numeric_.size()) + (has_gaps_ ? 1 : 0);
  extra_column_ = -1;
  if (options_.self_norm && numeric > 0) {
    extra_column_ = attributes_.width;
    attributes_.add_extra(2 * numeric);
  }
  if (numeric > 0) features_.add(Kind::unit, numeric, 1);
  for (auto& field : categories_) {
    field.offset = features_.add(Kind::category, 1, static_cast<int64_t>(field.values.size()));
  }
  if (!options_.given) features_.add(Kind::category, 1, 2);
}

void FlowEncoder::encode_structure(const Structure& structure, float* out) const {
  assert(options_.given && structure.length >= 1 && structure.length <= longest_sample_);
  std::fill_n(out, attributes_.given, 0.0F);
  services_.encode_classes(structure.service, out + service_column_);
  if (starts_column_ >= 0) out[starts_column_ + (structure.starts ? 1 : 0)] = 1;
  if (presence_column_ >= 0) {
    for (size_t c = 0; c < time_scales_.size(); ++c) out[presence_column_ + 2 * static_cast<int64_t>(c)] = 1;
    for (const uint16_t c : structure.present) {
      out[presence_column_ + 2 * c] = 0;
      out[presence_column_ + 2 * c + 1] = 1;
    }
  }
  out[length_column_ + length_class(structure.length)] = 1;
  const double longest = std::log(static_cast<double>(std::max<int64_t>(longest_sample_, 2)));
  out[attributes_.given - 1] = static_cast<float>(std::log(static_cast<double>(structure.length)) / longest);
}

float FlowEncoder::code_of(const float* attributes, const float* row, size_t field) const {
  const float code = row[field];
  if (extra_column_ < 0) return code;
  const float* range = attributes + extra_column_ + 2 * static_cast<int64_t>(field);  // centre, half width
  return std::clamp(range[0] - range[1] + 2 * range[1] * code, 0.0F, 1.0F);
}

void FlowEncoder::calibrate(size_t chunk, const FlowSamples& generated) {
  assert(options_.quantile);
  const auto width = static_cast<size_t>(features_.width),
             attribute_width = static_cast<size_t>(attributes_.width);
  const size_t fields = numeric_.size() + (has_gaps_ ? 1 : 0);
  std::vector<std::vector<double>> codes(2 + numeric_.size());
  for (size_t i = 0; i < generated.size(); ++i) {
    const float* attributes = generated.attributes.data() + i * attribute_width;
    if (start_column_ >= 0) codes[0].push_back(attributes[start_column_]);
    for (size_t r = generated.offsets[i]; r < generated.offsets[i + 1]; ++r) {
      const float* row = generated.features.data() + r * width;
      for (size_t k = 0; k < fields; ++k) {
        const bool gap = has_gaps_ && k == 0;
        if (gap && r == generated.offsets[i]) continue;
        codes[has_gaps_ ? k + 1 : k + 2].push_back(code_of(attributes, row, k));
      }
    }
  }
  auto& calibration = time_scales_[chunk].calibration;
  calibration.assign(codes.size(), {});
  for (size_t k = 0; k < codes.size(); ++k) calibration[k].fit(Scale::quantile, std::move(codes[k]));
}

}  // namespace bench
