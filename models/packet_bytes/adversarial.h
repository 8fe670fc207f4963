#pragma once
// Training of a generator against a critic on coded packets.

#include <torch/torch.h>

#include <functional>
#include <memory>

#include "core/progress.h"
#include "core/seed.h"
#include "models/nn/parameters.h"
#include "models/packet_bytes/adversarial_params.h"
#include "models/packet_bytes/digit_code.h"
#include "models/privacy/privacy_params.h"

namespace bench {

/// What a network of either kind must fit.
struct PacketShape {
  int64_t digits = 0;   ///< of a packet
  int64_t columns = 0;  ///< of its code
  int64_t classes = 0;  ///< 0: without conditions
  int64_t latent = 0;   ///< noise inputs
};

class ByteGenerator {
 public:
  virtual ~ByteGenerator() = default;
  /// [rows, latent + classes] (noise, then the class one-hot) -> codes [rows, columns]. `training`: batches
  /// are normalised by their own statistics.
  virtual torch::Tensor forward(const torch::Tensor& input, bool training) const = 0;
  nn::Parameters& parameters() { return parameters_; }
  const nn::Parameters& parameters() const { return parameters_; }

 protected:
  nn::Parameters parameters_;
};

class CriticNetwork {
 public:
  virtual ~CriticNetwork() = default;
  /// Codes [rows, columns] and classes one-hot [rows, classes] -> [rows, 1], one packet at a time.
  virtual torch::Tensor forward(const torch::Tensor& codes, const torch::Tensor& classes) const = 0;
  nn::Parameters& parameters() { return parameters_; }

 protected:
  nn::Parameters parameters_;
};

/// Packets as digits [n, digits] and their classes [n] (empty without conditions), both int64.
struct PacketBatch {
  torch::Tensor digits, classes;
};

/// Trains until `params.iterations`; afterwards the generator has its averaged weights. A generated packet of
/// a batch has the class of a training packet. Throws Error(diverged), Error(cancelled).
void train_adversarial(const AdversarialParams& params, const PacketShape& shape, const DigitCode& code,
                       const PacketBatch& real, ByteGenerator& generator, CriticNetwork& critic, Seed seed,
                       Progress& progress);

/// Classes of so many packets to be made, int64; empty without conditions.
using DrawClasses = std::function<torch::Tensor(int64_t rows)>;

/// The same from the weights that the networks have, where a real packet is in a batch by chance and meets
/// the critic through its gradient alone: `real` may be empty, and classes of generated packets come from
/// `classes`. An example is a real and a generated packet; their gradients are made one by one where `steps`
/// clip.
void train_adversarial_privately(const AdversarialParams& params, const PacketShape& shape,
                                 const DigitCode& code, const PacketBatch& real, const PrivateSteps& steps,
                                 const DrawClasses& classes, ByteGenerator& generator, CriticNetwork& critic,
                                 Seed seed, Progress& progress);

/// Digits [rows, digits] of new packets; `classes` [rows], empty without conditions.
torch::Tensor generate_digits(const PacketShape& shape, const DigitCode& code, const ByteGenerator& generator,
                              int64_t rows, const torch::Tensor& classes, at::Generator random);

}  // namespace bench
