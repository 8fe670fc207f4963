#include "datasets/flows.h"

#include <bit>

namespace bench {
namespace {

uint64_t mix(uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  return x ^ (x >> 32);
}

// Open-addressing table from five-tuple to a dense flow number in order of first insertion.
class FlowTable {
 public:
  explicit FlowTable(size_t records) : slots_(std::bit_ceil(records * 2 + 16), kEmpty) {
    keys_.reserve(records / 4 + 16);
  }

  uint32_t number(const FiveTuple& key) {
    const size_t mask = slots_.size() - 1;
    for (size_t i = FiveTupleHash{}(key)&mask;; i = (i + 1) & mask) {
      if (slots_[i] == kEmpty) {
        slots_[i] = static_cast<uint32_t>(keys_.size());
        keys_.push_back(key);
        return slots_[i];
      }
      if (keys_[slots_[i]] == key) return slots_[i];
    }
  }
  size_t size() const { return keys_.size(); }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  std::vector<uint32_t> slots_;
  std::vector<FiveTuple> keys_;
};

}  // namespace

FiveTuple five_tuple(const Trace& trace, size_t row) {
  return {trace.srcip[row], trace.dstip[row], trace.srcport[row], trace.dstport[row], trace.proto[row]};
}

size_t FiveTupleHash::operator()(const FiveTuple& key) const {
  const uint64_t addresses = (static_cast<uint64_t>(key.srcip) << 32) | key.dstip;
  const uint64_t rest =
      (static_cast<uint64_t>(key.srcport) << 24) | (static_cast<uint64_t>(key.dstport) << 8) | key.proto;
  return mix(addresses ^ mix(rest));
}

FlowIndex group_flows(const Trace& trace) {
  const std::vector<size_t> order = time_order(trace);
  FlowTable table(trace.size());
  std::vector<uint32_t> flow_of(trace.size());
  for (size_t i = 0; i < order.size(); ++i) flow_of[i] = table.number(five_tuple(trace, order[i]));
  FlowIndex index;
  index.offsets.assign(table.size() + 1, 0);
  for (const uint32_t f : flow_of) ++index.offsets[f + 1];
  for (size_t f = 0; f < table.size(); ++f) index.offsets[f + 1] += index.offsets[f];
  std::vector<size_t> next(index.offsets.begin(), index.offsets.end() - 1);
  index.rows.resize(trace.size());
  for (size_t i = 0; i < order.size(); ++i) index.rows[next[flow_of[i]]++] = order[i];
  return index;
}

std::vector<int64_t> flow_sizes(const Trace& trace) {
  FlowTable table(trace.size());
  std::vector<int64_t> sizes;
  for (size_t i = 0; i < trace.size(); ++i) {
    const uint32_t f = table.number(five_tuple(trace, i));
    if (f == sizes.size()) sizes.push_back(0);
    ++sizes[f];
  }
  return sizes;
}

}  // namespace bench
