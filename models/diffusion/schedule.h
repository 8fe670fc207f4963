#pragma once
// Noise schedules of diffusion models: how much of a sample is left at each of T + 1 levels of noise. Level 0
// is the sample, level T is (nearly) pure noise. Everything in double.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Coefficients of the step from level t + 1 back to level t given the clean sample:
/// x_t ~ N(of_clean * x_0 + of_next * x_{t+1}, variance).
struct Posterior {
  double of_clean = 1, of_next = 0, variance = 0;
};

class Schedule {
 public:
  /// Levels t_i = (i / T)(1 - 1e-3) + 1e-3 of the variance preserving process with
  /// log(kept^2) = -t^2 (beta_max - beta_min) / 2 - t beta_min (Song et al. 2021; Xiao, Kreis, Vahdat 2022).
  static Schedule variance_preserving(int64_t steps, double beta_min = 0.1, double beta_max = 20);
  /// kept^2 = cos^2((t + 0.008) / 1.008 pi / 2), beta at most 0.999 (Nichol and Dhariwal 2021).
  static Schedule cosine(int64_t steps);
  /// beta from 1e-4 to 0.02, times 1000 / T (Ho, Jain, Abbeel 2020), at most 0.999.
  static Schedule linear(int64_t steps);

  int64_t steps() const { return static_cast<int64_t>(betas_.size()); }
  /// Variance that the step from level t - 1 to level t adds, t in 1 .. T.
  double beta(int64_t t) const { return betas_[static_cast<size_t>(t - 1)]; }
  /// Product of 1 - beta over the steps up to level t in 0 .. T: the kept share of the variance, or for
  /// categories the probability that a value was never drawn anew.
  double kept(int64_t t) const { return kept_[static_cast<size_t>(t)]; }
  /// Of a Gaussian channel, t in 0 .. T - 1.
  Posterior posterior(int64_t t) const;

 private:
  explicit Schedule(std::vector<double> betas);
  std::vector<double> betas_, kept_;
};

}  // namespace bench
