#pragma once
// CTGAN's generator (Xu et al. 2019, section 4.4): hidden blocks of Linear, batch normalisation, ReLU, each
// beside its own input, and a linear output that sees them all. The gradient by hand.

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "models/nn/parameters.h"

namespace bench::nn {

class ResidualMlp {
 public:
  /// `blocks` hidden blocks of `units`; weights are [in, out].
  ResidualMlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t blocks,
              int64_t out);
  ResidualMlp(const ResidualMlp&) = delete;

  /// What backward() needs of a forward().
  struct Pass {
    torch::Tensor columns;               ///< [rows, in + blocks * units]: the input, then each block's output
    std::vector<torch::Tensor> normal;   ///< of each block [rows, units]: mean 0, variance 1
    std::vector<torch::Tensor> inverse;  ///< [1, units]: 1 / standard deviation
    torch::Tensor out;                   ///< [rows, out]
  };
  /// The first columns of `pass.columns`, for the input [rows, in] of the next forward().
  torch::Tensor input(Pass& pass, int64_t rows) const;
  /// On input(), normalised by the batch's own statistics; the running ones move towards them by `momentum`.
  void forward(Pass& pass, double momentum) const;
  /// Gradients of the parameters from `d_out` [rows, out]. `gradients` are views in the order of
  /// Parameters::tensors() that start at this network's first one.
  void backward(const Pass& pass, const torch::Tensor& d_out, std::vector<torch::Tensor>& gradients) const;
  /// With the running statistics, on input().
  void infer(Pass& pass) const;

 private:
  struct Block {
    torch::Tensor weight, bias, scale, shift, mean, variance;
  };
  int64_t in_, units_;
  std::vector<std::unique_ptr<Block>> blocks_;
  torch::Tensor weight_, bias_;
};

}  // namespace bench::nn
