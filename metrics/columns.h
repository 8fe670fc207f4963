#pragma once
// Columns of both traces record by record, for metrics that look at several fields of one record at once.

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/fields.h"

namespace bench {

/// A categorical column: equal codes mean the same in both traces.
struct CategoryPair {
  std::string name;
  std::vector<uint32_t> real, synthetic;
  std::string missing;  ///< why there is nothing to compare; empty if both traces have the column
};

/// srcip, dstip, srcport, dstport, proto and, where the real trace has them, flag (the IP flags), tcp_flags
/// and every label, with the values themselves as codes (labels: a number for each name of either trace).
std::vector<CategoryPair> category_pairs(const Trace& real, const Trace& synthetic);

/// A numeric column with one value per record.
struct NumberPair {
  const NumericSpec* spec = nullptr;
  std::vector<int64_t> real, synthetic;  ///< raw; clocks relative to the origin
  std::string missing;
};

/// The per-record fields of numeric_specs(real.kind); header columns only where the real trace has them.
/// `origin` [ns] is the zero of clocks.
std::vector<NumberPair> number_pairs(const Trace& real, const Trace& synthetic, int64_t origin);

/// The first record of each five-tuple.
Trace first_of_each_flow(const Trace& trace, const FlowIndex& flows);

/// Ports from 1024 up become 1024: which of them a host draws says nothing.
std::vector<uint32_t> services(const std::vector<uint32_t>& ports);
/// Quarter octaves: floor(4 log2(1 + v)) for each v; values below 0 count as 0.
std::vector<uint32_t> quarter_octaves(const std::vector<int64_t>& values);

}  // namespace bench
