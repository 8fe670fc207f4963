#pragma once
// Rows of numbers, what learners are trained on.

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

/// rows() x columns numbers, row after row.
struct FeatureTable {
  size_t columns = 0;
  std::vector<double> values;

  size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  std::span<const double> row(size_t i) const { return {values.data() + i * columns, columns}; }
  std::span<double> row(size_t i) { return {values.data() + i * columns, columns}; }
  bool operator==(const FeatureTable&) const = default;
};

/// The rows at `rows` in that order (a row may repeat). Indices are below table.rows().
FeatureTable select(const FeatureTable& table, std::span<const size_t> rows);

/// Standardisation, (x - mean) / sd with the population's sd, of each column; sd = 1 for a constant column.
struct ColumnScale {
  std::vector<double> mean, sd;
  FeatureTable apply(FeatureTable table) const;
};
/// The table has at least one row.
ColumnScale column_scale(const FeatureTable& table);

}  // namespace bench
