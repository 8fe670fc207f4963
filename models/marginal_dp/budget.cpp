#include "models/marginal_dp/budget.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bench {

double epsilon_of_rho(double rho, double delta) {
  assert(rho >= 0 && delta > 0 && delta < 1);
  if (rho == 0) return 0;
  const double surprise = std::log(1 / delta);
  const auto at = [&](double log_excess) {
    const double excess = std::exp(log_excess), order = 1 + excess;
    return order * rho + (surprise - std::log(order)) / excess + std::log(excess / order);
  };
  // The bound falls and then rises in the order: golden-section search over ln(order - 1).
  constexpr double kGolden = 0.6180339887498949;
  constexpr int kSteps = 100;
  double lo = -15, hi = 35;
  for (int step = 0; step < kSteps; ++step) {
    const double left = hi - kGolden * (hi - lo), right = lo + kGolden * (hi - lo);
    (at(left) <= at(right) ? hi : lo) = at(left) <= at(right) ? right : left;
  }
  return std::max(0.0, std::min(at((lo + hi) / 2), rho + 2 * std::sqrt(rho * surprise)));
}

double rho_of_epsilon(double epsilon, double delta) {
  assert(epsilon > 0);
  double lo = 0, hi = epsilon;  // an epsilon is never below its rho but for tiny differences of the bounds
  while (epsilon_of_rho(hi, delta) <= epsilon) hi *= 2;
  constexpr int kSteps = 200;
  for (int step = 0; step < kSteps; ++step) {
    const double middle = (lo + hi) / 2;
    (epsilon_of_rho(middle, delta) <= epsilon ? lo : hi) = middle;
  }
  return lo;
}

double NoiseBudget::sigma(double share, double sensitivity) const {
  assert(share > 0 && sensitivity > 0);
  return std::isinf(total_) ? 0 : sensitivity / std::sqrt(2 * share * total_);
}

double NoiseBudget::spend(const std::string& what, double share, double sensitivity) {
  shares_ += share;
  assert(shares_ <= 1 + 1e-9);  // rounding
  releases_.push_back({what, share * total_, sensitivity, sigma(share, sensitivity)});
  return releases_.back().sigma;
}

double NoiseBudget::spent() const {
  double sum = 0;
  for (const Spent& release : releases_) sum += release.rho;
  return sum;
}

}  // namespace bench
