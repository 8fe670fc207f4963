#pragma once
// The only part of this generator that reads the training part: each look is a release with noise.

#include "datasets/split.h"
#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/noisy_marginals.h"
#include "models/marginal_dp/params.h"
#include "models/model.h"

namespace bench {

/// Measures `train` with noise that `budget` pays for, in the order of README.md. Throws Error(data) for a
/// training part without records, Error(cancelled).
NoisyMarginals release_marginals(const TrainingTrace& train, const MarginalDpParams& params,
                                 NoiseBudget& budget, FitContext& context);

/// The first `most` records of each five-tuple, in the source's order: what a flow can change is then
/// bounded.
Trace first_records_of_flows(const Trace& trace, int64_t most);

}  // namespace bench
