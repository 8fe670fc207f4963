#pragma once
// The section of summary.md that puts a generator's distances to the real traces into a few numbers.

#include <string>
#include <vector>

#include "experiments/store.h"

namespace bench {

/// Markdown: one row per generator of the sweep's own, over the paper-mode distances of single fields (JSD,
/// EMD): mean JSD in nats, mean emd_peer, the geometric mean of the ratios to the other own generators, and
/// the improvement over them in both readings of NetShare's "46 %" (SIGCOMM 2022): baseline = their mean, or
/// the best of them in each field. Means go over seeds, then fields, then datasets. Empty with fewer than two
/// own generators or without such a distance.
std::string aggregates_section(const Sweep& sweep, const std::vector<CellScore>& scores);

}  // namespace bench
