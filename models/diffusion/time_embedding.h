#pragma once
// What a network is told about the level of noise.

#include <torch/torch.h>

namespace bench {

inline constexpr int64_t kTimeWidth = 32;
/// Cosines and then sines of levels `t` [n] of `steps`, periods from 1 level to many: [n, width] (Vaswani et
/// al. 2017). `width` is even.
torch::Tensor time_embedding(const torch::Tensor& t, int64_t steps, int64_t width = kTimeWidth);

}  // namespace bench
