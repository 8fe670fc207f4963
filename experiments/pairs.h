#pragma once
// Which pairs of the matrix run: the product of datasets and generators, narrowed by "exclude" and "include".

#include <nlohmann/json.hpp>

#include "core/params.h"
#include "experiments/sweep.h"

namespace bench {

/// Fills sweep.pairs. With rules in `include` the sweep's own generators run only where one fits; a pair that
/// fits a rule in `exclude` does not run, and neither does one whose generator does not learn from that kind
/// of trace: that one is in sweep.left_out, and a problem if no other pair is left. Reference rows run on
/// every dataset. A rule that fits nothing, or is no object of "dataset", "model" and "because", is a
/// problem; nothing is chosen while there are problems.
void choose_pairs(const nlohmann::json& exclude, const nlohmann::json& include, Sweep& sweep,
                  Problems& problems);

/// "packets only", "flows only", or "" where a generator learns from both.
std::string_view applies_text(std::string_view model);
/// One line "- GENERATOR (packets only): DATASET, ..." for each generator in sweep.left_out; empty if none
/// is.
std::string left_out_text(const Sweep& sweep);

}  // namespace bench
