#pragma once
// Records that depend on each other: those of one source host, or of one part of the trace.

#include <cstdint>
#include <vector>

#include "core/seed.h"

namespace bench {

/// For each row, the rows before it in its stream, the nearest first: [rows, window]; `rows` where there is
/// none. `stream` [rows].
std::vector<int64_t> rows_before(const std::vector<int32_t>& stream, int64_t window);

/// `total` things shared out in proportion to `shares`, whose sum is positive: each gets its part rounded up
/// or down at random, so that the expectation is right and the sum exact. With total = sum of whole shares
/// each gets its own.
std::vector<int64_t> share_out(const std::vector<int64_t>& shares, int64_t total, Rng& rng);

}  // namespace bench
