#pragma once
// Metrics of whole records on a capped sample: density, coverage, discrepancy and two-sample test. Times are
// left out: a held-out trace lies later than the training one, and the distribution of times has metrics of
// its own.

#include "core/score_list.h"
#include "metrics/metric.h"

namespace bench {

inline constexpr size_t kNeighbourRecords =
    2000;                                     ///< most records a side for density, coverage and discrepancy
inline constexpr size_t kNeighbours = 5;      ///< k of density and coverage
inline constexpr size_t kTestRecords = 5000;  ///< most records a side for the two-sample test
inline constexpr size_t kFewestRecords = 10;  ///< a side; below that they say nothing

/// Adds "density", "coverage", "mmd", "c2st" and, by field, "c2st_field".
void add_detection(const ScoringPair& pair, ScoreList& list);

}  // namespace bench
