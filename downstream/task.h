#pragma once
// A downstream task does with a synthetic trace what its user would do, and with the real one beside it. A
// task has parameters and costs more than a metric: a sweep asks for it by name.

#include <memory>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "core/seed.h"
#include "datasets/scoring.h"

namespace bench {

/// Scores of algorithms that a task puts in order, once by the real trace and once by the synthetic one. The
/// field of such a score is the algorithm, behind the group that it is compared in: "dstip count_min",
/// "tree"; the groups are separate orderings.
struct Ordering {
  std::string_view metric;
  std::string_view real_mode, synthetic_mode;
};

struct Task {
  std::string_view id;  ///< "telemetry"; the name of its folder
  int version;          ///< raised when a value changes: part of the stage key
  std::string_view summary;
  std::vector<MetricCard> cards;
  std::vector<Ordering> orderings;
  std::unique_ptr<Params> (*params)();  ///< a fresh set of defaults
  /// Scores in a fixed order; a field's last word is the algorithm. `params` come from the function above.
  /// The same seed for two traces means the same hash functions and draws. Never throws for data that
  /// check_trace accepts and parameters in range: what cannot be computed is not-applicable with a reason.
  std::vector<Score> (*evaluate)(const ScoringPair& pair, const Params& params, Seed seed);
};

/// The only place that knows every task (downstream/list.cpp). Order = order in reports.
const std::vector<Task>& all_tasks();
/// nullptr if there is none of that name.
const Task* find_task(std::string_view id);

}  // namespace bench
