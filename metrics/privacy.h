#pragma once
// Family "privacy": what a synthetic trace gives away of the training part (ScoringPair::real). Chance is
// told by held-out records; without them only the plain shares are there.

#include <string_view>
#include <vector>

#include "metrics/membership.h"
#include "metrics/metric.h"

namespace bench {

inline constexpr std::string_view kPrivacyFamily = "privacy";

/// Scores with other caps than the family's; n_real and n_synthetic of each score say how many records it
/// used.
std::vector<Score> privacy_scores(const ScoringPair& pair, const NeighbourOptions& options);
MetricFamily privacy_family();

}  // namespace bench
