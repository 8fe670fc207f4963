#pragma once
// Parameters that the packet generators share: training, and what the papers leave open.

#include <cstdint>
#include <string>

#include "core/params.h"
#include "models/privacy/privacy_params.h"

namespace bench {

struct AdversarialParams {
  int64_t iterations = 20000;
  int64_t batch = 128;
  int64_t critic_rounds = 1;
  double lr = 1e-3;
  std::string lr_decay = "cosine";
  double ema = 0.999;
  int64_t latent = 64;
  std::string loss = "wasserstein";
  double penalty = 10;
  double clip = 0.01;
  std::string rounding = "straight_through";
  bool calibrated = false;
  std::string time = "model";
  PrivacyParams privacy;

  AdversarialParams() { privacy.clip_name = "gradient_clip"; }
  void describe(FieldVisitor& visitor);
  /// Of these parameters, as Params::contradiction().
  std::string contradiction() const;
};

}  // namespace bench
