#pragma once
// What an observer sees of one group of records (a five-tuple, or all that one source sent), as numbers.

#include <span>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"

namespace bench {

enum class GroupBy { five_tuple, source };

/// Which optional columns the features use: those that all traces compared have.
struct FeatureColumns {
  bool time = true, header = true;
};

/// One row per group: ln(1 + v) of records, distinct destinations and distinct destination ports; shares of
/// TCP and UDP; mean and standard deviation of ln(1 + v) of length, or of packets, bytes and duration; of ToS
/// and TTL; and of ln(1 + ns) between successive records. At most `at_most` groups, drawn by their keys
/// (row_keys.h).
std::vector<std::vector<double>> flow_features(const Trace& trace, GroupBy by, FeatureColumns columns,
                                               size_t at_most, Seed seed);

}  // namespace bench
