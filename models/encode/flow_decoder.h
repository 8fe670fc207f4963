#pragma once
// Samples back to a legal trace of an exact number of records.

#include <map>
#include <string>
#include <unordered_set>

#include "core/progress.h"
#include "models/encode/flow_encoder.h"

namespace bench {

/// Collects samples until a number of records is reached. Every value that had to be changed to make a record
/// legal is counted under a name and logged by finish().
class FlowDecoder {
 public:
  FlowDecoder(const FlowEncoder& encoder, int64_t records);
  bool full() const { return size_ >= records_; }
  int64_t size() const { return size_; }
  /// Takes the samples one by one until full. A sample whose starts-here column is cleared goes on with the
  /// flow of the sample before it. A new flow whose five-tuple was there before is refused (the caller draws
  /// another), until far more flows were refused than taken: from then on it is kept, as more records of that
  /// five-tuple.
  void add(const FlowSamples& samples);
  /// The trace, in order of time where there is one. Needs full().
  Trace finish(Progress& progress);

 private:
  struct Flow {
    FiveTuple key;
    int64_t start = 0;
    std::vector<const float*> rows;
  };
  Flow read_attributes(const float* row);
  void take(const Flow& flow);
  void put_record(const FiveTuple& key, int64_t time, const float* row);
  std::vector<int64_t> record_times(const Flow& flow);

  const FlowEncoder& encoder_;
  int64_t records_;
  int64_t size_ = 0;
  int64_t refused_ = 0;
  std::unordered_set<FiveTuple, FiveTupleHash> seen_;
  Trace out_;
  std::vector<std::vector<int64_t>> numeric_, categories_;  ///< values by field of the encoder
  std::map<std::string, int64_t> changes_;
};

}  // namespace bench
