#pragma once
// Parameters of the netshare model. Defaults are the published ones with the corrections that README.md
// lists; each correction can be switched back.

#include <cstdint>
#include <string>

#include "core/params.h"

namespace bench {

struct NetShareParams : Params {
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
  bool self_norm = false;
  std::string precision = "float32";

  std::string addresses = "bits";
  std::string ports = "ip2vec";
  int64_t frequent_ports = 48;
  double frequent_share = 0.005;
  int64_t port_bins = 32;
  int64_t word_size = 10;
  int64_t word_epochs = 5;
  std::string word_model = "cbow";
  bool word_subsampling = false;
  bool word_shared = false;
  std::string word_file;

  std::string continuous = "minmax";
  std::string ranges = "learned";
  bool log1p = true;
  bool linear_interarrival = false;
  int64_t max_flow_len = 0;
  std::string long_flows = "continue";
  std::string structure = "generated";

  int64_t chunks = 10;
  std::string split = "fixed_time";
  bool tags = true;
  bool hot_start = true;
  double fine_tune_share = 0.25;
  bool carry_moments = true;
  int64_t snapshot_count = 1;

  void describe(FieldVisitor& visitor) override;
  std::string contradiction() const override;
};

}  // namespace bench
