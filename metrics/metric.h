#pragma once
// A metric family compares a synthetic trace with a real one and gives Scores.

#include <string>
#include <string_view>
#include <vector>

#include "datasets/scoring.h"

namespace bench {

struct MetricFamily {
  std::string_view id;  ///< "distribution", "joint"
  int version;          ///< raised when a value changes: part of the stage key
  std::vector<MetricCard> cards;
  /// Scores in a fixed order. Never throws for data that check_trace accepts: what cannot be computed is
  /// not-applicable with a reason.
  std::vector<Score> (*evaluate)(const ScoringPair& pair);
};

/// The only place that knows every family (metrics/list.cpp). Order = order in reports.
const std::vector<MetricFamily>& all_metrics();

}  // namespace bench
