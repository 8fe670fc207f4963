// Records -> samples: FlowEncoder::encode.

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "models/encode/flow_encoder.h"
#include "models/encode/ports.h"

namespace bench {
namespace {

constexpr int kAddressBits = 32;
/// Room around the values of a sample, so that none of them sits on the edge of its range (DoppelGANger).
constexpr float kRangeMargin = 1e-4F;

void encode_address(uint32_t address, bool bits, float* out) {
  if (bits) return encode_bits(address, kAddressBits, out);
  for (int b = 0; b < 4; ++b) out[b] = static_cast<float>((address >> (24 - 8 * b)) & 0xFFU) / 255.0F;
}

/// Numeric features of one sample relative to their range in it; the ranges become the extra attributes.
void take_ranges_out(float* rows, size_t count, size_t width, size_t fields, float* extra) {
  for (size_t k = 0; k < fields; ++k) {
    float lo = rows[k], hi = rows[k];
    for (size_t r = 1; r < count; ++r) {
      lo = std::min(lo, rows[r * width + k]);
      hi = std::max(hi, rows[r * width + k]);
    }
    lo -= kRangeMargin;
    hi += kRangeMargin;
    extra[2 * k] = std::clamp((lo + hi) / 2, 0.0F, 1.0F);
    extra[2 * k + 1] = std::clamp((hi - lo) / 2, 0.0F, 1.0F);
    for (size_t r = 0; r < count; ++r) rows[r * width + k] = (rows[r * width + k] - lo) / (hi - lo);
  }
}

}  // namespace

/// The parts of flows that lie in one chunk.
struct FlowEncoder::Pieces {
  struct Piece {
    size_t flow;
    std::span<const size_t> rows;  ///< of the trace
    bool first;                    ///< the flow starts here
  };
  FlowIndex flows;
  std::vector<uint16_t> of_flow;  ///< chunk by place in flows.rows
  std::vector<Piece> list;
};

FlowEncoder::Pieces FlowEncoder::pieces_of(const Trace& trace, size_t chunk,
                                           const std::optional<TimeWindow>& window) const {
  assert(chunk < time_scales_.size());
  Pieces out;
  out.flows = group_flows(trace);
  const FlowIndex& flows = out.flows;
  const Chunks chunks = split_chunks(trace, options_.chunks, options_.split, window);
  out.of_flow.resize(flows.rows.size());
  for (size_t i = 0; i < out.of_flow.size(); ++i) out.of_flow[i] = chunks.of_row[flows.rows[i]];
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto first = out.of_flow.begin() + static_cast<std::ptrdiff_t>(flows.offsets[f]);
    const auto last = out.of_flow.begin() + static_cast<std::ptrdiff_t>(flows.offsets[f + 1]);
    const auto [begin, end] = std::equal_range(first, last, static_cast<uint16_t>(chunk));
    auto rows = flows.flow(f).subspan(static_cast<size_t>(begin - first), static_cast<size_t>(end - begin));
    if (!rows.empty()) out.list.push_back({f, rows, begin == first});
  }
  return out;
}

FlowSamples FlowEncoder::encode_attributes(const Trace& trace, const Pieces& pieces, size_t chunk) const {
  const auto attribute_width = static_cast<size_t>(attributes_.width);
  const auto most = static_cast<size_t>(longest_sample_);
  const TimeScale& scale = time_scales_[chunk];
  const bool bits = options_.addresses == "bits";
  FlowSamples out;
  for (const Pieces::Piece& piece : pieces.list) {
    const size_t row = piece.rows.front();
    Structure structure;
    if (presence_column_ >= 0 || options_.given) {
      for (size_t i = pieces.flows.offsets[piece.flow]; i < pieces.flows.offsets[piece.flow + 1]; ++i) {
        if (structure.present.empty() || structure.present.back() != pieces.of_flow[i])
          structure.present.push_back(pieces.of_flow[i]);
      }
    }
    const Service service{trace.srcport[row], trace.dstport[row], trace.proto[row]};
    if (options_.given) structure.service = services_.classes(service);
    for (size_t begin = 0; begin < piece.rows.size(); begin += most) {
      const size_t length = std::min(most, piece.rows.size() - begin);
      out.offsets.push_back(out.offsets.back() + length);
      out.attributes.resize(out.attributes.size() + attribute_width, 0.0F);
      float* attributes = out.attributes.data() + out.attributes.size() - attribute_width;
      structure.starts = piece.first && begin == 0;
      structure.length = static_cast<int64_t>(length);
      if (options_.given) {
        encode_structure(structure, attributes);
      } else {
        services_.encode(service, attributes + service_column_);
        if (starts_column_ >= 0) attributes[starts_column_ + (structure.starts ? 1 : 0)] = 1;
        if (presence_column_ >= 0) {
          float* presence = attributes + presence_column_;
          for (size_t c = 0; c < time_scales_.size(); ++c) presence[2 * c] = 1;
          for (const uint16_t c : structure.present) std::swap(presence[2 * c], presence[2 * c + 1]);
        }
      }
      const auto step = static_cast<int64_t>(address_columns() / 2);
      encode_address(trace.srcip[row], bits, attributes + address_column_);
      encode_address(trace.dstip[row], bits, attributes + address_column_ + step);
      if (start_column_ >= 0) {
        attributes[start_column_] = scale.start.encode(
            static_cast<double>(trace.time[row] - scale.window.begin) / kNanosecondsPerSecond);
      }
    }
  }
  return out;
}

GivenFlows FlowEncoder::encode_given(const Trace& trace, size_t chunk) const {
  if (trace.kind != kind_ || trace.has_time() != has_time_)
    fail(Kind::data, "given flows: {} {} a time; {} {} it, as in the training trace, would be right",
         kind_name(trace.kind), trace.has_time() ? "with" : "without", kind_name(kind_),
         has_time_ ? "with" : "without");
  const Pieces pieces = pieces_of(trace, chunk, {});
  GivenFlows out;
  out.samples = encode_attributes(trace, pieces, chunk);
  for (const Pieces::Piece& piece : pieces.list) {
    const auto most = static_cast<size_t>(longest_sample_);
    out.offsets.push_back(out.offsets.back() + (piece.rows.size() + most - 1) / most);
    out.keys.push_back(five_tuple(trace, piece.rows.front()));
    if (has_time_) out.starts.push_back(trace.time[piece.rows.front()]);
  }
  return out;
}

FlowSamples FlowEncoder::encode(const Trace& trace, size_t chunk) const {
  Pieces pieces = pieces_of(trace, chunk, declared_window());
  const FlowIndex& flows = pieces.flows;
  const auto attribute_width = static_cast<size_t>(attributes_.width);
  const auto width = static_cast<size_t>(features_.width);
  const auto most = static_cast<size_t>(longest_sample_);
  const TimeScale& scale = time_scales_[chunk];
  std::vector<size_t> order;  // trace rows in the order of the feature rows
  std::vector<bool> leads;    // the record that a piece begins with
  for (Pieces::Piece& piece : pieces.list) {
    if (options_.truncate) piece.rows = piece.rows.first(std::min(piece.rows.size(), most));
    for (size_t i = 0; i < piece.rows.size(); ++i) {
      order.push_back(piece.rows[i]);
      leads.push_back(i == 0);
    }
  }
  FlowSamples out = encode_attributes(trace, pieces, chunk);

  const size_t rows = order.size();
  out.features.assign(rows * width, 0.0F);
  size_t column = 0;
  if (has_gaps_) {
    const auto gaps = interarrivals(trace, flows);
    for (size_t i = 0; i < rows; ++i) {
      if (leads[i]) continue;
      out.features[i * width] =
          scale.gap.encode(static_cast<double>(gaps[order[i]]) / kNanosecondsPerMicrosecond);
    }
    ++column;
  }
  for (const NumericField& field : numeric_) {
    const auto values = column_of(trace, field.name);
    for (size_t i = 0; i < rows; ++i) {
      out.features[i * width + column] =
          field.coder.encode(static_cast<double>(values[order[i]]) / field.unit);
    }
    ++column;
  }
  for (const CategoryField& field : categories_) {
    const auto values = column_of(trace, field.name);
    for (size_t i = 0; i < rows; ++i) {
      const int64_t place = field.offset + index_of(field.values, values[order[i]]);
      out.features[i * width + static_cast<size_t>(place)] = 1;
    }
  }
  for (size_t s = 0; s < out.size(); ++s) {
    const size_t first = out.offsets[s], length = out.offsets[s + 1] - first;
    float* features = out.features.data() + first * width;
    if (extra_column_ >= 0) {
      take_ranges_out(features, length, width, column,
                      out.attributes.data() + s * attribute_width + static_cast<size_t>(extra_column_));
    }
    if (options_.given) continue;
    // The next sample belongs to the same piece if its first record does not lead.
    const bool continues = s + 1 < out.size() && !leads[out.offsets[s + 1]];
    const auto flags =
        generation_flags(static_cast<int64_t>(length), static_cast<int64_t>(length), 1, continues);
    for (size_t i = 0; i < length; ++i) std::copy_n(&flags[2 * i], 2, &features[(i + 1) * width - 2]);
  }
  return out;
}

}  // namespace bench
