#pragma once
// PacketCGAN: packet bytes by a conditional GAN (P. Wang, S. Li, F. Ye, Z. Wang, M. Zhang, "PacketCGAN:
// Exploratory study of class imbalance for encrypted traffic classification using CGAN", ICC 2020).

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> packet_cgan_params();
/// `params` is what packet_cgan_params() made. Heeds SampleContext::given.
std::unique_ptr<Generator> make_packet_cgan(const Params& params);

}  // namespace bench
