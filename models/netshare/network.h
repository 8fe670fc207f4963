#pragma once
// The DoppelGANger networks (Lin et al., "Using GANs for sharing networked time series data", IMC 2020).
// B samples, L padded positions (a multiple of S), R = L / S LSTM steps, A attribute and F feature columns.

#include <torch/torch.h>

#include "models/encode/layout.h"
#include "models/netshare/params.h"
#include "models/nn/layers.h"

namespace bench {

/// All random inputs of one generator call.
struct Noise {
  torch::Tensor attribute;     ///< [B, attribute_latent]
  torch::Tensor hidden, cell;  ///< [B, lstm_units], first states of the LSTM
  torch::Tensor feature;       ///< [R, B, feature_latent]
};

/// Drawn from N(0, 1) on the CPU, then moved.
Noise draw_noise(const NetShareParams& params, int64_t batch, int64_t steps, at::Generator generator,
                 torch::Device device);

/// Attribute generator (MLP) and feature generator (LSTM).
class GeneratorNetwork {
 public:
  GeneratorNetwork(const NetShareParams& params, const Layout& attributes, const Layout& features,
                   int64_t positions);
  GeneratorNetwork(const GeneratorNetwork&) = delete;

  /// Draws the initial weights.
  void build(at::Generator generator, torch::Device device);
  /// Soft attributes [B, A].
  torch::Tensor attributes(const Noise& noise, bool training) const;
  /// Features [B, L, F] for discrete attributes [B, A]. Positions behind a sample's end are 0 (mask
  /// "position") or are 0 from the next block of S on (mask "block"). The LSTM stops once every sample has
  /// ended.
  torch::Tensor features(const torch::Tensor& attributes, const Noise& noise) const;
  int64_t positions() const { return positions_; }
  int64_t steps() const { return positions_ / params_.sample_len; }
  nn::Parameters& parameters() { return parameters_; }
  const nn::Parameters& parameters() const { return parameters_; }

 private:
  torch::Tensor emit(const std::vector<torch::Tensor>& hidden) const;
  torch::Tensor mask(const torch::Tensor& block, torch::Tensor& alive) const;

  NetShareParams params_;
  Layout attribute_layout_, feature_layout_;
  int64_t positions_;
  nn::Parameters parameters_;
  std::vector<std::unique_ptr<nn::Linear>> hidden_;
  std::vector<std::unique_ptr<nn::BatchNorm>> norms_;
  std::unique_ptr<nn::Linear> attribute_out_, feature_out_;
  // The LSTM cell with its input split into attributes (the same at every step) and noise; gates in the order
  // input, forget, output, candidate.
  torch::Tensor from_attributes_, from_noise_, from_hidden_, lstm_bias_;
};

/// D and, if switched on, the auxiliary D_a. A row is L * F feature columns followed by A attribute columns.
struct Critic {
  nn::Parameters parameters;
  std::unique_ptr<nn::Mlp> net;
  Critic(int64_t width, int64_t units, int64_t layers, nn::Init init, at::Generator generator,
         torch::Device device);
  Critic(const Critic&) = delete;
  torch::Tensor operator()(const torch::Tensor& rows) const { return (*net)(rows); }
};

}  // namespace bench
