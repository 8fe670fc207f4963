#include "downstream/telemetry/top_keys.h"

namespace bench {

void TopKeys::offer(const Key& key, double value) {
  if (const auto known = place_.find(key); known != place_.end()) {
    const size_t place = known->second;
    heap_[place].value = value;
    up(place);
    down(place_.at(key));
    return;
  }
  if (heap_.size() < most_) {
    heap_.push_back({key, value});
    place_[key] = heap_.size() - 1;
    up(heap_.size() - 1);
    return;
  }
  if (heap_.front().value >= value) return;
  place_.erase(heap_.front().key);
  put(0, {key, value});
  down(0);
}

void TopKeys::put(size_t place, const Entry& entry) {
  heap_[place] = entry;
  place_[entry.key] = place;
}

void TopKeys::up(size_t place) {
  const Entry entry = heap_[place];
  while (place > 0 && entry.value < heap_[(place - 1) / 2].value) {
    put(place, heap_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(place, entry);
}

void TopKeys::down(size_t place) {
  const Entry entry = heap_[place];
  for (size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1].value < heap_[child].value) ++child;
    if (heap_[child].value >= entry.value) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, entry);
}

}  // namespace bench
