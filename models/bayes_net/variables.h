#pragma once
// Columns of a table as variables with few values: a column with many becomes two, the bin and the value
// inside the bin. All labels together are one variable.

#include <cstdint>
#include <string>
#include <vector>

#include "models/rows/joint_labels.h"
#include "models/rows/record_table.h"

namespace bench {

struct Variable {
  static constexpr size_t kNone = SIZE_MAX;
  std::string name;
  size_t column = kNone;  ///< of the table; kNone: the labels
  size_t bin = kNone;     ///< the variable that says the bin of this one; kNone: it has no bins
};

/// Rows of a table <-> values of variables. The labels, where there are some, are the first variable.
class BayesVariables {
 public:
  using Columns = std::vector<std::vector<int32_t>>;  ///< [variables][rows]

  /// Learns the values and bins of every column (value_bins); `most_bins` is at least 2.
  void fit(const RecordTable& table, int64_t most_bins);
  /// Of the table of fit().
  Columns codes(const RecordTable& table) const;
  /// Rows with the columns of `columns`.
  RecordTable table(const Columns& codes, const RecordTable& columns) const;

  const std::vector<Variable>& list() const { return list_; }
  const JointLabels& labels() const { return labels_; }
  /// The variable with the values of a column that is not a label, and not with their bins.
  size_t of_column(size_t column) const { return of_column_[column]; }

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  void list_variables(const RecordTable& columns);
  /// Place of a row's value among the values of column `index`.
  int32_t value_code(const TableColumn& column, size_t index, size_t row) const;

  std::vector<Variable> list_;
  JointLabels labels_;
  std::vector<size_t> of_column_;
  std::vector<std::vector<double>> numbers_;  ///< by column: its distinct values, for numbers
  std::vector<std::vector<int32_t>> bins_;    ///< by column: the bin of each value; empty without bins
};

}  // namespace bench
