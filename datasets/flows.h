#pragma once
// Grouping of records by five-tuple: every record with one key is one flow (no timeout, no merging of
// directions).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "datasets/trace.h"

namespace bench {

struct FiveTuple {
  uint32_t srcip = 0;
  uint32_t dstip = 0;
  uint16_t srcport = 0;
  uint16_t dstport = 0;
  uint8_t proto = 0;
  auto operator<=>(const FiveTuple&) const = default;
};

FiveTuple five_tuple(const Trace& trace, size_t row);

struct FiveTupleHash {
  size_t operator()(const FiveTuple& key) const;
};

/// Rows grouped by five-tuple: flow f holds rows[offsets[f] .. offsets[f+1]). Flows stand in order of their
/// first record in time (in the source's order without time), records inside a flow likewise.
struct FlowIndex {
  std::vector<size_t> offsets;  ///< size flows + 1
  std::vector<size_t> rows;     ///< size records
  size_t size() const { return offsets.size() - 1; }
  std::span<const size_t> flow(size_t f) const {
    return {rows.data() + offsets[f], offsets[f + 1] - offsets[f]};
  }
};

FlowIndex group_flows(const Trace& trace);
/// Number of records of each five-tuple, in no stated order; cheaper than group_flows.
std::vector<int64_t> flow_sizes(const Trace& trace);

}  // namespace bench
