#pragma once
// One tree of seeds: every random number comes from hash(root, purpose, coordinates), so adding a model or a
// dataset to a sweep changes nobody else's numbers.

#include <cstdint>
#include <random>
#include <string_view>

namespace bench {

using Rng = std::mt19937_64;

class Seed {
 public:
  explicit Seed(uint64_t value) : value_(value) {}
  /// The child for a purpose ("split", "init", "batches", "sampling") and an index (chunk, repeat, epoch).
  Seed child(std::string_view purpose, uint64_t index = 0) const;
  uint64_t value() const { return value_; }
  Rng rng() const { return Rng(value_); }

 private:
  uint64_t value_;
};

}  // namespace bench
