#pragma once
// Gradients for training with differential privacy (Abadi et al., "Deep learning with differential privacy",
// CCS 2016): the gradient of each example is shortened to length C at most, and their sum gets Gaussian
// noise. What that amounts to for an example that is in a batch with a known chance is somebody else's sum.

#include <torch/torch.h>

#include <functional>
#include <limits>
#include <span>

#include "core/seed.h"
#include "models/nn/parameters.h"

namespace bench {

struct DpSgdOptions {
  double clip = std::numeric_limits<double>::infinity();  ///< C > 0; infinite: no clipping
  double noise = 0;     ///< standard deviation of the noise over C; 0 if C is infinite
  double expected = 1;  ///< examples in a batch on average: what sums are divided by
};

/// The gradients of a layer [in, out] for n examples, each a sum of outer products: row j * n + i of both
/// tensors is term j of example i.
struct OuterProducts {
  torch::Tensor inputs;    ///< [terms * n, in]
  torch::Tensor signals;   ///< [terms * n, out]
  int64_t terms = 1;       ///< at least 1
  int64_t bias_terms = 0;  ///< the gradient of the bias is the sum of the first so many signals
  double scale = 1;        ///< and all of it so many times
};

/// Noise comes from a random stream of the seed alone; one that an attacker cannot foresee is not among the
/// aims, nor is noise that hides what rounding tells (Mironov, CCS 2012). It ends at 5.8 standard deviations.
class DpSgd {
 public:
  DpSgd(const DpSgdOptions& options, Seed seed);
  double expected() const { return options_.expected; }
  bool clips() const { return options_.clip < std::numeric_limits<double>::infinity(); }

  /// What each of n examples is to be multiplied by, float [n]: min(1, C / norm), the norm over all layers
  /// and biases together. The signals have been divided by expected(). Only if clips().
  torch::Tensor factors(std::span<const OuterProducts> layers, int64_t n);
  /// Adds N(0, (noise * C / expected)^2) to every value of a gradient [count].
  void add_noise(torch::Tensor& gradient);
  /// The whole private gradient [parameters.count()] of any differentiable loss, by one backward pass per
  /// example: `mean_loss` is the mean over examples first .. first + count - 1 of n; n may be 0.
  torch::Tensor gradient(const nn::Parameters& parameters, int64_t n,
                         const std::function<torch::Tensor(int64_t first, int64_t count)>& mean_loss);

  /// Before clipping, double [n], from the last factors() or gradient(); for tests.
  const torch::Tensor& norms() const { return norms_; }

 private:
  DpSgdOptions options_;
  at::Generator generator_;
  torch::Tensor noise_, norms_;
};

}  // namespace bench
