#pragma once
// Family "validity": how often records break rules that headers keep, beside how often real ones do.

#include <span>
#include <vector>

#include "metrics/metric.h"
#include "metrics/rules.h"

namespace bench {

/// Scores of the built-in rules for the kind of the real trace, then of `extra` ones (read_rules), then
/// "any": records that break one header rule or more.
std::vector<Score> validity_scores(const ScoringPair& pair, std::span<const Rule> extra);
MetricFamily validity_family();

}  // namespace bench
