#include "metrics/row_keys.h"

#include <algorithm>
#include <numeric>

namespace bench {
namespace {

// The finaliser of MurmurHash3: a bijection of 64 bits.
uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

constexpr uint64_t kOdd = 0x9e3779b97f4a7c15ULL;

}  // namespace

std::vector<Key> row_keys(const Trace& trace, const std::function<bool(std::string_view column)>& use) {
  std::vector<Key> keys(trace.size(), {1, 2});
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (column.empty() || !use(name)) return;
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto value = static_cast<uint64_t>(column[i]);
      keys[i].high = mix(keys[i].high + mix(value + kOdd));
      keys[i].low = mix(keys[i].low * kOdd + value);
    }
  });
  return keys;
}

std::vector<size_t> draw(const std::vector<Key>& keys, size_t at_most, Seed seed) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return keys[a] != keys[b] ? keys[a] < keys[b] : a < b; });
  std::vector<uint64_t> mixed(keys.size());
  uint64_t repeat = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    repeat = i > 0 && keys[order[i]] == keys[order[i - 1]] ? repeat + 1 : 0;
    const Key& key = keys[order[i]];
    mixed[order[i]] = mix(mix(key.high ^ seed.value()) + mix(key.low + repeat * kOdd));
  }
  const auto smaller = [&](size_t a, size_t b) { return mixed[a] < mixed[b]; };
  const size_t count = std::min(at_most, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), smaller);
  order.resize(count);
  return order;
}

}  // namespace bench
