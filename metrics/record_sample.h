#pragma once
// A sample of records that depends on what the records are, not on where they stand.

#include <cstddef>
#include <vector>

#include "core/seed.h"
#include "datasets/trace.h"

namespace bench {

/// At most `most` different rows of the trace, in random order: the records are brought into an order of
/// their contents, the time last, and the places in it drawn without putting back. So a shuffled trace gives
/// the same records, equal traces give equal samples under one seed, and traces that differ in times alone
/// give samples that differ in times alone. O(n log n).
std::vector<size_t> sample_records(const Trace& trace, size_t most, Seed seed);

}  // namespace bench
