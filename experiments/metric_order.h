#pragma once
// In which order and under which headings summary.md shows metrics.

#include <string>
#include <vector>

#include "experiments/score_board.h"

namespace bench {

/// Columns that stand in one table.
struct MetricColumns {
  std::string family;  ///< metric family or task; "other" for a metric that no card describes
  std::string title;   ///< "paper jsd [nats]", "strict coverage (higher is better)"
  std::vector<ScoreColumn> columns;
};

/// One entry for each mode and metric, in the order of all_cards(). The values of one side (modes "real" and
/// "synthetic") of a metric stand together, field by field.
std::vector<MetricColumns> by_metric(const std::vector<ScoreColumn>& columns);

/// Head of a column that stands in one table with `all`: what is the same in all of them is left out.
std::string column_head(const ScoreColumn& column, const std::vector<ScoreColumn>& all);

}  // namespace bench
