#pragma once
// What summary.md says about one dataset.

#include <string>
#include <vector>

#include "experiments/score_board.h"
#include "experiments/store.h"

namespace bench {

/// Markdown: generators x columns, mean +- sd over seeds and samples, the best of the sweep's own generators
/// marked. `headline`: only the tables that are printed at the end of a run; otherwise also the position
/// between floor (uniform) and ceiling (split) in these, and every other metric, by family.
std::string dataset_section(const ScoreBoard& board, const std::vector<CellStatus>& statuses, size_t dataset,
                            bool headline);

}  // namespace bench
