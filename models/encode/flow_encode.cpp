// Records -> samples: FlowEncoder::encode.

#include <algorithm>
#include <cassert>

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

/// The part of a flow that lies in one chunk.
struct Piece {
  size_t flow;
  std::span<const size_t> rows;
  bool first;  ///< the flow starts here
};

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

FlowSamples FlowEncoder::encode(const Trace& trace, size_t chunk) const {
  assert(chunk < time_scales_.size());
  const FlowIndex flows = group_flows(trace);
  const Chunks chunks = split_chunks(trace, options_.chunks, options_.split);
  const auto attribute_width = static_cast<size_t>(attributes_.width);
  const auto width = static_cast<size_t>(features_.width);
  const auto most = static_cast<size_t>(longest_sample_);
  const TimeScale& scale = time_scales_[chunk];
  const bool bits = options_.addresses == "bits";

  std::vector<Piece> pieces;
  std::vector<uint16_t> of_flow(flows.rows.size());  // chunk by place in flows.rows
  for (size_t i = 0; i < of_flow.size(); ++i) of_flow[i] = chunks.of_row[flows.rows[i]];
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto first = of_flow.begin() + static_cast<std::ptrdiff_t>(flows.offsets[f]);
    const auto last = of_flow.begin() + static_cast<std::ptrdiff_t>(flows.offsets[f + 1]);
    const auto [begin, end] = std::equal_range(first, last, static_cast<uint16_t>(chunk));
    auto rows = flows.flow(f).subspan(static_cast<size_t>(begin - first), static_cast<size_t>(end - begin));
    if (options_.truncate) rows = rows.first(std::min(rows.size(), most));
    if (!rows.empty()) pieces.push_back({f, rows, begin == first});
  }

  FlowSamples out;
  std::vector<size_t> order;  // trace rows in the order of the feature rows
  std::vector<bool> leads;    // the record that a piece begins with
  for (const Piece& piece : pieces) {
    const size_t row = piece.rows.front();
    Structure structure;
    if (presence_column_ >= 0 || options_.given) {
      for (size_t i = flows.offsets[piece.flow]; i < flows.offsets[piece.flow + 1]; ++i) {
        if (structure.present.empty() || structure.present.back() != of_flow[i])
          structure.present.push_back(of_flow[i]);
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
      for (size_t i = 0; i < length; ++i) {
        order.push_back(piece.rows[begin + i]);
        leads.push_back(begin + i == 0);
      }
    }
  }

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
