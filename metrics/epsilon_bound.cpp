#include "metrics/epsilon_bound.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>

namespace bench {

double guess_p_value(const Guesses& guesses, double epsilon, double delta) {
  assert(0 <= guesses.right && guesses.right <= guesses.made && guesses.made <= guesses.candidates);
  assert(epsilon >= 0 && delta >= 0 && delta <= 1);
  if (guesses.right == 0) return 1;
  const auto right = static_cast<double>(guesses.right);
  const boost::math::binomial_distribution<> w(static_cast<double>(guesses.made),
                                               1 / (1 + std::exp(-epsilon)));
  const double beta = boost::math::cdf(boost::math::complement(w, right - 1));
  double alpha = 0;
  if (delta > 0) {
    const auto made = static_cast<double>(guesses.made);
    // ln P[W = k], from right - 1 downwards: P[W = k - 1] = P[W = k] k / (made - k + 1) e^-epsilon.
    double k = right - 1;
    double log_mass = std::lgamma(made + 1) - std::lgamma(k + 1) - std::lgamma(made - k + 1) -
                      (made - k) * epsilon - made * std::log1p(std::exp(-epsilon));
    double mass = 0;  // P[right > W >= right - i]
    for (double i = 1; i <= right; ++i, --k) {
      mass += std::exp(log_mass);
      alpha = std::max(alpha, mass / i);
      log_mass += std::log(k / (made - k + 1)) - epsilon;
    }
  }
  return std::min(1.0, beta + 2 * static_cast<double>(guesses.candidates) * delta * alpha);
}

double epsilon_lower_bound(const Guesses& guesses, double delta, double confidence) {
  assert(confidence > 0 && confidence < 1);
  const auto rejected = [&](double epsilon) {
    return guess_p_value(guesses, epsilon, delta) <= 1 - confidence;
  };
  if (!rejected(0)) return 0;
  double lo = 0;
  double hi = 1;
  for (; rejected(hi); hi *= 2) lo = hi;
  while (hi - lo > 1e-9) {
    const double middle = (lo + hi) / 2;
    (rejected(middle) ? lo : hi) = middle;
  }
  return lo;
}

}  // namespace bench
