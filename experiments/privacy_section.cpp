#include "experiments/privacy_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "experiments/privacy_cost.h"
#include "experiments/score_board.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr std::string_view kNote =
    "The (epsilon, delta) guarantee of each training: neighbouring training parts differ in one unit. Asked: "
    "the parameter; by orders: Renyi orders or zCDP; numerical: losses composed on a grid, the least of the "
    "sound bounds, not made beyond 1000; as published: what the accountant released with NetShare would say, "
    "which counts one release per iteration. inf: no noise and no guarantee. Least to greatest where repeats "
    "differ.\n\n";

std::string asked_text(const std::vector<PrivacyCost>& costs) {
  const bool one = std::all_of(costs.begin(), costs.end(),
                               [&](const PrivacyCost& cost) { return cost.asked == costs[0].asked; });
  return one ? costs[0].asked : "several";
}

}  // namespace

std::string privacy_section(const Sweep& sweep, const std::vector<CellStatus>& statuses) {
  Table table({"dataset", "generator", "unit", "delta", "noise multiplier", "epsilon asked", "by orders",
               "numerical", "as published"});
  bool any = false;
  for (const auto& [d, m] : sweep.pairs) {
    std::vector<PrivacyCost> costs;
    for (const CellStatus& status : statuses) {
      if (status.cell->dataset == d && status.cell->model == m && status.outcome.outcome == "ok" &&
          !status.privacy.is_null())
        costs.push_back(privacy_cost(status.privacy));
    }
    if (costs.empty()) continue;
    any = true;
    std::vector<double> deltas, noises;
    for (const PrivacyCost& cost : costs) {
      if (cost.delta) deltas.push_back(*cost.delta);
      if (cost.noise) noises.push_back(*cost.noise);
    }
    table.add({sweep.datasets[d].label, row_name(sweep.models[m]), units_text(costs), range_text(deltas),
               range_text(noises), asked_text(costs), figure_text(costs, &PrivacyCost::moments),
               figure_text(costs, &PrivacyCost::numerical), figure_text(costs, &PrivacyCost::published)});
  }
  return any ? fmt::format("## Privacy\n\n{}{}\n", kNote, table.markdown()) : "";
}

}  // namespace bench
