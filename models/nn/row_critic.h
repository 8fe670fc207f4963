#pragma once
// A critic of rows with leaky rectifiers and dropout, trained as WGAN-GP (Gulrajani et al. 2017): scores of
// real rows up, of made rows down, slope 1 between them. All gradients by hand.

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/nn/parameters.h"
#include "models/privacy/dp_sgd.h"

namespace bench::nn {

struct RowCriticShape {
  int64_t width = 0;                ///< columns of a row
  int64_t layers = 2, units = 256;  ///< hidden layers and their width
  double leak = 0.2;                ///< slope of the rectifiers below 0
  double dropout = 0;               ///< share of the hidden units that is 0 in each evaluation
};

class RowCritic {
 public:
  RowCritic(const RowCriticShape& shape, double beta1, double beta2, double weight_decay, Init init,
            Seed seed);
  /// Batches of all further steps were drawn by chance, as Critic::expect().
  void expect(double expected) { expected_ = expected; }
  /// Makes the gradients of all further steps private, an example being a real and a made row. As
  /// Critic::make_private().
  void make_private(std::shared_ptr<DpSgd> privacy) {
    expect(privacy->expected());
    privacy_ = std::move(privacy);
  }
  /// One descent step of mean D(made) - mean D(real) + penalty mean (|grad D(between)| - 1)^2 with between =
  /// real + alpha (made - real). `real` and `made` [n, width], `alpha` [n, 1].
  void step(const torch::Tensor& real, const torch::Tensor& made, const torch::Tensor& alpha, double penalty,
            double rate);
  /// Gradient of -mean D(made) with respect to `made` [n, width].
  torch::Tensor made_gradient(const torch::Tensor& made);
  /// Of the last step, the penalty included.
  double loss() const;
  /// Of the last step, in the order of Parameters::tensors(), for tests.
  const torch::Tensor& gradient() const { return gradient_; }
  Parameters& parameters() { return parameters_; }
  /// What each hidden layer's inputs were multiplied by in the last step, [3 n, units] for real, made and
  /// between.
  const std::vector<torch::Tensor>& factors() const { return factors_; }

 private:
  /// What sums over rows are divided by.
  double divisor() const { return expected_ > 0 ? expected_ : static_cast<double>(n_); }
  size_t hidden() const { return static_cast<size_t>(shape_.layers); }
  void allocate(int64_t n);
  torch::Tensor input(size_t layer, int64_t first, int64_t rows) const;
  void bend(size_t layer, int64_t rows);
  void backward(int64_t rows, const torch::Tensor& coefficients);
  void sum_gradient(const torch::Tensor& real, const torch::Tensor& made, const torch::Tensor& alpha);
  /// Shortens each example's part of the gradient by way of the signals; returns the coefficients for that.
  torch::Tensor clip();

  RowCriticShape shape_;
  double expected_ = 0;             // 0: batches of a fixed size
  std::shared_ptr<DpSgd> privacy_;  // may be empty
  double weight_decay_;
  Rng rng_;
  Parameters parameters_;
  std::vector<torch::Tensor> weights_, biases_;  // [in, out], [out]
  std::unique_ptr<Adam> adam_;
  torch::Tensor gradient_;
  std::vector<torch::Tensor> gradients_;  // views of it
  int64_t n_ = 0;
  torch::Tensor rows_;                               // [3 n, width]
  std::vector<torch::Tensor> active_, factors_, d_;  // of each hidden layer [3 n, units]
  torch::Tensor three_, one_;                        // coefficients of the outputs in the loss [rows, 1]
  torch::Tensor scores_, norms_;
  double penalty_ = 0;
};

}  // namespace bench::nn
