#pragma once
// Parameters of tvae. Defaults are the published ones; presets/ has what a person runs.

#include <cstdint>
#include <string>

#include "core/params.h"

namespace bench {

class TvaeParams : public Params {
 public:
  std::string encoding = "B";
  int64_t modes = 10, mixture_rows = 0;
  bool log1p = false;
  bool calibrate = false;

  int64_t epochs = 300, iterations = 0;
  int64_t batch = 500;
  double lr = 1e-3;
  std::string lr_decay = "none";
  double weight_decay = 1e-5;
  double ema = 0;
  double loss_factor = 2;
  int64_t latent = 128;
  int64_t layers = 2, units = 128;
  std::string init = "standard";
  std::string categories = "draw";

  void describe(FieldVisitor& visitor) override;
};

}  // namespace bench
