#pragma once
// TabDDPM: Gaussian and multinomial diffusion of single records. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> tabddpm_params();
std::unique_ptr<Generator> make_tabddpm(const Params& params);

}  // namespace bench
