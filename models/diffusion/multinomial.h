#pragma once
// Multinomial diffusion of categories (Hoogeboom et al. 2021; Kotelnikov et al., TabDDPM, 2023): a step keeps
// a value with probability 1 - beta and else draws one uniformly. Tensors are [..., K] distributions over K
// values; shares broadcast over them.

#include <torch/torch.h>

namespace bench {

/// q(v_t | v_0) for `clean` [n, count, K] and kept [n, 1, 1], the product of 1 - beta up to level t; the same
/// formula is one step with kept = 1 - beta.
torch::Tensor noised(const torch::Tensor& clean, const torch::Tensor& kept);

/// q(v_t | v_{t+1}, v_0), normalised: `next` is the value at level t + 1, `clean` a value or a distribution
/// of it, `step` = 1 - beta of the step between, `kept` that of level t (1 at level 0).
torch::Tensor step_back(const torch::Tensor& next, const torch::Tensor& clean, const torch::Tensor& step,
                        const torch::Tensor& kept);

/// One-hot draws, one per distribution (weights that need not sum to one), by its sums.
torch::Tensor draw_one_hot(const torch::Tensor& probabilities, const at::Generator& generator);

/// One-hot draws from noised(clean, kept) for one-hot `clean`.
torch::Tensor draw_noised(const torch::Tensor& clean, const torch::Tensor& kept,
                          const at::Generator& generator);

/// Sum over the last dimension of p log(p / q), both clamped from below at 1e-30.
torch::Tensor divergence(const torch::Tensor& p, const torch::Tensor& q);

}  // namespace bench
