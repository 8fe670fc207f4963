#pragma once
// Attributes and records by the denoising diffusion GAN: Xiao, Kreis, Vahdat, "Tackling the generative
// learning trilemma with denoising diffusion GANs", ICLR 2022.

#include <memory>

#include "models/diffusion/flow_parts.h"
#include "models/diffusion/networks.h"

namespace bench {

struct GanOptions {
  int64_t latent = 64;
  double r1 = 0.05;
  int64_t r1_every = 1;
  double divergence = 0;  ///< of multinomial categories
  int64_t units = 64, blocks = 2;
};

/// `attributes`: the layout of attribute rows.
std::unique_ptr<AttributePart> gan_attributes(const GanOptions& options, const Schedule& schedule,
                                              const Layout& attributes, CategoryNoise noise,
                                              const at::Generator& init, torch::Device device);
/// The first `width` columns of `features`; samples have at most `longest` records.
std::unique_ptr<RecordPart> gan_records(const GanOptions& options, const Schedule& schedule,
                                        int64_t attribute_width, const Layout& features, int64_t width,
                                        int64_t longest, CategoryNoise noise, const at::Generator& init,
                                        torch::Device device);

}  // namespace bench
