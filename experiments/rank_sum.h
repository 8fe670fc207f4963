#pragma once
// Choosing among candidates by the sum of their ranks over several metrics, as NetShare chooses among
// snapshots and settings.

#include <cstddef>
#include <span>
#include <vector>

namespace bench {

struct RankSum {
  std::vector<std::vector<double>> ranks;  ///< [metrics][candidates]
  std::vector<double> sums;                ///< [candidates]
  size_t winner = 0;                       ///< candidate of the lowest sum, the first of equals
};
/// `values` [metrics][candidates], low is good; every metric has the same number of candidates, one or more.
/// Without metrics all sums are 0. Source: NetShare's choice of snapshots (SIGCOMM 2022, published code).
RankSum rank_sum(const std::vector<std::vector<double>>& values, size_t candidates);

}  // namespace bench
