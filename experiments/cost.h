#pragma once
// What a cell cost, as Scores. They stand in a file of their own (cost.jsonl), because two runs of one sweep
// have the same scores but not the same seconds.

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/store.h"

namespace bench {

inline constexpr std::string_view kCost = "cost";
inline constexpr int kCostVersion = 1;

const std::vector<MetricCard>& cost_cards();
/// One score per card for every cell that is ok, in plan order. Reference rows that train nothing have no
/// cost of training.
std::vector<CellScore> cost_scores(const Plan& plan, const Outcomes& outcomes,
                                   const std::vector<CellStatus>& statuses,
                                   const std::filesystem::path& stages_folder);
/// Markdown: dataset by dataset, rows x costs, means over the cells; empty without scores.
std::string cost_section(const Sweep& sweep, const std::vector<CellScore>& costs);

}  // namespace bench
