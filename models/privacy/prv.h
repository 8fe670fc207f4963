#pragma once
// Numerical composition of privacy losses: Gopi, Lee, Wutschitz, "Numerical composition of differential
// privacy" (2021). Tighter than Renyi orders, with bounds on both sides. Neighbours as in rdp.h, both
// directions.

#include <span>
#include <vector>

#include "models/privacy/rdp.h"

namespace bench {

/// low <= the true value <= high; the estimate lies between them and mostly much nearer.
struct LossBounds {
  double low, estimate, high;
};

/// The distribution of the privacy loss of all releases together. For outputs of distribution P on the one
/// data set and Q on the other, the loss is log(P / Q) under P, and delta(epsilon) = E[(1 - e^(epsilon -
/// loss))+].
class PrivacyLoss {
 public:
  /// For deltas of `least_delta` in (0, 1) and more. Bounds of epsilon lie `error` > 0 or less from the
  /// estimate, as far as 2^23 points of the grid go; time and memory grow with sqrt(releases) / error, and
  /// linearly with the number of different (q, sigma). At least one release has q > 0. Throws Error(config)
  /// for more than 10^12 releases.
  PrivacyLoss(std::span<const SampledGaussian> releases, double least_delta, double error);

  /// Of the worse direction; high is infinity where rounding outweighs delta.
  LossBounds epsilon(double delta) const;
  /// The same for epsilon >= 0.
  LossBounds delta(double epsilon) const;

  /// delta'(epsilon + epsilon_error()) - delta_error() <= delta(epsilon) <= delta'(epsilon - epsilon_error())
  /// + delta_error() for delta' of the grid.
  double epsilon_error() const { return epsilon_error_; }
  double delta_error() const { return delta_error_; }
  size_t points() const { return size_; }

 private:
  struct OnGrid {
    double first = 0;          // loss of the first point
    std::vector<double> mass;  // of first, first + step_, ...
  };
  struct Tails;
  void choose_grid(const Tails& tails, double tail, double count, double error);
  double epsilon_on_grid(const OnGrid& loss, double delta) const;
  double delta_on_grid(const OnGrid& loss, double epsilon) const;

  double step_ = 0, epsilon_error_ = 0, delta_error_ = 0;
  size_t size_ = 0;
  OnGrid directions_[2];  // a flow removed, a flow added
};

/// epsilon at delta with bounds within about `error` (0, 1) times its value; zeros if no release tells
/// anything. Errors as PrivacyLoss.
LossBounds prv_epsilon(std::span<const SampledGaussian> releases, double delta, double error = 0.005);

/// delta of one Gaussian mechanism at epsilon >= 0: Balle, Wang, "Improving the Gaussian mechanism for
/// differential privacy" (2018), theorem 8.
double gaussian_delta(double sigma, double epsilon);

}  // namespace bench
