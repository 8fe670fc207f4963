#pragma once
// Which columns depend on each other, by one noisy vector of scores; and the network that follows from it.

#include <cstdint>
#include <vector>

#include "core/seed.h"

namespace bench {

/// A column of bins and what was released about them.
struct BinnedColumn {
  std::vector<int32_t> codes;  ///< [records]
  std::vector<double> masses;  ///< [bins], records
};

/// What a pair's score is without noise: the L1 distance of its counts from those of independent columns with
/// the released masses, half of it R of Zhang et al., "PrivBayes", TODS 2017. A record more or less changes
/// one count by 1, so the score by at most 1.
double pair_distance(const BinnedColumn& a, const BinnedColumn& b, double records);
/// The distance that records of independent columns have on average: mean absolute deviations of Poisson
/// counts. It does not depend on the records.
double chance_distance(const BinnedColumn& a, const BinnedColumn& b, double records);

/// Scores of all pairs [columns][columns]: pair_distance() with noise of deviation `sigma`, less
/// chance_distance(). One release; its L2 sensitivity is pairs_sensitivity().
std::vector<std::vector<double>> pair_scores(const std::vector<BinnedColumn>& columns, double records,
                                             double sigma, Rng& rng);
/// sqrt(pairs): each score changes by at most 1.
double pairs_sensitivity(size_t columns);

/// Order of columns by Prim's algorithm on scores, from column `first`.
/// Column c is followed by its candidates among those before it, best first, whose scores are above `least`.
struct ColumnOrder {
  std::vector<size_t> order;
  std::vector<std::vector<size_t>> candidates;  ///< by column
};
ColumnOrder order_columns(const std::vector<std::vector<double>>& scores, double least, size_t first);

}  // namespace bench
