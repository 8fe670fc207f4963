#pragma once
// PAC-GAN: packets as grey images of their half bytes, made by a convolutional GAN (A. Cheng, "PAC-GAN:
// Packet generation of network traffic using generative adversarial networks", IEMCON 2019).

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> pac_gan_params();
/// `params` is what pac_gan_params() made.
std::unique_ptr<Generator> make_pac_gan(const Params& params);

}  // namespace bench
