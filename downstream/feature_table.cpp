#include "downstream/feature_table.h"

#include <cmath>

namespace bench {

FeatureTable select(const FeatureTable& table, std::span<const size_t> rows) {
  FeatureTable out{table.columns, {}};
  out.values.reserve(rows.size() * table.columns);
  for (const size_t i : rows) {
    const auto row = table.row(i);
    out.values.insert(out.values.end(), row.begin(), row.end());
  }
  return out;
}

ColumnScale column_scale(const FeatureTable& table) {
  assert(table.rows() > 0);
  const auto n = static_cast<double>(table.rows());
  ColumnScale scale{std::vector<double>(table.columns), std::vector<double>(table.columns)};
  for (size_t i = 0; i < table.rows(); ++i)
    for (size_t c = 0; c < table.columns; ++c) scale.mean[c] += table.row(i)[c] / n;
  for (size_t i = 0; i < table.rows(); ++i) {
    for (size_t c = 0; c < table.columns; ++c) {
      const double gap = table.row(i)[c] - scale.mean[c];
      scale.sd[c] += gap * gap / n;
    }
  }
  for (size_t c = 0; c < table.columns; ++c) {
    // The mean of a constant column is off by rounding; a spread of that size is none.
    const double rounding = 1e-12 * std::abs(scale.mean[c]);
    scale.sd[c] = std::sqrt(scale.sd[c]);
    if (!(scale.sd[c] > rounding)) scale.sd[c] = 1;
  }
  return scale;
}

FeatureTable ColumnScale::apply(FeatureTable table) const {
  assert(table.columns == mean.size());
  for (size_t i = 0; i < table.rows(); ++i)
    for (size_t c = 0; c < table.columns; ++c) table.row(i)[c] = (table.row(i)[c] - mean[c]) / sd[c];
  return table;
}

}  // namespace bench
