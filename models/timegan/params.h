#pragma once
// Parameters of the timegan model. Defaults are TimeGAN's where it states them.

#include <cstdint>
#include <string>

#include "models/chunked/flow_params.h"

namespace bench {

struct TimeganParams : FlowParams {
  TimeganParams();

  int64_t iterations = 30000;
  int64_t batch = 128;
  double gamma = 0.1;
  double eta = 10;
  double enough = 0.15;
  double lr = 1e-3;
  std::string lr_decay = "none";
  double ema = 0;
  int64_t units = 24;
  int64_t row_units = 128;

  void describe(FieldVisitor& visitor) override;
};

}  // namespace bench
