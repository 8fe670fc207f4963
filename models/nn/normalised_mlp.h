#pragma once
// Hidden layers of Linear, ReLU, batch normalisation (in this order) and a linear output, with the gradient
// by hand.

#include <torch/torch.h>

#include <string>
#include <vector>

#include "models/nn/parameters.h"

namespace bench::nn {

class NormalisedMlp {
 public:
  /// `layers` counts the output layer. Weights are [in, out].
  NormalisedMlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t layers,
                int64_t out);
  NormalisedMlp(const NormalisedMlp&) = delete;

  /// What backward() needs of a forward().
  struct Pass {
    int64_t groups = 0;
    std::vector<torch::Tensor> inputs;     ///< of each layer [rows, in]
    std::vector<torch::Tensor> rectified;  ///< [rows, units]
    std::vector<torch::Tensor> normal;   ///< [groups, rows / groups, units]: mean 0, variance 1 in each group
    std::vector<torch::Tensor> inverse;  ///< [groups, 1, units]: 1 / standard deviation
    torch::Tensor out;                   ///< [rows, out]
  };
  /// In training: `groups` batches below each other in `input` [rows, in], each normalised by its own
  /// statistics; the running ones move towards each by `momentum`, in order. Eps 1e-5 (Ioffe and Szegedy
  /// 2015).
  void forward(Pass& pass, const torch::Tensor& input, int64_t groups, double momentum) const;
  /// Gradients of the parameters, for the last group only, from `d_out` [rows / groups, out]. `gradients` are
  /// views in the order of Parameters::tensors() that start at this network's first one.
  void backward(const Pass& pass, const torch::Tensor& d_out, const torch::Tensor* gradients) const;
  /// With the running statistics: [rows, in] -> [rows, out].
  torch::Tensor infer(const torch::Tensor& input) const;
  /// How many tensors it has among Parameters::tensors().
  size_t tensors() const { return 4 * hidden_.size() + 2; }

 private:
  struct Block {
    torch::Tensor weight, bias, scale, shift, mean, variance;
  };
  std::vector<std::unique_ptr<Block>> hidden_;
  torch::Tensor weight_, bias_;
};

}  // namespace bench::nn
