#include "metrics/row_keys.h"

#include <algorithm>
#include <utility>

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

std::vector<RowKey> row_keys(const Trace& trace, const std::function<bool(std::string_view column)>& use) {
  std::vector<RowKey> keys(trace.size(), {1, 2});
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

std::vector<RowKey> different_keys(const Trace& trace) {
  std::vector<RowKey> keys = row_keys(trace, [](std::string_view column) { return column != "time"; });
  std::vector<std::pair<RowKey, size_t>> sorted(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) sorted[i] = {keys[i], i};
  std::sort(sorted.begin(), sorted.end());
  uint64_t repeat = 0;
  for (size_t i = 1; i < sorted.size(); ++i) {
    repeat = sorted[i].first == sorted[i - 1].first ? repeat + 1 : 0;
    keys[sorted[i].second].low += repeat * kOdd;
  }
  return keys;
}

std::vector<size_t> draw(const std::vector<RowKey>& keys, size_t at_most, Seed seed) {
  std::vector<std::pair<uint64_t, size_t>> mixed(keys.size());
  for (size_t i = 0; i < keys.size(); ++i)
    mixed[i] = {mix(mix(keys[i].high ^ seed.value()) + mix(keys[i].low)), i};
  const size_t count = std::min(at_most, mixed.size());
  const auto end = mixed.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(mixed.begin(), end, mixed.end());
  std::sort(mixed.begin(), end);
  std::vector<size_t> out(count);
  for (size_t i = 0; i < count; ++i) out[i] = mixed[i].second;
  return out;
}

}  // namespace bench
