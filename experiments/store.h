#pragma once
// A run's folder: stages/ (content-addressed artefacts), cells/ (one folder per cell: its resolved
// description), and the tables scores.jsonl, scores.csv, status.jsonl, summary.md.

#include <filesystem>
#include <string>
#include <vector>

#include "core/score.h"
#include "datasets/scoring.h"
#include "experiments/executor.h"
#include "experiments/plan.h"

namespace bench {

/// Keeps a run to one process at a time. Throws Error(io) if another one holds it.
class RunLock {
 public:
  explicit RunLock(const std::filesystem::path& run);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int fd_ = -1;
};

/// What the training of a cell cost.
struct TrainingCost {
  /// From the start of the first unit to the end of the last one if one run of the program executed them all,
  /// else the sum over the units.
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< sum over the units
};
/// How one unit of a training ended.
struct UnitStatus {
  std::string name;
  StageOutcome outcome;
};

/// How one cell ended: the outcome of its first stage that is not ok, costs summed over its stages.
struct CellStatus {
  const Cell* cell = nullptr;
  StageOutcome outcome;
  std::vector<UnitStatus> units{};  ///< of its training, those that have ended
  TrainingCost training{};          ///< over these units
  std::string notes{};              ///< what its stages say a reader must know
  nlohmann::json privacy{};         ///< cost of its private training; null without
  std::string failed_stage{};       ///< folder under RUN/stages with logs, of the stage that is not ok
};
std::vector<CellStatus> cell_statuses(const Plan& plan, const Outcomes& outcomes);

/// The metric family that those below belong to.
inline constexpr std::string_view kDerivedFamily = "distribution";
/// Metrics that no single cell can have: "emd_peer" compares the rows of a dataset.
const std::vector<MetricCard>& derived_metrics();

/// One line of scores.jsonl.
struct CellScore {
  const Cell* cell = nullptr;
  Score score;
};
/// Scores of every cell that is ok, in plan order: those of the sweep's metrics with the EMD normalised
/// across the generators of a dataset ("emd_peer"), which needs them all, then those of its tasks.
std::vector<CellScore> collect_scores(const Sweep& sweep, const Plan& plan,
                                      const std::vector<CellStatus>& statuses,
                                      const std::filesystem::path& stages_folder);

/// Writes cells/ID/cell.json for every cell: everything that `generate_trace --cell` and a reader need.
void write_cells(const Sweep& sweep, const Plan& plan, const std::filesystem::path& run);

/// Replaces status.jsonl, scores.jsonl, scores.csv, cost.jsonl.
void write_tables(const Sweep& sweep, const Plan& plan, const std::vector<CellStatus>& statuses,
                  const std::vector<CellScore>& scores, const std::vector<CellScore>& costs,
                  const std::filesystem::path& run);

}  // namespace bench
