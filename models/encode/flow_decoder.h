#pragma once
// Samples back to a legal trace.

#include <map>
#include <optional>
#include <string>
#include <unordered_set>

#include "core/progress.h"
#include "models/encode/flow_encoder.h"

namespace bench {

/// Collects flows. Every value that had to be changed to make a record legal is counted under a name and
/// logged by finish().
class FlowDecoder {
 public:
  /// `seed` is for ports that are drawn inside a class.
  FlowDecoder(const FlowEncoder& encoder, Seed seed);
  int64_t size() const { return size_; }  ///< records so far
  /// The five-tuple that an attribute row means.
  FiveTuple key(const float* attributes);
  /// True if a new flow may have this five-tuple. One that was claimed before is refused (the caller draws
  /// another), until far more were refused than granted or if `insist`: then it is granted again, as more
  /// records of that five-tuple.
  bool claim(const FiveTuple& key, bool insist = false);
  /// At most `most` records of one flow in one chunk: the samples follow each other, the first one says when
  /// the flow starts, unless `start` (ns) does.
  void add(const FiveTuple& key, size_t chunk, const FlowSamples& samples, int64_t most,
           std::optional<int64_t> start = {});
  /// No more records of this chunk come. With EncodeOptions::record_times its records now get the
  /// distribution of times of the training part, by rank: their order stays.
  void end_chunk(size_t chunk);
  /// The trace, in order of time where there is one.
  Trace finish(Progress& progress);

 private:
  int64_t value_of(size_t chunk, size_t field, float code) const;
  std::vector<int64_t> record_times(size_t chunk, const FlowSamples& samples, size_t count,
                                    std::optional<int64_t> given_start);
  void put_record(const FiveTuple& key, size_t chunk, const float* attributes, const float* row);

  const FlowEncoder& encoder_;
  Rng rng_;
  int64_t size_ = 0;
  size_t chunk_begin_ = 0;  ///< first record of the chunk at work
  int64_t refused_ = 0;
  std::unordered_set<FiveTuple, FiveTupleHash> seen_;
  Trace out_;
  std::vector<std::vector<int64_t>> numeric_, categories_;  ///< values by field of the encoder
  std::map<std::string, int64_t> changes_;
};

}  // namespace bench
