#pragma once
// Metrics of how the fields of one record go together, over all records.

#include "core/score_list.h"
#include "metrics/metric.h"

namespace bench {

/// Adds "cmd", "cmd_tv", "mi_difference" by field, "tv_conditional" of the ports and "pcd". Both traces have
/// records.
void add_dependence(const ScoringPair& pair, ScoreList& list);

}  // namespace bench
