#include "experiments/rank_sum.h"

#include <algorithm>
#include <cassert>

#include "core/rank.h"

namespace bench {

RankSum rank_sum(const std::vector<std::vector<double>>& values, size_t candidates) {
  RankSum out;
  out.sums.assign(candidates, 0);
  for (const auto& metric : values) {
    assert(metric.size() == candidates);
    out.ranks.push_back(average_ranks(metric));
    for (size_t c = 0; c < candidates; ++c) out.sums[c] += out.ranks.back()[c];
  }
  out.winner = static_cast<size_t>(std::min_element(out.sums.begin(), out.sums.end()) - out.sums.begin());
  return out;
}

}  // namespace bench
