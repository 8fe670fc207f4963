#pragma once

#include <vector>

#include "downstream/telemetry/sketch.h"

namespace bench {

/// Count-Min (Cormode and Muthukrishnan, J. Algorithms 2005): a key adds to one counter of every row, and its
/// estimate is the least of them. Never below the truth; above it by more than e / columns of the total
/// weight with probability at most e^-rows.
class CountMin : public Sketch {
 public:
  CountMin(const SketchOptions& options, Seed seed);
  void add(const Key& key, int64_t weight) override;
  double estimate(const Key& key) const override;

 private:
  size_t columns_;
  std::vector<KeyedHash> hashes_;  // one per row
  std::vector<int64_t> counters_;  // [row, column]
};

}  // namespace bench
