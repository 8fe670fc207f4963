#pragma once
// StanRows as tensors on a device, from which batches are picked.

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "models/stan/attributes.h"
#include "models/stan/network.h"

namespace bench {

class StanTensors {
 public:
  /// `rows` are those of `count` records, as `attributes` encoded them.
  StanTensors(const StanRows& rows, int64_t count, const StanAttributes& attributes, torch::Device device);
  /// The records `some`, the share `noise` of the values in their windows from other records.
  StanBatch pick(std::span<const int64_t> some, double noise, at::Generator& generator) const;

 private:
  int64_t count_, window_;
  torch::Device device_;
  torch::Tensor before_, codes_, units_, targets_, open_, low_, high_;  ///< as StanRows
  torch::Tensor number_inputs_;                                         ///< [numbers]: their input codes
};

}  // namespace bench
