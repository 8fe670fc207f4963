#pragma once
// Pages of results/published that are made from runs.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/plot.h"
#include "experiments/run_rows.h"

namespace bench {

struct Report {
  std::string markdown;
  std::vector<Panel> panels;
};

/// Chunked training: wall and CPU seconds for every number of workers that was measured, fidelity beside
/// them, and list schedules of the measured units for 10 and 200 workers, called simulated. Needs rows with
/// workers; throws Error(data) without.
Report speedup_report(const std::vector<RunRow>& rows);

/// Quality against CPU seconds of training: every row of the sweep's own generators in order of its cost,
/// beside `peers`: {"title": .., "datasets": {NAME: {"train_cpu": .., "scores": {"ks strict td": ..}}}},
/// which also says which scores are compared. Throws Error(data) if no row is of a dataset in `peers`.
Report curve_report(const std::vector<RunRow>& rows, const nlohmann::json& peers);

/// Generators side by side: over all datasets the mean JSD and how many distribution scores are better than
/// those of `uniform`; then each dataset by itself, reference rows in brackets. Means over the seeds. A row
/// counts the cells that ended ok among those planned, and `failures` are named. Throws Error(data) without
/// rows.
Report baselines_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures);

/// Generators field by field: distances of attributes and of features of flow records as mean and deviation
/// over the seeds; in how many fields each row is at least as good as each other, how many five-tuples it
/// copies and what it cost; the distribution of every field in the first seed's samples. `published` may have
/// "note", "rows" {TITLE: {FIELD: value}} to stand beside them, and "claims" [{"claim", "row", "against",
/// "fields": "attributes" or "all", "wins"}] to be checked. `failures` are named. Throws Error(data) without
/// rows.
Report fields_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures,
                     const nlohmann::json& published);

/// Fidelity against epsilon: a curve for each regime and measure over the seeds, a table of regimes and
/// budgets with what each costs and what attacks found, and which of two regimes is better at each budget up
/// to 8. Regimes of one dataset are told by their labels: "naive", "same", "different" (where the first
/// weights come from) and "marginal". `published` may hold curves of somebody else: {"title", "note",
/// "datasets": {NAME: {"epsilon": [..], "regimes": {REGIME: [mean normalised EMD ..]}}}}. `failures` are
/// named. Throws Error(data) without private rows.
Report privacy_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures,
                      const nlohmann::json& published);

}  // namespace bench
