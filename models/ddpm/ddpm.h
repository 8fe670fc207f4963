#pragma once
// Plain Gaussian diffusion of flow sequences in many steps. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> ddpm_params();
std::unique_ptr<Generator> make_ddpm(const Params& params);

}  // namespace bench
