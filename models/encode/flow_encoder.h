#pragma once
// Flow sequences: a trace as samples of one attribute row (five-tuple, start) and one feature row per record.
// Yin et al., "Practical GAN-based synthetic IP header trace generation using NetShare", SIGCOMM 2022,
// section 4.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "datasets/chunks.h"
#include "datasets/flows.h"
#include "datasets/trace.h"
#include "models/encode/fields.h"
#include "models/encode/layout.h"
#include "models/encode/services.h"

namespace bench {

struct EncodeOptions {
  ServiceOptions services;
  std::string addresses = "bits";  ///< or "bytes"
  bool quantile = false;           ///< every numeric field by its distribution function instead of its range
  bool log1p = true;               ///< duration, packets, bytes by logarithm where not by quantile
  bool linear_interarrival = false;  ///< interarrival without the logarithm, as published
  bool record_times = false;   ///< the decoder gives the records of a chunk the times' training distribution
  bool public_ranges = false;  ///< ranges that do not depend on the trace; values outside are clipped
  bool self_norm = false;      ///< numeric features relative to their range inside the sample
  int64_t max_flow_len = 0;    ///< records of a sample; 0 = the longest flow of a chunk
  bool truncate = false;       ///< records of a flow beyond max_flow_len are lost, not cut into more samples
  int64_t chunks = 1;
  ChunkSplit split = ChunkSplit::fixed_time;
  bool tags = true;    ///< with chunks > 1: attributes that say where a flow starts and has records
  bool given = false;  ///< service, tags and length are columns that a network is given; no generation flags
};

/// Samples with ragged features: sample i has the feature rows offsets[i] .. offsets[i+1].
struct FlowSamples {
  std::vector<float> attributes;   ///< samples x attribute width
  std::vector<float> features;     ///< rows x feature width; the last two columns are the generation flag
  std::vector<size_t> offsets{0};  ///< samples + 1
  size_t size() const { return offsets.size() - 1; }
  /// Appends sample `index` of samples with rows of these widths.
  void append(const FlowSamples& more, size_t index, int64_t attribute_width, int64_t feature_width);
};

/// Flows whose attributes are known and whose features are not.
struct GivenFlows {
  FlowSamples samples;             ///< without features
  std::vector<size_t> offsets{0};  ///< flow f has the samples offsets[f] .. offsets[f+1]
  std::vector<FiveTuple> keys;     ///< by flow
  std::vector<int64_t> starts;     ///< by flow, ns as in the trace; empty without time
};

/// Two columns per position of a padded sequence of `padded` positions in blocks of `block` (divides
/// `padded`), the first `length` of which are records: [1, 0] another record follows, [0, 1] the last record
/// or padding in its block, [0, 0] blocks behind it. `continues`: the record behind the last one is in
/// another sample.
std::vector<float> generation_flags(int64_t length, int64_t padded, int64_t block, bool continues = false);

/// Attributes of a sample that options.given makes inputs.
struct Structure {
  std::array<uint16_t, 3> service{};  ///< ServiceEncoder::classes
  bool starts = true;                 ///< the flow's first sample
  std::vector<uint16_t> present;      ///< chunks in which the flow has records, ascending
  int64_t length = 1;                 ///< records of the sample
};

class FlowEncoder {
 public:
  /// Learns layouts and scales. The trace has at least one record. `seed` is for the training of word
  /// vectors.
  void fit(const Trace& trace, const EncodeOptions& options, Seed seed);
  /// An encoder of public data, made ready for a trace whose values nobody may learn from: columns, ranges
  /// and vocabulary stay. `window`, which is declared, and the number of chunks set the chunks' windows; what
  /// chunk_records() then says is the trace's own and has to be replaced before it goes anywhere. Needs time
  /// chunks of fixed length or a single chunk, and neither quantiles nor record times.
  void move_to(const Trace& trace, TimeWindow window);
  void set_chunk_records(std::vector<int64_t> records);
  /// The records that the vocabulary covers (protocol, categories, labels by name), with the labels' codes of
  /// the trace that fit() saw: each record by itself, whatever the others are. Throws Error(unsupported) if
  /// the trace has another kind or lacks a column.
  Trace covered(const Trace& trace) const;
  /// The records of chunk `chunk` of the trace that fit() or move_to() saw, as samples. The samples of a cut
  /// flow follow each other, all with the flow's attributes; those behind the first, and those of a flow that
  /// began in an earlier chunk, have their starts-here column cleared. Times are relative to the chunk.
  FlowSamples encode(const Trace& trace, size_t chunk = 0) const;
  /// The flows of another trace in chunk `chunk` of its own time window; nothing but five-tuples and times is
  /// read. Throws Error(data) for a port or protocol that has no code.
  GivenFlows encode_given(const Trace& trace, size_t chunk) const;
  /// Learns how a network's outputs for a chunk are distributed: from then on the decoder reads a numeric
  /// output by its rank among these, so that numeric marginals follow the training part and the network
  /// decides what goes with what. Needs EncodeOptions::quantile.
  void calibrate(size_t chunk, const FlowSamples& generated);

  const EncodeOptions& options() const { return options_; }
  const Layout& attributes() const { return attributes_; }
  const Layout& features() const { return features_; }
  int64_t longest_sample() const { return longest_sample_; }  ///< records
  int64_t longest_flow() const { return longest_flow_; }      ///< records of one flow in one chunk
  bool cuts_flows() const { return longest_sample_ < longest_flow_ && !options_.truncate; }
  /// Two attribute columns: [0, 1] the flow starts in this sample, [1, 0] it continues; -1 if no flow is cut
  /// and there are no tags.
  int64_t starts_column() const { return starts_column_; }
  /// Two attribute columns per chunk: [0, 1] the flow has records there; -1 without tags.
  int64_t presence_column() const { return presence_column_; }
  int64_t start_column() const { return start_column_; }      ///< time of the first record; -1 without time
  int64_t address_column() const { return address_column_; }  ///< first of both addresses
  int64_t address_columns() const { return options_.addresses == "bits" ? 128 : 8; }
  bool has_time() const { return has_time_; }
  const std::vector<int64_t>& chunk_records() const { return chunk_records_; }
  /// Values that public ranges clipped, by field.
  const std::map<std::string, int64_t>& clipped() const { return clipped_; }
  const ServiceEncoder& services() const { return services_; }
  /// The columns attributes().given of a sample; needs options.given.
  void encode_structure(const Structure& structure, float* out) const;

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);
  /// The calibration of one chunk, under a name of its own.
  void save_calibration(H5Writer& file, size_t chunk, const std::string& name) const;
  void load_calibration(const H5Reader& file, size_t chunk, const std::string& name);

 private:
  friend class FlowDecoder;
  std::optional<TimeWindow> declared_window() const;
  struct Pieces;
  Pieces pieces_of(const Trace& trace, size_t chunk, const std::optional<TimeWindow>& window) const;
  FlowSamples encode_attributes(const Trace& trace, const Pieces& pieces, size_t chunk) const;
  void learn_attributes(const Trace& trace, const FlowIndex& flows, const Chunks& chunks, Seed seed);
  void learn_features(const Trace& trace, const FlowIndex& flows, const Chunks& chunks);
  void lay_out();
  /// Position of a numeric feature in 0 .. 1 with self_norm taken back.
  float code_of(const float* attributes, const float* row, size_t field) const;

  EncodeOptions options_;
  TraceKind kind_ = TraceKind::packets;
  bool has_time_ = false;
  std::vector<LabelColumn> labels_;  ///< without codes
  int64_t longest_sample_ = 0, longest_flow_ = 0;
  bool length_rule_ = false, bytes_rule_ = false;  ///< the training records keep to the header sizes
  std::vector<int64_t> chunk_records_;
  std::map<std::string, int64_t> clipped_;
  bool moved_ = false;  ///< by move_to()

  Layout attributes_, features_;
  ServiceEncoder services_;
  std::vector<TimeScale> time_scales_;  ///< by chunk
  int64_t address_column_ = 0, service_column_ = 0, start_column_ = -1, starts_column_ = -1,
          presence_column_ = -1, length_column_ = -1, extra_column_ = -1;
  bool has_gaps_ = false;              ///< feature column 0 is the interarrival
  std::vector<NumericField> numeric_;  ///< the feature columns behind it
  std::vector<CategoryField> categories_;
};

/// Smallest IP total length in bytes that the headers of a protocol need (20 for a later fragment).
int64_t header_bytes(uint8_t proto, bool later_fragment);

}  // namespace bench
