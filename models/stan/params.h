#pragma once
// Parameters of STAN. Each is explained in params.cpp.

#include <string>

#include "core/params.h"

namespace bench {

class StanParams : public Params {
 public:
  void describe(FieldVisitor& v) override;
  std::string contradiction() const override;

  std::string streams = "host";
  int64_t trace_streams = 64;
  int64_t window = 2;
  std::string encoder = "mlp";
  int64_t units = 192;
  int64_t head_units = 96;
  int64_t embedding = 12;
  int64_t components = 10;
  int64_t categories = 256;
  bool copies = true;
  std::string clock = "ranks";
  int64_t epochs = 20;
  int64_t batch = 256;
  double lr = 0.002;
  std::string lr_decay = "cosine";
  double dropout = 0.3;
  double noise = 0;
};

}  // namespace bench
