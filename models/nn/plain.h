#pragma once
// The networks once more out of differentiable library operations, one small step at a time: what tests and
// benchmarks compare with.

#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "models/encode/layout.h"

namespace bench::nn {

/// Columns 0 .. before + raw of a row: `before` as it is, then each output of the heads by itself.
inline torch::Tensor plain_activate(const Layout& layout, const torch::Tensor& raw,
                                    const torch::Tensor& before = {}) {
  const int64_t begin = before.defined() ? before.size(1) : 0, end = begin + raw.size(1);
  std::vector<torch::Tensor> parts;
  if (begin > 0) parts.push_back(before);
  for (const Head& head : layout.heads) {
    for (int64_t i = 0; i < head.count; ++i) {
      const int64_t offset = head.offset + i * head.width;
      if (offset < begin || offset >= end) continue;
      torch::Tensor part = raw.narrow(1, offset - begin, head.width);
      if (head.kind == Head::Kind::unit) part = torch::sigmoid(part);
      if (head.kind == Head::Kind::word) part = torch::tanh(part);
      if (head.kind == Head::Kind::category) part = torch::softmax(part, 1);
      if (head.gate >= 0) part = part * torch::cat(parts, 1).narrow(1, head.gate, 1);
      parts.push_back(part);
    }
  }
  return torch::cat(parts, 1);
}

/// ReLU layers and a linear output; weights [in, out].
inline torch::Tensor plain_mlp(const std::vector<torch::Tensor>& weights,
                               const std::vector<torch::Tensor>& biases, torch::Tensor x) {
  for (size_t i = 0; i < weights.size(); ++i) {
    x = torch::matmul(x, weights[i]) + biases[i];
    if (i + 1 < weights.size()) x = torch::relu(x);
  }
  return x;
}

/// One step of an LSTM with gates in the order input, forget, output, candidate from their sums [rows, 4
/// units].
inline void plain_lstm_step(const torch::Tensor& gates, torch::Tensor& hidden, torch::Tensor& cell) {
  const auto g = gates.chunk(4, 1);
  cell = torch::sigmoid(g[1]) * cell + torch::sigmoid(g[0]) * torch::tanh(g[3]);
  hidden = torch::sigmoid(g[2]) * torch::tanh(cell);
}

/// What the gradient penalty of WGAN-GP takes of slopes [rows, columns].
inline torch::Tensor plain_penalty(const torch::Tensor& slopes) {
  return ((slopes.square().sum(1) + 1e-8).sqrt() - 1).square().mean();
}

}  // namespace bench::nn
