#include "experiments/rank_sum.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace bench {

std::vector<double> average_ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = static_cast<double>(begin + 1 + end) / 2;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
  }
  return ranks;
}

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
