#pragma once
// TimeGAN on flow sequences. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> timegan_params();
std::unique_ptr<Generator> make_timegan(const Params& params);

}  // namespace bench
