#pragma once
// summary.md: per dataset, generators x metrics, mean +- sd over seeds, the best marked, n ok / n planned,
// and the position between the floor (uniform) and the ceiling (split); then what holds over the datasets.

#include <string>
#include <vector>

#include "experiments/store.h"

namespace bench {

struct Summary {
  std::string headline;  ///< what is printed at the end of a run
  std::string markdown;  ///< the whole page: the headline tables and every other metric
};

/// `costs` are those of cost_scores(). The page ends with the card of every metric that it shows.
Summary summarise(const Sweep& sweep, const Plan& plan, const std::vector<CellStatus>& statuses,
                  const std::vector<CellScore>& scores, const std::vector<CellScore>& costs);

}  // namespace bench
