#pragma once
// How much noise a guarantee costs. Bun and Steinke, "Concentrated differential privacy: simplifications,
// extensions, and lower bounds", TCC 2016 (zCDP); Canonne, Kamath, Steinke, "The discrete Gaussian for
// differential privacy", NeurIPS 2020 (conversion).

#include <string>
#include <vector>

namespace bench {

/// The least epsilon that rho-zCDP and `delta` in (0, 1) give, of two bounds: rho + 2 sqrt(rho ln(1 /
/// delta)), and the minimum over orders a > 1 of  a rho + (ln(1 / delta) - ln a) / (a - 1) + ln(1 - 1 / a).
/// rho >= 0.
double epsilon_of_rho(double rho, double delta);

/// The largest rho whose epsilon_of_rho() is at most `epsilon` > 0.
double rho_of_epsilon(double epsilon, double delta);

/// What a training may release, and what it has released. Each release is a vector of counts or scores plus
/// Gaussian noise: with L2 sensitivity s it is rho-zCDP for rho = s^2 / (2 sigma^2), and rhos add up.
class NoiseBudget {
 public:
  struct Spent {
    std::string what;
    double rho = 0, sensitivity = 0, sigma = 0;
  };
  /// `rho` infinite: no noise.
  explicit NoiseBudget(double rho) : total_(rho) {}
  /// Standard deviation of the noise for one release that costs `share` of the whole budget. Asserts that the
  /// budget suffices.
  double spend(const std::string& what, double share, double sensitivity);
  /// The same without spending.
  double sigma(double share, double sensitivity) const;
  /// Sum of all releases; infinite where there is no noise.
  double spent() const;
  double total() const { return total_; }
  const std::vector<Spent>& releases() const { return releases_; }

 private:
  double total_;
  double shares_ = 0;
  std::vector<Spent> releases_;
};

}  // namespace bench
