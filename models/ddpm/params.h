#pragma once
// Parameters of the ddpm model.

#include <cstdint>
#include <string>

#include "models/chunked/flow_params.h"

namespace bench {

struct DdpmParams : FlowParams {
  DdpmParams();

  int64_t iterations = 20000;
  int64_t batch = 128;
  int64_t steps = 1000;
  std::string schedule = "linear";

  double lr = 2e-4;
  std::string lr_decay = "none";
  double ema = 0.9999;

  int64_t row_units = 256, row_blocks = 2;
  int64_t units = 64, blocks = 3;

  void describe(FieldVisitor& visitor) override;
};

}  // namespace bench
