#include "models/encode/flow_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <type_traits>

namespace bench {
namespace {

constexpr int kAddressBits = 32;
constexpr uint8_t kTcp = 6;
/// Repeated five-tuples are refused while at most kFreeRefusals + kRefusalsPerFlow * (flows taken) were.
constexpr int64_t kFreeRefusals = 1000;
constexpr int64_t kRefusalsPerFlow = 4;

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

}  // namespace

FlowDecoder::FlowDecoder(const FlowEncoder& encoder, int64_t records)
    : encoder_(encoder),
      records_(records),
      numeric_(encoder.numeric_.size()),
      categories_(encoder.categories_.size()) {
  out_.kind = encoder.kind_;
  out_.labels = encoder.labels_;
}

FlowDecoder::Flow FlowDecoder::read_attributes(const float* row) {
  Flow flow;
  FiveTuple& key = flow.key;
  key.srcip = decode_bits(row, kAddressBits);
  key.dstip = decode_bits(row + 2 * kAddressBits, kAddressBits);
  const auto protocols = static_cast<int64_t>(encoder_.protocols_.size());
  const int64_t choice = largest(row + encoder_.proto_column_, protocols);
  key.proto = static_cast<uint8_t>(encoder_.protocols_[static_cast<size_t>(choice)]);
  key.srcport = encoder_.srcport_->decode(row + encoder_.srcport_column_);
  key.dstport = encoder_.dstport_->decode(row + encoder_.dstport_column_);
  if (!has_ports(key.proto) && (key.srcport != 0 || key.dstport != 0)) {
    ++changes_["flows of a protocol without ports: ports set to 0"];
    key.srcport = key.dstport = 0;
  }
  if (encoder_.start_column_ >= 0) {
    const int64_t since = encoder_.start_.value_of(row[encoder_.start_column_]);
    flow.start = std::min(encoder_.window_begin_ + since, encoder_.window_end_);
  }
  return flow;
}

void FlowDecoder::add(const FlowSamples& samples) {
  const auto attribute_width = static_cast<size_t>(encoder_.attributes_.width);
  const auto width = static_cast<size_t>(encoder_.features_.width);
  for (size_t i = 0; i < samples.size() && !full();) {
    Flow flow = read_attributes(samples.attributes.data() + i * attribute_width);
    const auto continues = [&](size_t sample) {
      if (encoder_.starts_column_ < 0 || sample >= samples.size()) return false;
      const float* starts = samples.attributes.data() + sample * attribute_width + encoder_.starts_column_;
      return starts[0] > starts[1];
    };
    size_t next = i + 1;
    while (continues(next)) ++next;
    for (size_t r = samples.offsets[i]; r < samples.offsets[next]; ++r) {
      flow.rows.push_back(samples.features.data() + r * width);
    }
    i = next;
    if (!seen_.insert(flow.key).second) {
      if (refused_ < kFreeRefusals + kRefusalsPerFlow * static_cast<int64_t>(seen_.size())) {
        ++refused_;
        continue;
      }
      ++changes_["flows with a repeated five-tuple kept"];
    }
    take(flow);
  }
}

std::vector<int64_t> FlowDecoder::record_times(const Flow& flow) {
  std::vector<int64_t> times(flow.rows.size(), flow.start);
  if (encoder_.numeric_.empty() || encoder_.numeric_[0].name != "interarrival") return times;
  const NumericField& gap = encoder_.numeric_[0];
  int64_t since = 0;
  std::vector<int64_t> elapsed(times.size(), 0);
  for (size_t i = 1; i < times.size(); ++i) {
    since += gap.value_of(flow.rows[i][0]);
    elapsed[i] = since;
  }
  const int64_t room = encoder_.window_end_ - flow.start;
  const double squeeze = since > room ? static_cast<double>(room) / static_cast<double>(since) : 1;
  if (since > room) ++changes_["flows squeezed to end inside the training window"];
  for (size_t i = 1; i < times.size(); ++i) {
    times[i] = flow.start + std::min<int64_t>(room, std::llround(static_cast<double>(elapsed[i]) * squeeze));
  }
  return times;
}

void FlowDecoder::take(const Flow& flow) {
  const auto times = record_times(flow);
  for (size_t i = 0; i < flow.rows.size() && !full(); ++i) put_record(flow.key, times[i], flow.rows[i]);
}

void FlowDecoder::put_record(const FiveTuple& key, int64_t time, const float* row) {
  out_.srcip.push_back(key.srcip);
  out_.dstip.push_back(key.dstip);
  out_.srcport.push_back(key.srcport);
  out_.dstport.push_back(key.dstport);
  out_.proto.push_back(key.proto);
  if (encoder_.has_time_) out_.time.push_back(time);
  bool later_fragment = false;
  int64_t packets = 0;
  for (size_t k = 0; k < numeric_.size(); ++k) {
    const NumericField& field = encoder_.numeric_[k];
    int64_t value = field.value_of(row[k]);
    if (field.name == "packets") packets = value;
    if (field.name == "fragment_offset") later_fragment = value > 0;
    if (field.name == "bytes" && encoder_.bytes_rule_ && value < packets * header_bytes(key.proto, false)) {
      value = packets * header_bytes(key.proto, false);
      ++changes_["bytes raised to the headers of the packets"];
    }
    numeric_[k].push_back(value);
  }
  for (size_t k = 0; k < numeric_.size(); ++k) {
    const int64_t least = header_bytes(key.proto, later_fragment);
    if (encoder_.numeric_[k].name != "length" || !encoder_.length_rule_ || numeric_[k].back() >= least)
      continue;
    numeric_[k].back() = least;
    ++changes_["length raised to the headers"];
  }
  for (size_t k = 0; k < categories_.size(); ++k) {
    const CategoryField& field = encoder_.categories_[k];
    const int64_t choice = largest(row + field.offset, static_cast<int64_t>(field.values.size()));
    int64_t value = field.values[static_cast<size_t>(choice)];
    if (field.name == "tcp_flags" && key.proto != kTcp && value != 0) {
      value = 0;
      ++changes_["TCP flags of another protocol set to 0"];
    }
    categories_[k].push_back(value);
  }
  ++size_;
}

Trace FlowDecoder::finish(Progress& progress) {
  assert(full());
  for (size_t k = 0; k < numeric_.size(); ++k) put_column(out_, encoder_.numeric_[k].name, numeric_[k]);
  for (size_t k = 0; k < categories_.size(); ++k)
    put_column(out_, encoder_.categories_[k].name, categories_[k]);
  if (refused_ > 0)
    progress.log(fmt::format("sampling: {} flows with a repeated five-tuple drawn again", refused_));
  for (const auto& [what, count] : changes_) progress.log(fmt::format("sampling: {}: {}", what, count));
  if (!encoder_.has_time_) {
    progress.log("sampling: the training part has no time column, so no time is modelled or made");
    return std::move(out_);
  }
  return select(out_, time_order(out_));
}

}  // namespace bench
