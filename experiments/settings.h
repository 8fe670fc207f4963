#pragma once
// The section of summary.md that chooses among the settings of a sweep.

#include <string>
#include <vector>

#include "experiments/store.h"

namespace bench {

/// Markdown: the sweep's own generators ranked by rank-sum on every dataset, then those that run on every
/// dataset over all of them. Empty unless the sweep scores against the validation slice: anything else is no
/// ground to choose on.
std::string settings_section(const Sweep& sweep, const std::vector<CellScore>& scores);

}  // namespace bench
