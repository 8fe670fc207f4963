#pragma once
// Seeded simulator of header traces with known ground truth: Zipf hosts, a service mix, heavy-tailed flow
// sizes, on/off arrivals, TCP handshakes, scans and floods with labels. One profile per dataset.

#include <string_view>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"

namespace bench {

/// What the simulator decided, for tests.
struct SurrogateTruth {
  int64_t attack_records = 0;
  int64_t five_tuples = 0;
};

/// Names of the profiles: "ugr16-surrogate", ...
std::vector<std::string_view> surrogate_names();

/// Exactly `records` records of a profile, in order of time (flows: of start). The same seed gives the same
/// trace. Throws Error(config) for an unknown profile or records < 1.
Trace simulate(std::string_view profile, int64_t records, Seed seed, SurrogateTruth* truth = nullptr);

}  // namespace bench
