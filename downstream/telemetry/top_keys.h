#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "downstream/telemetry/key.h"

namespace bench {

/// The keys with the largest values offered last: a binary heap, least on top, with the place of every key.
class TopKeys {
 public:
  struct Entry {
    Key key;
    double value;
  };

  /// most >= 1.
  explicit TopKeys(size_t most) : most_(most) {}
  /// Sets the value of a key that is there; else takes it in if there is room or the least value is smaller,
  /// and that one goes.
  void offer(const Key& key, double value);
  /// In no stated order.
  const std::vector<Entry>& entries() const { return heap_; }

 private:
  void put(size_t place, const Entry& entry);
  void up(size_t place);
  void down(size_t place);

  size_t most_;
  std::vector<Entry> heap_;
  std::unordered_map<Key, size_t> place_;
};

}  // namespace bench
