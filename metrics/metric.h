#pragma once
// A metric family compares a synthetic trace with a real one and gives Scores. It never sees a model.

#include <string>
#include <string_view>
#include <vector>

#include "core/score.h"
#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

struct ScoringPair {
  const Trace& real;
  const Trace& synthetic;
  TimeWindow window;  ///< clock of the training part; its begin is the origin of "train clock" times
  const Trace* holdout = nullptr;  ///< real records that no generator saw; null where there are none
};

/// What a metric is, said once: printed by --list and in reports.
struct MetricCard {
  std::string_view id;    ///< Score::metric
  std::string_view mode;  ///< Score::mode: "paper", "strict"; "real" or "synthetic" for a share of one side
  std::string_view summary;
  std::string_view unit;  ///< "nats", "ns", ...; "field" where it is the unit of the field
  Direction direction = Direction::lower;
  double lo = 0;
  double hi = 1;  ///< infinity where unbounded
  std::string_view source;
  std::string_view formula = "";
  std::string_view blind_spot = "";  ///< what can be wrong without this metric noticing
};

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
