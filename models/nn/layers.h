#pragma once
// A differentiable network out of library operations, for the parts that need no speed.

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "models/nn/parameters.h"

namespace bench::nn {

class Linear {
 public:
  Linear(Parameters& parameters, const std::string& name, int64_t in, int64_t out);
  Linear(const Linear&) = delete;
  /// [rows, in] -> [rows, out].
  torch::Tensor operator()(const torch::Tensor& x) const { return torch::addmm(bias_, x, weight_); }

 private:
  torch::Tensor weight_, bias_;  // [in, out], [out]
};

/// `layers` - 1 hidden layers of `units` with ReLU, then one linear output.
class Mlp {
 public:
  Mlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t layers,
      int64_t out);
  /// [rows, in] -> [rows, out].
  torch::Tensor operator()(const torch::Tensor& x) const;

 private:
  std::vector<std::unique_ptr<Linear>> layers_;
};

}  // namespace bench::nn
