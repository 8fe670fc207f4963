#pragma once
// Parameters of the ddgan model. The report behind it states none of its settings: defaults are those of the
// denoising diffusion GAN for images where they carry over, and ours otherwise.

#include <cstdint>
#include <string>

#include "models/chunked/flow_params.h"

namespace bench {

struct DdganParams : FlowParams {
  DdganParams();

  int64_t iterations = 20000;
  int64_t batch = 128;
  int64_t steps = 4;
  double beta_min = 0.1, beta_max = 20;
  std::string attributes = "multinomial";
  double divergence = 0.1;
  double attribute_dropout = 0.1;

  double lr = 1.6e-4;
  double lr_discriminator = 1.25e-4;
  std::string lr_decay = "cosine";
  double r1 = 0.05;
  int64_t r1_every = 1;
  double ema = 0.999;

  int64_t latent = 64;
  int64_t row_units = 256, row_blocks = 2;
  int64_t units = 64, blocks = 3;

  void describe(FieldVisitor& visitor) override;
  std::string contradiction() const override;
};

}  // namespace bench
