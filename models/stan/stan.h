#pragma once
// STAN: an autoregressive network over the records of a host. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> stan_params();
std::unique_ptr<Generator> make_stan(const Params& params);

}  // namespace bench
