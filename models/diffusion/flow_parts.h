#pragma once
// What a generator of flow sequences consists of when attributes come first and records are made given them.

#include <torch/torch.h>

#include <string>
#include <vector>

#include "models/diffusion/batches.h"
#include "models/diffusion/denoising.h"

namespace bench {

/// Where a training stands.
struct TrainingStep {
  int64_t iteration = 0;                    ///< from 0
  double rate = 0, discriminator_rate = 0;  ///< of learning
  const at::Generator& generator;
};

/// Networks that are trained and saved together.
class FlowPart {
 public:
  struct Named {
    std::string name;
    Learner* learner;
  };
  virtual ~FlowPart() = default;
  virtual std::vector<Named> sampled() const = 0;  ///< what sampling needs
  virtual std::vector<Named> discriminators() const { return {}; }
};

/// Attribute rows [n, A], whose first `given` columns are inputs.
class AttributePart : public FlowPart {
 public:
  /// One step of training. Returns a loss.
  virtual double step(const torch::Tensor& rows, const TrainingStep& step) = 0;
  /// Rows that begin with `given` [n, given].
  virtual torch::Tensor draw(const torch::Tensor& given, const at::Generator& generator) const = 0;
};

/// Features of the records of a sample, without the generation flag, given its attributes.
class RecordPart : public FlowPart {
 public:
  virtual double step(const SampleBatch& batch, const TrainingStep& step) = 0;
  /// [n, length, width] for attribute rows [n, A].
  virtual torch::Tensor draw(const torch::Tensor& rows, int64_t length,
                             const at::Generator& generator) const = 0;
};

/// A network with its parameters and optimiser.
template <typename Net>
struct Trained {
  template <typename... Args>
  Trained(std::string own_name, const at::Generator& generator, torch::Device device, Args&&... args)
      : name(std::move(own_name)), net(learner.parameters, name, std::forward<Args>(args)...) {
    learner.build(nn::Init::standard, generator, device);
  }
  FlowPart::Named named() { return {name, &learner}; }
  std::string name;
  Learner learner;
  Net net;
};

}  // namespace bench
