#pragma once
// The generator of DoppelGANger (Lin et al., "Using GANs for sharing networked time series data", IMC 2020)
// with its gradient by hand. N samples, S = sample_len records per LSTM step, A attribute and F feature
// columns.

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/encode/flow_encoder.h"
#include "models/netshare/params.h"
#include "models/nn/heads.h"
#include "models/nn/lstm.h"
#include "models/nn/normalised_mlp.h"

namespace bench {

/// All random inputs of the generator, N(0, 1).
struct Noise {
  torch::Tensor attribute;     ///< [N, attribute_latent]
  torch::Tensor extra;         ///< the same for the second attribute network, if there is one
  torch::Tensor hidden, cell;  ///< [N, lstm_units], first states of the LSTM
  /// Inputs [steps, rows, feature_latent] of the LSTM steps first .. first + steps - 1, asked for in order;
  /// `rows` are indices of samples, undefined for all N.
  std::function<torch::Tensor(int64_t first, int64_t steps, const torch::Tensor& rows)> feature;
};
/// Drawn on the CPU, then moved. With `tiles` > 1 every input but the first states consists of so many copies
/// of one draw.
Noise draw_noise(const NetShareParams& params, const Layout& attributes, int64_t rows, int64_t tiles,
                 const at::Generator& generator, torch::Device device);
/// The inputs of the attribute networks only.
Noise draw_attribute_noise(const NetShareParams& params, const Layout& attributes, int64_t rows,
                           const at::Generator& generator, torch::Device device);
/// The inputs of the LSTM only.
Noise draw_feature_noise(const NetShareParams& params, int64_t rows, const at::Generator& generator,
                         torch::Device device);

/// Samples as the critics see them.
struct Batch {
  torch::Tensor attributes;      ///< [N, A], soft where generated
  torch::Tensor features;        ///< [N, l, F]: 0 behind a sample's end, l as long as the longest needs
  std::vector<int64_t> lengths;  ///< [N] records
};

class GeneratorNetwork {
 public:
  /// Samples of at most `longest` records.
  GeneratorNetwork(const NetShareParams& params, const Layout& attributes, const Layout& features,
                   int64_t longest);
  GeneratorNetwork(const GeneratorNetwork&) = delete;
  /// Draws the initial weights.
  void build(at::Generator generator, torch::Device device);

  /// Samples for training: `groups` batches below each other, each with its own batch normalisation. `given`
  /// [N, layout.given] and `lengths` [N] if the layout has given columns. Records end where the generation
  /// flag says so; behind the end all is 0 (mask "position"), or from the next block of S on (mask "block").
  /// The LSTM stops once every sample has ended.
  void generate(const Noise& noise, int64_t groups, const torch::Tensor& given,
                std::span<const int64_t> lengths);
  /// One of the batches of the last generate(), until the next.
  Batch batch(int64_t group) const;
  /// Writes the gradient of the parameters [count] for the last batch() into `gradient`, from those of its
  /// attributes and features, which are overwritten.
  void backward(torch::Tensor& d_attributes, torch::Tensor& d_features, torch::Tensor& gradient);

  /// Soft attributes [N, A] with the running statistics, for sampling.
  torch::Tensor attributes(const Noise& noise, const torch::Tensor& given) const;
  /// Discrete attributes from soft ones.
  torch::Tensor discretised(const torch::Tensor& attributes) const;
  /// Appends the records of samples with discrete attributes [N, A] to `out` (features and offsets only). As
  /// many records as `lengths` says, or by the generation flags. Samples that have ended cost nothing more.
  void sample(const torch::Tensor& attributes, const Noise& noise, std::span<const int64_t> lengths,
              FlowSamples& out) const;

  nn::Parameters& parameters() { return parameters_; }
  const nn::Parameters& parameters() const { return parameters_; }

 private:
  struct Pass {
    nn::NormalisedMlp::Pass main, extra;
    nn::Lstm::Pass lstm;
    torch::Tensor attributes, discrete;  ///< [N, A]
    torch::Tensor soft, rows;            ///< [R, N, S F]: activations before and after gates
    torch::Tensor features;              ///< [N, l, F]
    torch::Tensor room;                  ///< memory of `features`
    std::vector<int64_t> lengths, kept;  ///< [N] records; positions that are not 0
    int64_t batch = 0;
  };
  void generate_attributes(const Noise& noise, int64_t groups, const torch::Tensor& given);
  void emit(int64_t first, int64_t steps);
  void collect();
  int64_t kept(int64_t length) const;
  int64_t longest_kept(int64_t group) const;
  void backward_attributes(torch::Tensor& d_attributes, const torch::Tensor* gradients) const;
  void backward_features(torch::Tensor& d_features, const torch::Tensor* gradients) const;

  NetShareParams params_;
  Layout attribute_layout_, feature_layout_;
  int64_t longest_;
  nn::Parameters parameters_;
  nn::Heads all_heads_, main_heads_, extra_heads_, feature_heads_;
  std::unique_ptr<nn::NormalisedMlp> main_, extra_;
  std::unique_ptr<nn::Lstm> lstm_;
  torch::Tensor out_weight_, out_bias_;  ///< [units, S F], [S F]
  bool gated_features_;
  Pass pass_;
};

}  // namespace bench
