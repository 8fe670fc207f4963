#include "models/encode/flow_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <utility>

#include "models/encode/ports.h"

namespace bench {
namespace {

constexpr int kAddressBits = 32;
constexpr uint8_t kTcp = 6;
/// Repeated five-tuples are refused while at most kFreeRefusals + kRefusalsPerFlow * (flows taken) were.
constexpr int64_t kFreeRefusals = 1000;
constexpr int64_t kRefusalsPerFlow = 4;

uint32_t decode_bytes(const float* in) {
  uint32_t address = 0;
  for (int b = 0; b < 4; ++b) {
    const auto byte = static_cast<uint32_t>(std::lround(std::clamp(in[b], 0.0F, 1.0F) * 255));
    address = (address << 8U) | byte;
  }
  return address;
}

}  // namespace

FlowDecoder::FlowDecoder(const FlowEncoder& encoder, Seed seed)
    : encoder_(encoder),
      rng_(seed.rng()),
      numeric_(encoder.numeric_.size()),
      categories_(encoder.categories_.size()) {
  out_.kind = encoder.kind_;
  out_.labels = encoder.labels_;
}

FiveTuple FlowDecoder::key(const float* attributes) {
  FiveTuple key;
  const float* addresses = attributes + encoder_.address_column_;
  if (encoder_.options_.addresses == "bits") {
    key.srcip = decode_bits(addresses, kAddressBits);
    key.dstip = decode_bits(addresses + 2 * kAddressBits, kAddressBits);
  } else {
    key.srcip = decode_bytes(addresses);
    key.dstip = decode_bytes(addresses + 4);
  }
  const Service service = encoder_.services_.decode(attributes + encoder_.service_column_, rng_);
  key.srcport = service.srcport;
  key.dstport = service.dstport;
  key.proto = service.proto;
  if (!has_ports(key.proto) && (key.srcport != 0 || key.dstport != 0)) {
    ++changes_["flows of a protocol without ports: ports set to 0"];
    key.srcport = key.dstport = 0;
  }
  return key;
}

bool FlowDecoder::claim(const FiveTuple& key, bool insist) {
  if (seen_.insert(key).second) return true;
  if (!insist && refused_ < kFreeRefusals + kRefusalsPerFlow * static_cast<int64_t>(seen_.size())) {
    ++refused_;
    return false;
  }
  ++changes_["flows with a repeated five-tuple kept"];
  return true;
}

int64_t FlowDecoder::value_of(size_t chunk, size_t field, float code) const {
  const TimeScale& scale = encoder_.time_scales_[chunk];
  if (!scale.calibration.empty()) {
    const ContinuousCoder& calibration = scale.calibration[field];
    if (calibration.lowest() < calibration.highest()) code = calibration.encode(code);
  }
  if (field == 0) return std::llround(scale.start.decode(code) * kNanosecondsPerSecond);
  if (field == 1) return std::llround(scale.gap.decode(code) * kNanosecondsPerMicrosecond);
  const NumericField& numeric = encoder_.numeric_[field - 2];
  return std::llround(numeric.coder.decode(code) * numeric.unit);
}

void FlowDecoder::add(const FiveTuple& key, size_t chunk, const FlowSamples& samples, int64_t most,
                      std::optional<int64_t> start) {
  const size_t count = std::min(samples.offsets.back(), static_cast<size_t>(std::max<int64_t>(most, 0)));
  const auto times = encoder_.has_time_ ? record_times(chunk, samples, count, start) : std::vector<int64_t>{};
  const auto attribute_width = static_cast<size_t>(encoder_.attributes_.width),
             width = static_cast<size_t>(encoder_.features_.width);
  size_t sample = 0;
  for (size_t r = 0; r < count; ++r) {
    while (r >= samples.offsets[sample + 1]) ++sample;
    if (!times.empty()) out_.time.push_back(times[r]);
    put_record(key, chunk, samples.attributes.data() + sample * attribute_width,
               samples.features.data() + r * width);
  }
}

std::vector<int64_t> FlowDecoder::record_times(size_t chunk, const FlowSamples& samples, size_t count,
                                               std::optional<int64_t> given_start) {
  const TimeWindow window = encoder_.time_scales_[chunk].window;
  const float* attributes = samples.attributes.data();
  const int64_t start =
      given_start
          ? *given_start
          : std::min(window.begin + value_of(chunk, 0, attributes[encoder_.start_column_]), window.end);
  const int64_t end = std::max(start, window.end);
  std::vector<int64_t> times(count, start);
  if (!encoder_.has_gaps_ || count < 2) return times;
  const auto attribute_width = static_cast<size_t>(encoder_.attributes_.width),
             width = static_cast<size_t>(encoder_.features_.width);
  int64_t since = 0;
  size_t sample = 0;
  std::vector<int64_t> elapsed(count, 0);
  for (size_t i = 1; i < count; ++i) {
    while (i >= samples.offsets[sample + 1]) ++sample;
    const float code =
        encoder_.code_of(attributes + sample * attribute_width, &samples.features[i * width], 0);
    since += value_of(chunk, 1, code);
    elapsed[i] = since;
  }
  const int64_t room = end - start;
  const double squeeze = since > room ? static_cast<double>(room) / static_cast<double>(since) : 1;
  if (since > room) ++changes_["flows squeezed to end inside their chunk"];
  for (size_t i = 1; i < count; ++i) {
    times[i] = start + std::min<int64_t>(room, std::llround(static_cast<double>(elapsed[i]) * squeeze));
  }
  return times;
}

void FlowDecoder::put_record(const FiveTuple& key, size_t chunk, const float* attributes, const float* row) {
  out_.srcip.push_back(key.srcip);
  out_.dstip.push_back(key.dstip);
  out_.srcport.push_back(key.srcport);
  out_.dstport.push_back(key.dstport);
  out_.proto.push_back(key.proto);
  const size_t skip = encoder_.has_gaps_ ? 1 : 0;
  bool later_fragment = false;
  int64_t packets = 0;
  for (size_t k = 0; k < numeric_.size(); ++k) {
    const NumericField& field = encoder_.numeric_[k];
    int64_t value = value_of(chunk, k + 2, encoder_.code_of(attributes, row, k + skip));
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

void FlowDecoder::end_chunk(size_t chunk) {
  const size_t begin = std::exchange(chunk_begin_, static_cast<size_t>(size_));
  if (!encoder_.has_time_ || !encoder_.options_.record_times) return;
  const TimeScale& scale = encoder_.time_scales_[chunk];
  std::vector<size_t> order(out_.time.size() - begin);
  std::iota(order.begin(), order.end(), begin);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return out_.time[a] < out_.time[b]; });
  const auto n = static_cast<double>(order.size());
  for (size_t first = 0; first < order.size();) {
    const int64_t old = out_.time[order[first]];
    size_t last = first;  // records of one time keep one time
    while (last < order.size() && out_.time[order[last]] == old) ++last;
    const double rank = (static_cast<double>(first) + static_cast<double>(last)) / 2 / n;
    const double seconds = scale.records.decode(static_cast<float>(rank));
    const int64_t time = std::min<int64_t>(scale.window.begin + std::llround(seconds * kNanosecondsPerSecond),
                                           scale.window.end);
    for (; first < last; ++first) out_.time[order[first]] = time;
  }
}

Trace FlowDecoder::finish(Progress& progress) {
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
