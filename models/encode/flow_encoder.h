#pragma once
// Flow sequences: a trace as samples of one attribute row (five-tuple, start) and one feature row per record.
// Yin et al., "Practical GAN-based synthetic IP header trace generation using NetShare", SIGCOMM 2022,
// section 4.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "datasets/flows.h"
#include "datasets/trace.h"
#include "models/encode/continuous.h"
#include "models/encode/layout.h"
#include "models/encode/ports.h"

namespace bench {

struct EncodeOptions {
  PortOptions ports;
  bool quantile = false;  ///< every numeric field by its distribution function instead of its range
  bool linear_interarrival = false;  ///< interarrival without the logarithm, as published
  int64_t max_flow_len = 0;          ///< longer flows are cut into several samples; 0 = never cut
};

/// Samples with ragged features: sample i has the feature rows offsets[i] .. offsets[i+1].
struct FlowSamples {
  std::vector<float> attributes;   ///< samples x attribute width
  std::vector<float> features;     ///< rows x feature width; the last two columns are the generation flag
  std::vector<size_t> offsets{0};  ///< samples + 1
  size_t size() const { return offsets.size() - 1; }
  void append(const FlowSamples& more);
};

/// A numeric field of a record.
struct NumericField {
  std::string name;  ///< column of the Trace, "interarrival" or "start" (of a flow, since the window's begin)
  double unit = 1;   ///< what one unit of the coder is in units of the column, e.g. 1e9 for ns coded as s
  ContinuousCoder coder;
  ContinuousCoder calibration;  ///< distribution of a network's codes; constant where it is not used

  /// What a network's output means, in the column's unit, rounded.
  int64_t value_of(float code) const;
};

/// A field of a record with few values.
struct CategoryField {
  std::string name;             ///< column of the Trace, or "label:" and the name of a label
  std::vector<int64_t> values;  ///< ascending
  int64_t offset = 0;           ///< first of values.size() feature columns
};

/// Two columns per position of a padded sequence of `padded` positions in blocks of `block` (divides
/// `padded`), the first `length` of which are records: [1, 0] another record follows, [0, 1] the last record
/// or padding in its block, [0, 0] blocks behind it. `continues`: the record behind the last one is in
/// another sample.
std::vector<float> generation_flags(int64_t length, int64_t padded, int64_t block, bool continues = false);

class FlowEncoder {
 public:
  /// Learns layouts and scales. The trace has at least one record.
  void fit(const Trace& trace, const EncodeOptions& options);
  /// Learns how a network's outputs are distributed: from then on the decoder reads a numeric output by its
  /// rank among these, so that numeric marginals follow the training part and the network decides what goes
  /// with what. Needs EncodeOptions::quantile.
  void calibrate(const FlowSamples& generated);
  /// The trace that fit() saw, as samples. The samples of a cut flow follow each other, all with the flow's
  /// attributes; those behind the first have their starts-here column cleared.
  FlowSamples encode(const Trace& trace) const;

  const Layout& attributes() const { return attributes_; }
  const Layout& features() const { return features_; }
  int64_t longest_sample() const { return longest_sample_; }  ///< records
  int64_t longest_flow() const { return longest_flow_; }      ///< records
  bool cuts_flows() const { return starts_column_ >= 0; }
  /// Two attribute columns: [0, 1] the flow starts in this sample, [1, 0] it continues; -1 if no flow was
  /// cut.
  int64_t starts_column() const { return starts_column_; }
  bool has_time() const { return has_time_; }

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);

 private:
  friend class FlowDecoder;
  void learn_attributes(const Trace& trace, const FlowIndex& flows);
  void learn_features(const Trace& trace, const FlowIndex& flows);
  void learn_rules(const Trace& trace);
  void lay_out();
  void encode_attributes(const Trace& trace, size_t first_row, float* out) const;

  EncodeOptions options_;
  TraceKind kind_ = TraceKind::packets;
  bool has_time_ = false;
  int64_t window_begin_ = 0, window_end_ = 0;  ///< ns
  std::vector<LabelColumn> labels_;            ///< without codes
  int64_t longest_sample_ = 0, longest_flow_ = 0;
  bool length_rule_ = false, bytes_rule_ = false;  ///< the training records keep to the header sizes

  Layout attributes_, features_;
  std::unique_ptr<PortEncoder> srcport_, dstport_;
  std::vector<int64_t> protocols_;
  NumericField start_;  ///< seconds since window_begin_
  int64_t srcport_column_ = 0, dstport_column_ = 0, proto_column_ = 0, start_column_ = -1,
          starts_column_ = -1;
  std::vector<NumericField> numeric_;  ///< feature columns 0 .. numeric_.size() - 1
  std::vector<CategoryField> categories_;
};

/// Smallest IP total length in bytes that the headers of a protocol need (20 for a later fragment).
int64_t header_bytes(uint8_t proto, bool later_fragment);

}  // namespace bench
