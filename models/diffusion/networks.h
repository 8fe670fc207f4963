#pragma once
// Networks for rows and sequences: rows through residual layers, sequences through dilated convolutions
// over time. Differentiated by the library: the discriminators' R1 term needs a double backward.

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "models/nn/layers.h"

namespace bench {

enum class Activation { silu, leaky };

/// `blocks` residual blocks of `units` between two linear layers.
class RowNet {
 public:
  RowNet(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t units, int64_t blocks,
         int64_t out, Activation activation);
  /// [n, in] -> [n, out].
  torch::Tensor operator()(const torch::Tensor& x) const;

 private:
  Activation activation_;
  nn::Linear first_, last_;
  std::vector<std::unique_ptr<nn::Linear>> blocks_;  // two per block
};

/// Residual blocks of a convolution over three positions 1, 2, 4, .. apart, each scaled and shifted by a
/// condition (Perez et al. 2018).
class SequenceNet {
 public:
  SequenceNet(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t condition,
              int64_t longest, int64_t units, int64_t blocks, int64_t out, Activation activation);
  /// x [n, length, in], condition [n, condition], exists [n, length, 1] -> [n, length, out]; what does not
  /// exist is neither seen nor made. length is at most `longest`.
  torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& condition,
                           const torch::Tensor& exists) const;

 private:
  struct Block {
    Block(nn::Parameters& parameters, const std::string& name, int64_t condition, int64_t units);
    nn::Linear modulate, mix, out;
  };
  Activation activation_;
  int64_t units_;
  nn::Linear first_, condition_, last_;
  torch::Tensor positions_;  // [longest, units]
  std::vector<std::unique_ptr<Block>> blocks_;
};

/// One logit per sequence: a SequenceNet, mean and maximum over the records that exist, a RowNet.
class SequenceJudge {
 public:
  SequenceJudge(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t condition,
                int64_t longest, int64_t units, int64_t blocks);
  /// As SequenceNet -> [n, 1].
  torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& condition,
                           const torch::Tensor& exists) const;

 private:
  SequenceNet records_;
  RowNet score_;
};

}  // namespace bench
