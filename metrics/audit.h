#pragma once
// Family "audit": what a generator that was trained on canaries (datasets/canaries.h) gives away of them, and
// so what its epsilon is at least. An attack, where models/privacy proves an upper bound.

#include <string_view>
#include <vector>

#include "metrics/metric.h"

namespace bench {

inline constexpr std::string_view kAuditFamily = "audit";
/// Fewer canaries leave nothing to guess.
inline constexpr size_t kFewestCanaries = 4;

/// Of each canary the distance (nearest.h, without time) to its closest record of `synthetic`, 0 .. 1;
/// numbers are scaled to their range in `real`. All of one kind, with records.
std::vector<float> canary_distances(const Canaries& canaries, const Trace& real, const Trace& synthetic);

std::vector<Score> audit_scores(const ScoringPair& pair);
MetricFamily audit_family();

}  // namespace bench
