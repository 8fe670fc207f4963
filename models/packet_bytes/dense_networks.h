#pragma once
// Fully connected networks on coded packets.

#include <memory>

#include "models/packet_bytes/adversarial.h"

namespace bench {

struct DenseSizes {
  int64_t units = 256;  ///< width of the hidden layers
  int64_t layers = 3;   ///< output layer included
};

/// What a generator's last layer makes of its sums.
enum class DenseOutput {
  unit_interval,  ///< sigmoid
  directions      ///< columns / digits values per digit, scaled to length 1
};

/// Hidden layers of Linear, batch normalisation, ReLU. Weights by Glorot and Bengio 2010.
std::unique_ptr<ByteGenerator> make_dense_generator(const PacketShape& shape, const DenseSizes& sizes,
                                                    DenseOutput output, at::Generator random);
/// Hidden layers of Linear, LeakyReLU(0.2).
std::unique_ptr<CriticNetwork> make_dense_critic(const PacketShape& shape, const DenseSizes& sizes,
                                                 at::Generator random);

/// Batch normalisation (Ioffe and Szegedy 2015) of columns or channels, differentiable; eps 1e-5, running
/// statistics move by 0.1 of a batch.
class BatchNorm {
 public:
  BatchNorm(nn::Parameters& parameters, const std::string& name, int64_t channels);
  BatchNorm(const BatchNorm&) = delete;
  /// [rows, channels] or [rows, channels, height, width].
  torch::Tensor operator()(const torch::Tensor& x, bool training) const;

 private:
  torch::Tensor scale_, shift_, mean_, variance_;
};

}  // namespace bench
