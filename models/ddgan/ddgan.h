#pragma once
// A denoising diffusion GAN on flow sequences. See README.md in this folder.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> ddgan_params();
std::unique_ptr<Generator> make_ddgan(const Params& params);

}  // namespace bench
