#include "downstream/telemetry/count_min.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace bench {

CountMin::CountMin(const SketchOptions& options, Seed seed) : columns_(static_cast<size_t>(options.columns)) {
  for (int row = 0; row < options.rows; ++row) {
    hashes_.emplace_back(options.hash, seed.child("row", static_cast<uint64_t>(row)));
  }
  counters_.resize(hashes_.size() * columns_);
}

void CountMin::add(const Key& key, int64_t weight) {
  assert(weight >= 0);
  for (size_t row = 0; row < hashes_.size(); ++row) {
    counters_[row * columns_ + reduce(hashes_[row](key), columns_)] += weight;
  }
}

double CountMin::estimate(const Key& key) const {
  int64_t least = std::numeric_limits<int64_t>::max();
  for (size_t row = 0; row < hashes_.size(); ++row) {
    least = std::min(least, counters_[row * columns_ + reduce(hashes_[row](key), columns_)]);
  }
  return static_cast<double>(least);
}

}  // namespace bench
