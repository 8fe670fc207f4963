#pragma once
// Differentially private records from noisy marginals. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> marginal_dp_params();
std::unique_ptr<Generator> make_marginal_dp(const Params& params);

}  // namespace bench
