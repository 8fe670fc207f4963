#pragma once
// Differentially private records from noisy marginals. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> marginal_dp_params();
std::unique_ptr<Generator> make_marginal_dp(const Params& params);

/// The first `most` records of each five-tuple, in the source's order: what a flow can change is then
/// bounded.
Trace first_records_of_flows(const Trace& trace, int64_t most);

}  // namespace bench
