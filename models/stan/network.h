#pragma once
// STAN's network: a window of records -> a vector; from it and the attributes of the record so far, the
// distribution of the next attribute.

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "models/nn/layers.h"
#include "models/nn/parameters.h"
#include "models/stan/attributes.h"
#include "models/stan/params.h"

namespace bench {

/// Rows of StanRows on the network's device, as tensors of the shapes named there.
struct StanBatch {
  torch::Tensor codes, units;                ///< this record, [n, inputs] and [n, numbers]
  torch::Tensor window_codes, window_units;  ///< [n, window, inputs] and [n, window, numbers]
  torch::Tensor targets, open, low, high;
};

/// Output of a class that cannot be.
inline constexpr double kNever = -1e9;

/// Outputs of an identifier or the repeat [n, window + bins] without the records of the window that are not
/// open [n, window].
torch::Tensor close_copies(const torch::Tensor& outputs, const torch::Tensor& open);

class StanNetwork {
 public:
  StanNetwork(const StanParams& params, const StanAttributes& attributes, Seed seed, torch::Device device);
  StanNetwork(const StanNetwork&) = delete;

  /// Mean over the batch of - ln P(record | window), the sum over its attributes. `generator` draws what is
  /// dropped; without one nothing is.
  torch::Tensor loss(const StanBatch& batch, at::Generator* generator) const;

  /// What a window [n, window, inputs], [n, window, numbers] adds to the hidden layers: [n, attributes *
  /// head_units].
  torch::Tensor context(const torch::Tensor& codes, const torch::Tensor& units,
                        at::Generator* generator) const;
  /// Input vector of records: codes [n.., inputs], units [n.., numbers] -> [n.., width]. Columns: the vectors
  /// of the codes, then the units.
  torch::Tensor embed(const torch::Tensor& codes, const torch::Tensor& units) const;
  /// Outputs of one attribute [n, outputs] from context() and the input vector, of which only the attributes
  /// before this one are read.
  torch::Tensor head(size_t attribute, const torch::Tensor& context, const torch::Tensor& record) const;
  /// Units [n] drawn from the mixture that a number's outputs mean; on the CPU, in [0, 1].
  torch::Tensor draw_units(const torch::Tensor& outputs, at::Generator generator) const;

  nn::Parameters& parameters() { return parameters_; }
  torch::Device device() const { return device_; }

 private:
  torch::Tensor encode_window(const torch::Tensor& window) const;
  torch::Tensor drop(const torch::Tensor& x, at::Generator* generator) const;
  torch::Tensor number_loss(const torch::Tensor& outputs, const torch::Tensor& low,
                            const torch::Tensor& high) const;
  int64_t outputs(const Attribute& attribute) const;

  StanParams params_;
  std::vector<Attribute> attributes_;
  int64_t window_, inputs_, numbers_, width_;
  torch::Device device_;
  nn::Parameters parameters_;
  torch::Tensor vectors_;                               ///< [all cardinalities + 1 each, embedding]
  torch::Tensor offsets_;                               ///< [inputs]: first vector of each input
  std::unique_ptr<nn::Mlp> window_layers_;              ///< encoder mlp
  std::vector<torch::Tensor> kernels_, kernel_biases_;  ///< encoder cnn
  std::unique_ptr<nn::Linear> from_window_;             ///< -> hidden layers of all attributes
  torch::Tensor from_record_;                           ///< [width, attributes * head_units]
  torch::Tensor mask_;                              ///< the same shape: 1 where an earlier attribute is read
  std::vector<std::unique_ptr<nn::Linear>> heads_;  ///< by attribute
  torch::Tensor spread_;                            ///< [components]: first means of the normal distributions
};

}  // namespace bench
