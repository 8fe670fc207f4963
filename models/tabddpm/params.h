#pragma once
// Parameters of the tabddpm model. Defaults are those of the functions of its published program.

#include <cstdint>
#include <string>

#include "core/params.h"

namespace bench {

struct TabddpmParams : Params {
  std::string encoding = "B";
  int64_t steps = 1000;
  std::string schedule = "cosine";
  int64_t iterations = 1000;
  int64_t batch = 1024;
  double lr = 2e-3;
  std::string lr_decay = "linear";
  double weight_decay = 1e-4;
  double ema = 0.999;
  double divergence = 0;
  int64_t layers = 2;
  int64_t units = 128;
  int64_t time_width = 128;

  void describe(FieldVisitor& visitor) override;
};

}  // namespace bench
