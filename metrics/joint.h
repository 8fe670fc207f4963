#pragma once
// Family "joint": how fields go together. Shuffling each column by itself leaves the family
// "distribution" at zero and shows here. All scores are in mode "strict".

#include <vector>

#include "metrics/metric.h"

namespace bench {

/// "tv_proto_dstport" and "tv_src_dst" alone, which cost little; no scores if one trace is empty.
std::vector<Score> service_scores(const ScoringPair& pair);
std::vector<MetricCard> joint_cards();
MetricFamily joint_family();

}  // namespace bench
