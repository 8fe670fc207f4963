#pragma once
// Bins for the strict Jensen-Shannon divergence of numeric fields. The edges come from the real values alone,
// and there is a bin below and a bin above them, so that synthetic values outside the real range count in
// full.

#include <cstdint>
#include <span>
#include <vector>

namespace bench {

/// No numeric field is cut into more ranges than this.
inline constexpr size_t kMaxBins = 200;

/// First integers s_0 < s_1 < ... of the bins (-inf, s_0), [s_0, s_1), ..., [s_last, inf) for ascending,
/// non-empty real values; s_0 is the smallest real value and s_last the largest plus one.
///
/// The rule is Freedman-Diaconis on the scale of ranks, where the values are uniform and its bin width
/// 2 IQR n^(-1/3) is n^(-1/3): n^(1/3) ranges of equal real share, at most kMaxBins. Unlike equal widths this
/// does not depend on the largest value of a heavy tail. A value that fills a whole range gets a bin of its
/// own.
std::vector<int64_t> bin_starts(std::span<const int64_t> ascending_real);
/// The same with `ranges` (1 or more) ranges of equal real share whatever the number of values.
std::vector<int64_t> bin_starts(std::span<const int64_t> ascending_real, size_t ranges);
/// Values in each bin: starts.size() + 1 counts.
std::vector<int64_t> bin_counts(std::span<const int64_t> ascending_values, std::span<const int64_t> starts);

}  // namespace bench
