#pragma once
// Flow-WGAN: packets as rows of byte vectors, made by a Wasserstein GAN (L. Han, Y. Sheng, X. Zeng, "A
// packet-length-adjustable attention model based on bytes embedding using Flow-WGAN for smart cybersecurity",
// IEEE Access 7, 2019).

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> flow_wgan_params();
/// `params` is what flow_wgan_params() made.
std::unique_ptr<Generator> make_flow_wgan(const Params& params);

}  // namespace bench
