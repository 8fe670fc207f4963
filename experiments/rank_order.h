#pragma once
// The section of summary.md that asks whether synthetic traces put algorithms in the order in which the real
// ones put them.

#include <span>
#include <string>
#include <vector>

#include "downstream/task.h"
#include "experiments/store.h"

namespace bench {

/// The orderings of every task, in the order of all_tasks().
std::vector<Ordering> all_orderings();

/// Markdown: for each ordering and group a table of generators x datasets with Spearman's rho and its 95 %
/// interval over the repeats (seeds and samples), Kendall's tau-b and the p-value of rho (core/rank.h). An
/// algorithm counts where both sides have a value in every repeat; fewer than two make "n/a". Empty without
/// scores of an ordering.
std::string rank_order_section(const Sweep& sweep, const std::vector<CellScore>& scores,
                               std::span<const Ordering> orderings);
std::string rank_order_section(const Sweep& sweep, const std::vector<CellScore>& scores);

}  // namespace bench
