#pragma once
// Walks two sorted lists of keys side by side.

#include <cstddef>
#include <cstdint>
#include <span>

namespace bench {

/// Calls f(key, occurrences in a, occurrences in b) for each key of either ascending list, ascending.
template <typename F>
void for_each_key(std::span<const uint64_t> a, std::span<const uint64_t> b, F&& f) {
  const auto run_end = [](std::span<const uint64_t> x, size_t i, uint64_t key) {
    while (i < x.size() && x[i] == key) ++i;
    return i;
  };
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const uint64_t key = j == b.size() || (i < a.size() && a[i] < b[j]) ? a[i] : b[j];
    const size_t next_i = run_end(a, i, key);
    const size_t next_j = run_end(b, j, key);
    f(key, next_i - i, next_j - j);
    i = next_i;
    j = next_j;
  }
}

}  // namespace bench
