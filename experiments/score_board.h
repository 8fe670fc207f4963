#pragma once
// A sweep's scores by dataset, generator and column, with seeds and samples of one generator side by side:
// what the tables of summary.md are made from.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "experiments/store.h"

namespace bench {

/// Title of a generator, in brackets if it is a reference row.
std::string row_name(const ModelSpec& model);

/// What a column of a table shows; metric, mode and field tell columns apart.
struct ScoreColumn {
  std::string metric, mode, field, unit;
  Direction direction = Direction::lower;
};

/// Refers to the sweep and the scores that it is made of.
class ScoreBoard {
 public:
  ScoreBoard(const Sweep& sweep, const std::vector<CellScore>& scores);

  const Sweep& sweep() const { return sweep_; }
  /// Columns of a dataset in the order in which scores bring them.
  const std::vector<ScoreColumn>& columns(size_t dataset) const;
  /// Generators that run on the dataset, in the order of reports.
  std::vector<size_t> models(size_t dataset) const;
  bool own(size_t model) const { return !sweep_.models[model].reference; }

  /// One for each cell that has been scored.
  const std::vector<const CellScore*>& scores(size_t dataset, size_t model, const ScoreColumn& column) const;
  /// Those that are values.
  std::vector<double> values(size_t dataset, size_t model, const ScoreColumn& column) const;
  /// Mean over seeds and samples, none without a value.
  std::optional<double> mean_value(size_t dataset, size_t model, const ScoreColumn& column) const;

 private:
  using Key = std::tuple<size_t, size_t, std::string, std::string, std::string>;
  const Sweep& sweep_;
  std::vector<std::vector<ScoreColumn>> columns_;  ///< by dataset
  std::map<Key, std::vector<const CellScore*>> scores_;
};

}  // namespace bench
