#pragma once
// Exact nearest neighbours among records of addresses, categories and numbers, by comparing each query with
// each reference, a block of references at a time.

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/trace.h"

namespace bench {

/// Columns of equal length; tables that are compared have the same columns in the same order.
struct MixedTable {
  size_t rows = 0;
  std::vector<std::vector<uint32_t>> addresses;
  std::vector<std::vector<uint32_t>> categories;
  std::vector<std::vector<float>> numbers;  ///< in units in which a difference of 1 is as far as can be

  size_t fields() const { return addresses.size() + categories.size() + numbers.size(); }
};

/// Gower's distance (1971), 0 .. 1: the mean over the fields of 1 - (leading bytes shared) / 4 for addresses,
/// 0 or 1 for categories and min(1, |a - b|) for numbers. Result: for each query the distances of its k
/// nearest references, ascending, [queries.rows * k]. references.rows >= k >= 1; both tables have a field or
/// more.
std::vector<float> nearest(const MixedTable& queries, const MixedTable& references, size_t k);

/// How records become rows of a MixedTable: addresses, ports, protocol, TCP and IP flags, ToS and fragment
/// offset as they are; length, TTL, duration, packets and bytes as ln(1 + v) over its range in `real`. The
/// time stays out: a holdout later in time would make every synthetic record look closer to the training
/// part. So does the IP id, which is noise. Only columns that all three traces have.
class RecordCoder {
 public:
  RecordCoder(const Trace& real, const Trace& synthetic, const Trace& holdout);
  MixedTable table(const Trace& trace, std::span<const size_t> rows) const;

 private:
  struct Number {
    std::string_view column;
    double range;
  };
  std::vector<std::string_view> categories_;
  std::vector<Number> numbers_;
};

}  // namespace bench
