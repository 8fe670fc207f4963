#pragma once
// The few layers that the generators share. Each registers its tensors in a Parameters and then is a plain
// function.

#include <torch/torch.h>

#include <string>
#include <vector>

#include "models/encode/layout.h"
#include "models/nn/parameters.h"

namespace bench::nn {

class Linear {
 public:
  Linear() = default;
  Linear(Parameters& parameters, const std::string& name, int64_t in, int64_t out);
  Linear(const Linear&) = delete;
  /// [rows, in] -> [rows, out].
  torch::Tensor operator()(const torch::Tensor& x) const { return torch::addmm(bias_, x, weight_.t()); }
  const torch::Tensor& weight() const { return weight_; }  ///< [out, in]

 private:
  torch::Tensor weight_, bias_;
};

/// Batch normalisation over rows (Ioffe and Szegedy 2015), affine, eps 1e-5.
class BatchNorm {
 public:
  BatchNorm(Parameters& parameters, const std::string& name, int64_t width);
  BatchNorm(const BatchNorm&) = delete;
  /// In training: the statistics of the batch, and the running ones move towards them by `momentum`.
  torch::Tensor operator()(const torch::Tensor& x, bool training, double momentum) const;

 private:
  torch::Tensor scale_, shift_, mean_, variance_;
};

/// `layers` - 1 hidden layers of `units` with ReLU, then one linear output.
class Mlp {
 public:
  Mlp(Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t layers,
      int64_t out);
  /// [rows, in] -> [rows, out].
  torch::Tensor operator()(const torch::Tensor& x) const;
  /// Gradient of the sum of the outputs with respect to `x`, [rows, in], as a differentiable function of the
  /// weights: ReLU has no second derivative, so the active units count as constants and no double backward is
  /// needed.
  torch::Tensor input_gradient(const torch::Tensor& x) const;

 private:
  std::vector<std::unique_ptr<Linear>> layers_;
};

/// Raw outputs -> a row of a layout: [rows, width] -> [rows, width]. Sigmoid for unit heads, softmax for
/// category heads, gates multiplied.
torch::Tensor activate(const Layout& layout, const torch::Tensor& raw);
/// A row with every category head replaced by the one-hot of its largest column; no gradient passes.
torch::Tensor discretise(const Layout& layout, const torch::Tensor& row);

/// Gradient penalty of WGAN-GP (Gulrajani et al. 2017, equation 3): mean over rows of (norm - 1)^2 of the
/// critic's gradient at `points` [rows, in], norm = sqrt(sum of squares + 1e-8).
torch::Tensor gradient_penalty(const Mlp& critic, const torch::Tensor& points);

}  // namespace bench::nn
