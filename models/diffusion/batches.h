#pragma once
// Batches of encoded flow sequences for networks that see a sequence only as far as it goes.

#include <torch/torch.h>

#include "core/seed.h"
#include "models/encode/flow_encoder.h"

namespace bench {

struct SampleBatch {
  torch::Tensor attributes;  ///< [n, attribute width]
  torch::Tensor features;    ///< [n, longest of them, feature width], 0 behind the end
  torch::Tensor exists;      ///< [n, longest, 1]
  torch::Tensor lengths;     ///< [n] int64
  torch::Tensor goes_on;     ///< [n] int64: 1 if the generation flag behind the last record says so
};

class SampleBatches {
 public:
  /// `samples` has at least one and must outlive this. `flags`: the last two feature columns are the
  /// generation flag.
  SampleBatches(const FlowSamples& samples, int64_t attribute_width, int64_t feature_width, int64_t batch,
                bool flags, Rng rng, torch::Device device);
  /// Every sample once, in random order, before any comes again.
  SampleBatch next();

 private:
  const FlowSamples& samples_;
  size_t attributes_, features_;
  int64_t batch_;
  bool flags_;
  Rng rng_;
  torch::Device device_;
  std::vector<size_t> order_;
  size_t place_ = 0;
};

}  // namespace bench
