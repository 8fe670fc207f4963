#pragma once
// All that a training releases, and records drawn from it. Nothing here sees the training part, so whatever
// happens here costs no privacy.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/seed.h"
#include "datasets/split.h"
#include "models/marginal_dp/column_leaves.h"
#include "models/marginal_dp/noisy_table.h"
#include "models/model.h"
#include "models/rows/record_rules.h"

namespace bench {

/// One column: its leaves and, where these are more than its bins, the leaf given the bin.
struct MarginalColumn {
  std::string name;
  ColumnLeaves leaves;
  std::vector<size_t> parents;  ///< columns that stand before it
  NoisyTable bins, inside;
  bool has_inside() const { return leaves.size() > leaves.bins(); }
};

/// Bins and leaves of some records, by column.
struct CodedRecords {
  explicit CodedRecords(size_t columns) : bins(columns), leaves(columns) {}
  std::vector<std::vector<int32_t>> bins, leaves;
  std::vector<NoisyTable::Codes> bins_of(const std::vector<size_t>& columns) const;
  /// The bins of one column and the leaves of others.
  std::vector<NoisyTable::Codes> leaves_of(size_t own, const std::vector<size_t>& columns) const;
};

struct NoisyMarginals {
  // What everybody knows.
  Trace like;  ///< no records: kind and labels
  TimeWindow window;
  bool own_window = true;  ///< of the training part
  // What was released.
  RecordRules rules;
  double records = 0;  ///< of the training part
  std::vector<MarginalColumn> columns;
  std::vector<size_t> order;  ///< empty before a training

  /// A column without leaves, whose domain follows from what everybody knows.
  void add_column(const std::string& name);
  int64_t offset_of(const std::string& column) const { return column == "time" ? window.begin : 0; }
  /// Draws bins and leaves of a column for which its parents were drawn.
  void draw(size_t column, size_t count, CodedRecords& coded, Rng& rng) const;
  /// Throws Error(cancelled).
  Trace sample(int64_t count, SampleContext& context) const;
  void save(const std::filesystem::path& folder) const;
  /// Throws Error(data).
  void load(const std::filesystem::path& folder);
};

}  // namespace bench
