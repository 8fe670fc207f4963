#pragma once
// Parameters of ewgan_gp.

#include <cstdint>
#include <string>

#include "core/params.h"
#include "models/privacy/privacy_params.h"

namespace bench {

class EwganParams : public Params {
 public:
  int64_t word_size = 20, word_epochs = 10;
  std::string numbers = "words";
  int64_t bins = 64;
  int64_t rare_ports = 0;
  bool calibrate = false;

  int64_t iterations = 20'000;
  int64_t batch = 64, critic_steps = 5;
  double lr = 1e-4, critic_lr = 1e-4;
  std::string lr_decay = "none";
  double ema = 0;
  double penalty = 10;
  double norm_momentum = 0.1;
  int64_t latent = 100;
  int64_t generator_layers = 3, generator_units = 128;
  int64_t critic_layers = 2, critic_units = 128;
  std::string init = "xavier";
  PrivacyParams privacy;

  void describe(FieldVisitor& visitor) override;
  std::string contradiction() const override;
};

}  // namespace bench
