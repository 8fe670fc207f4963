#include "metrics/record_sample.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string_view>
#include <tuple>
#include <utility>

namespace bench {
namespace {

// Finaliser of SplitMix64 (Steele et al. 2014).
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// A hash of all columns of each record but the time. Label codes depend on the order of records, their names
// do not.
std::vector<uint64_t> record_hashes(const Trace& trace) {
  std::vector<uint64_t> hashes(trace.size(), 0);
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (name == "time") return;
    for (size_t i = 0; i < column.size(); ++i) hashes[i] = mix(hashes[i] ^ static_cast<uint64_t>(column[i]));
  });
  for (const LabelColumn& label : trace.labels) {
    std::vector<uint64_t> names;
    for (const auto& name : label.names) names.push_back(Seed(0).child(name).value());
    for (size_t i = 0; i < label.codes.size(); ++i)
      hashes[i] = mix(hashes[i] ^ names[static_cast<size_t>(label.codes[i])]);
  }
  return hashes;
}

}  // namespace

std::vector<size_t> sample_records(const Trace& trace, size_t most, Seed seed) {
  const std::vector<uint64_t> hashes = record_hashes(trace);
  std::vector<std::tuple<uint64_t, int64_t, size_t>> order(trace.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = {hashes[i], trace.time.empty() ? 0 : trace.time[i], i};
  std::sort(order.begin(), order.end());
  const size_t kept = std::min(most, order.size());
  Rng rng = seed.rng();
  std::vector<size_t> rows(kept);
  for (size_t i = 0; i < kept; ++i) {
    std::swap(order[i], order[std::uniform_int_distribution<size_t>(i, order.size() - 1)(rng)]);
    rows[i] = std::get<2>(order[i]);
  }
  return rows;
}

}  // namespace bench
