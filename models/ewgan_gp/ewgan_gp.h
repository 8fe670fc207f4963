#pragma once
// E-WGAN-GP: Ring, Schloer, Landes, Hotho, "Flow-based network traffic generation using generative
// adversarial networks", Computers & Security 2019.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> ewgan_gp_params();
/// `params` is an EwganParams.
std::unique_ptr<Generator> make_ewgan_gp(const Params& params);

}  // namespace bench
