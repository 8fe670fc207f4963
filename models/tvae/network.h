#pragma once
// Encoder and decoder of TVAE. Private to this folder: the header has LibTorch's.

#include <torch/torch.h>

#include <vector>

#include "models/encode/layout.h"
#include "models/nn/heads.h"
#include "models/nn/layers.h"
#include "models/tvae/params.h"

namespace bench {

class TvaeNetwork {
 public:
  TvaeNetwork(const TvaeParams& params, const Layout& layout, Seed seed);
  TvaeNetwork(const TvaeNetwork&) = delete;

  /// With x one of `rows` [n, width], z ~ N(mu, s^2) from the encoder, o the decoder's outputs and d the
  /// columns' deviations: factor * (sum over numbers (x - tanh o)^2 / (2 d^2) + log d, plus the
  /// cross-entropies of the categories) - 1/2 sum (1 + log s^2 - mu^2 - s^2), mean over rows. Its gradient
  /// into gradient().
  double loss(const torch::Tensor& rows, const torch::Tensor& noise);
  /// [count()], in the order of Parameters::tensors().
  torch::Tensor& gradient() { return gradient_; }
  /// Encoded rows [n, width] from latent rows z [n, latent]; numbers with their deviation's noise, categories
  /// drawn or soft.
  torch::Tensor decode(const torch::Tensor& z, bool draw, at::Generator& generator) const;
  nn::Parameters& parameters() { return parameters_; }

 private:
  /// Adds the reconstruction's gradient; returns its mean.
  double reconstruct(const torch::Tensor& raw, const torch::Tensor& rows, torch::Tensor& d_raw);
  float deviation(size_t number) const;

  TvaeParams params_;
  Layout layout_;
  nn::Heads heads_;
  std::vector<int64_t> numbers_;  ///< their columns
  nn::Parameters parameters_;
  nn::Mlp encoder_, decoder_;
  torch::Tensor log_deviation_;  ///< [numbers]
  torch::Tensor gradient_, soft_, made_;
};

}  // namespace bench
