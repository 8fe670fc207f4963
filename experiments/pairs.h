#pragma once
// Which pairs of the matrix run: the product of datasets and generators, narrowed by "exclude" and "include".

#include <nlohmann/json.hpp>

#include "core/params.h"
#include "experiments/sweep.h"

namespace bench {

/// Fills sweep.pairs. With rules in `include` the sweep's own generators run only where one fits; a pair that
/// fits a rule in `exclude` does not run. Reference rows run on every dataset. A rule that fits nothing, or
/// is no object of "dataset", "model" and "because", is a problem; nothing is chosen while there are
/// problems.
void choose_pairs(const nlohmann::json& exclude, const nlohmann::json& include, Sweep& sweep,
                  Problems& problems);

}  // namespace bench
