#pragma once
// Generator and critic of CTGAN and their training steps (Xu et al. 2019, section 4.4). All gradients by
// hand. Private to this folder: the header has LibTorch's.

#include <torch/torch.h>

#include <span>
#include <vector>

#include "models/ctgan/conditions.h"
#include "models/ctgan/params.h"
#include "models/encode/layout.h"
#include "models/nn/heads.h"
#include "models/nn/residual_mlp.h"
#include "models/nn/row_critic.h"

namespace bench {

/// Mean over `rows` rows of the cross-entropies between the softmax of `raw` at each choice and its code;
/// adds the gradient to `d_raw`. Both [rows, width].
double condition_loss(const torch::Tensor& raw, const std::vector<Choice>& choices, torch::Tensor& d_raw);

class CtganNetworks {
 public:
  CtganNetworks(const CtganParams& params, const Layout& layout, int64_t condition_width, Seed seed);
  CtganNetworks(const CtganNetworks&) = delete;

  /// `real` [n, width + condition]: encoded rows and their conditions; `condition` [batch, condition] for
  /// the made ones, of which as many meet the critic as there are real ones. Returns the critic's loss.
  double train_critic(const torch::Tensor& real, const torch::Tensor& condition, double rate);
  /// `choices` are those of `condition`.
  void train_generator(const torch::Tensor& condition, const std::vector<Choice>& choices, double rate);
  /// Encoded rows [n, width] for condition [n, condition], with the running statistics.
  torch::Tensor sample(const torch::Tensor& condition, at::Generator& generator);
  nn::Parameters& parameters() { return parameters_; }
  nn::RowCritic& critic() { return *critic_; }

 private:
  void input(const torch::Tensor& condition, at::Generator& generator);
  /// Gumbel softmax of the categories, or a softmax at that temperature; tanh of the numbers.
  void activate(at::Generator& generator, bool draw);
  void make(const torch::Tensor& condition);

  CtganParams params_;
  int64_t width_, condition_width_;
  nn::Heads heads_;
  nn::Parameters parameters_;
  nn::ResidualMlp mlp_;
  std::unique_ptr<nn::Adam> adam_;
  std::unique_ptr<nn::RowCritic> critic_;
  at::Generator noise_;
  torch::Tensor category_, sharpness_;  // [width]: 1 for categories, 1 / tau for them and 1 for numbers
  nn::ResidualMlp::Pass pass_;
  torch::Tensor soft_, made_;  // [rows, width], [rows, width + condition]
  torch::Tensor gradient_;
  std::vector<torch::Tensor> gradients_;
};

}  // namespace bench
