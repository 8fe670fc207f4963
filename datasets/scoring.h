#pragma once
// What scores are made of: a synthetic trace beside a real one, and cards that say what each score means.
// Metrics (metrics/metric.h) and tasks (downstream/task.h) share this; neither ever sees a model.

#include <string>
#include <string_view>

#include "core/score.h"
#include "datasets/canaries.h"
#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

struct ScoringPair {
  const Trace& real;
  const Trace& synthetic;
  TimeWindow window;  ///< clock of the training part; its begin is the origin of "train clock" times
  const Trace* holdout = nullptr;      ///< real records that no generator saw; null where there are none
  std::string_view rules = {};         ///< of the user: text that parse_rules() has accepted; may be empty
  const Canaries* canaries = nullptr;  ///< of which the generator saw the inserted ones; null without
};

/// What a score is, said once: printed by --list, --metric-card and in reports.
struct MetricCard {
  std::string_view id;    ///< Score::metric
  std::string_view mode;  ///< Score::mode: "paper", "strict"; "real" or "synthetic" for a value of one side
  std::string_view summary;
  std::string_view unit;  ///< "nats", "ns", ...; "field" where it is the unit of the field
  Direction direction = Direction::lower;
  double lo = 0;
  double hi = 1;  ///< infinity where unbounded
  std::string_view source;
  std::string_view formula = "";
  std::string_view blind_spot = "";  ///< what can be wrong without this metric noticing
};

/// A card in words, one line each for id, version, formula, unit, range, direction, source and blind spot:
/// what a reader must know before trusting a score. `family` is the metric family or task that makes it.
std::string card_text(std::string_view family, int version, const MetricCard& card);

}  // namespace bench
