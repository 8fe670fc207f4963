#pragma once
// All label columns of a table as one category: the combinations of labels that occur. Given labels then
// leave some of its values, whatever the order of the columns.

#include <cstdint>
#include <vector>

#include "models/rows/record_table.h"
#include "models/rows/row_model.h"

namespace bench {

class JointLabels {
 public:
  /// Label columns are the first of the table, as RecordColumns makes them.
  void fit(const RecordTable& table);
  /// Without label columns there is nothing to learn.
  bool empty() const { return combinations_.empty(); }
  size_t size() const { return combinations_.size(); }
  /// [rows], 0 .. size() - 1. Not for an empty() one.
  std::vector<int32_t> codes(const RecordTable& table) const;
  /// Sets the label columns of `table` from `codes` [rows].
  void put(const std::vector<int32_t>& codes, RecordTable& table) const;
  /// Codes with the given labels, ascending. Throws Error(config) if no training record has them together.
  std::vector<int32_t> choices(const std::vector<RowCondition>& given) const;

  /// Column "labels".
  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  std::vector<std::vector<int32_t>> combinations_;  ///< [][label columns], ascending
};

/// How many label columns stand in front.
size_t count_labels(const RecordTable& table);

}  // namespace bench
