#pragma once

#include <vector>

#include "downstream/telemetry/sketch.h"

namespace bench {

/// Count Sketch (Charikar, Chen and Farach-Colton, ICALP 2002): every row has a hash that chooses a counter
/// and a sign, of one 64-bit value (its upper 32 bits and its lowest bit); an estimate is the median of the
/// signed counters (of an even number of rows the mean of the middle two). Each row is unbiased with variance
/// at most F2 / columns.
class CountSketch : public Sketch {
 public:
  CountSketch(const SketchOptions& options, Seed seed);
  void add(const Key& key, int64_t weight) override;
  /// Adds to one row only: what NitroSketch samples.
  void add_to_row(size_t row, const Key& key, int64_t weight);
  double estimate(const Key& key) const override;
  size_t rows() const { return hashes_.size(); }

 private:
  size_t columns_;
  std::vector<KeyedHash> hashes_;  // one per row
  std::vector<int64_t> counters_;  // [row, column]
};

}  // namespace bench
