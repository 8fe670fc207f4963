#pragma once
// Parameters of ctgan. Defaults are the published ones; presets/ has what a person runs.

#include <cstdint>
#include <string>

#include "core/params.h"
#include "models/privacy/privacy_params.h"

namespace bench {

class CtganParams : public Params {
 public:
  std::string encoding = "B";
  int64_t modes = 10, mixture_rows = 0;
  bool log1p = false;
  bool calibrate = false;

  std::string conditions = "column";
  bool log_frequency = true;
  std::string sample_frequency = "true";

  int64_t epochs = 300, iterations = 0;
  int64_t batch = 500, pac = 10, discriminator_steps = 1;
  double lr = 2e-4;
  std::string lr_decay = "none";
  double generator_decay = 1e-6, critic_decay = 1e-6;
  double ema = 0;
  double tau = 0.2, penalty = 10, dropout = 0.5;
  double norm_momentum = 0.1;
  int64_t latent = 128;
  int64_t generator_layers = 2, generator_units = 256;
  int64_t critic_layers = 2, critic_units = 256;
  std::string init = "standard";
  std::string categories = "draw";
  PrivacyParams privacy;

  void describe(FieldVisitor& visitor) override;
  std::string contradiction() const override;

 private:
  /// What of the training part a private training would touch outside its budget.
  std::string leak() const;
};

}  // namespace bench
