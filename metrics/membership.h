#pragma once
// What neighbours say about who was in the training part. All three traces have kSmallestPart records or more
// and one kind.

#include <cstdint>
#include <span>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"
#include "metrics/flow_features.h"
#include "metrics/row_keys.h"

namespace bench {

inline constexpr size_t kSmallestPart = 20;

struct NeighbourOptions {
  size_t queries = 5000;      ///< records or groups whose neighbours are looked for, at most; > 0
  size_t references = 20000;  ///< among which they are looked for, at most; > 1
  size_t k = 1;               ///< neighbour whose distance is the density's measure; below kSmallestPart / 2
};

/// A trace with the keys by which its records are drawn, made once for all scores.
struct KeyedTrace {
  explicit KeyedTrace(const Trace& records) : trace(records), keys(different_keys(records)) {}
  const Trace& trace;
  std::vector<RowKey> keys;
};

struct Parts {
  const KeyedTrace& real;
  const KeyedTrace& synthetic;
  const KeyedTrace& holdout;
};

/// A value with the numbers of records (groups) that it comes from.
struct Measured {
  double value = 0;
  int64_t n_real = 0;
  int64_t n_synthetic = 0;
};

/// Mann-Whitney: the probability that a member's score is above a non-member's, ties half. Both not empty.
double auc(std::span<const double> members, std::span<const double> others);

/// Distances to the closest record (nearest.h) and their ratios.
struct ClosestRecords {
  Measured
      closer_to_real;  ///< share of synthetic records closer to training than to held-out ones, ties half
  Measured ratio;      ///< mean nearest / second nearest training record of synthetic ones; 0/0 is 1
  Measured ratio_of_holdout;  ///< the same for held-out records (counted as n_synthetic)
  /// Mean distances, 0 .. 1: synthetic to training, synthetic to held-out, held-out to training records.
  Measured to_real, to_holdout, holdout_to_real;
};
/// References are equally many training and held-out records.
ClosestRecords closest_records(const Parts& parts, const NeighbourOptions& options, Seed seed);

/// AUC of training against held-out records by the ratio of the synthetic density to that of a reference, a
/// half of the holdout of its own; densities from the distance to the k-th neighbour (DOMIAS, van Breugel et
/// al. 2023, with nearest neighbours for its density models). n_real: members and non-members.
Measured density_attack(const Parts& parts, const NeighbourOptions& options, Seed seed);

/// AUC of training against held-out groups by how close their features (flow_features.h, scaled to the
/// training part's range) come to a synthetic group's; no shadow models.
Measured feature_attack(const Parts& parts, GroupBy by, const NeighbourOptions& options, Seed seed);

}  // namespace bench
