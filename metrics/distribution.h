#pragma once
// Family "distribution": one field at a time. Mode "paper" repeats NetShare's dist_metrics.py in its third
// version, which made the figures of the paper; mode "strict" adds what that script does not see.

#include <vector>

#include "metrics/metric.h"

namespace bench {

struct Modes {
  bool paper = true;
  bool strict = true;
};

/// The family's scores in the chosen modes, field by field.
std::vector<Score> distribution_scores(const ScoringPair& pair, Modes modes);
std::vector<MetricCard> distribution_cards();
MetricFamily distribution_family();

}  // namespace bench
