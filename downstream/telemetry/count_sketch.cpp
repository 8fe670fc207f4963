#include "downstream/telemetry/count_sketch.h"

#include <algorithm>
#include <array>

namespace bench {
namespace {

int64_t sign(uint64_t hash) { return (hash & 1) == 0 ? 1 : -1; }

}  // namespace

CountSketch::CountSketch(const SketchOptions& options, Seed seed)
    : columns_(static_cast<size_t>(options.columns)) {
  for (int row = 0; row < options.rows; ++row) {
    hashes_.emplace_back(options.hash, seed.child("row", static_cast<uint64_t>(row)));
  }
  counters_.resize(hashes_.size() * columns_);
}

void CountSketch::add(const Key& key, int64_t weight) {
  for (size_t row = 0; row < hashes_.size(); ++row) add_to_row(row, key, weight);
}

void CountSketch::add_to_row(size_t row, const Key& key, int64_t weight) {
  const uint64_t hash = hashes_[row](key);
  counters_[row * columns_ + reduce(hash, columns_)] += sign(hash) * weight;
}

double CountSketch::estimate(const Key& key) const {
  std::array<int64_t, kMostRows> votes;
  const auto end = votes.begin() + static_cast<std::ptrdiff_t>(hashes_.size());
  for (size_t row = 0; row < hashes_.size(); ++row) {
    const uint64_t hash = hashes_[row](key);
    votes[row] = sign(hash) * counters_[row * columns_ + reduce(hash, columns_)];
  }
  std::sort(votes.begin(), end);
  const auto upper = static_cast<double>(votes[hashes_.size() / 2]);
  return hashes_.size() % 2 == 1 ? upper : (static_cast<double>(votes[hashes_.size() / 2 - 1]) + upper) / 2;
}

}  // namespace bench
