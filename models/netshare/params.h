#pragma once
// Parameters of the netshare model. Defaults are the published ones with the corrections that README.md
// lists; each correction can be switched back.

#include <cstdint>
#include <string>

#include "models/chunked/flow_params.h"
#include "models/privacy/privacy_params.h"

namespace bench {

struct NetShareParams : FlowParams {
  int64_t iterations = 200000;
  int64_t batch = 100;
  int64_t d_rounds = 5;
  double lr = 1e-4;
  std::string lr_decay = "none";
  double ema = 0;
  std::string init = "normal";

  int64_t attribute_layers = 5;
  int64_t attribute_units = 512;
  int64_t attribute_latent = 5;
  int64_t lstm_units = 100;
  int64_t feature_latent = 5;
  int64_t sample_len = 1;
  int64_t critic_layers = 5;
  int64_t critic_units = 512;
  bool aux_critic = true;
  double penalty = 10;

  std::string gp_alpha = "uniform";
  std::string z = "fresh";
  std::string mask = "position";
  double norm_momentum = 0.1;

  std::string critic = "flat";
  int64_t packing = 1;
  std::string precision = "float32";

  PrivacyParams privacy;

  void describe(FieldVisitor& visitor) override;
  std::string contradiction() const override;

 private:
  /// What of a private training would touch the training part outside the budget; empty if nothing.
  std::string leak() const;
};

}  // namespace bench
