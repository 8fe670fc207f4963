#include "models/privacy/loss_step.h"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

namespace bench {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double normal_below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_density(double x, double sigma) {
  return std::exp(-x * x / (2 * sigma * sigma)) / (sigma * std::sqrt(2 * std::numbers::pi));
}

}  // namespace

double StepLoss::log_ratio(double x) const {
  const double u = (2 * x - 1) / (2 * sigma_ * sigma_);
  if (q_ == 1) return u;
  return u > 1 ? u + std::log(q_ + (1 - q_) * std::exp(-u)) : std::log1p(q_ * std::expm1(u));
}

double StepLoss::output_of(double log_ratio) const {
  if (q_ == 1) return sigma_ * sigma_ * log_ratio + 0.5;
  if (log_ratio > 1)
    return sigma_ * sigma_ * (log_ratio + std::log((1 - (1 - q_) * std::exp(-log_ratio)) / q_)) + 0.5;
  const double excess = std::expm1(log_ratio) / q_;
  return excess <= -1 ? -kInfinity : sigma_ * sigma_ * std::log1p(excess) + 0.5;
}

double StepLoss::below(double loss) const {
  if (added_) return normal_below(-output_of(-loss) / sigma_);
  const double x = output_of(loss);
  return (1 - q_) * normal_below(x / sigma_) + q_ * normal_below((x - 1) / sigma_);
}

double StepLoss::mean_within(double lowest, double highest) const {
  // Outside +-12 sigma there is no mass that a double could tell.
  const double from = std::max(-12 * sigma_, output_of(added_ ? -highest : lowest));
  const double to = std::min((added_ ? 0 : 1) + 12 * sigma_, output_of(added_ ? -lowest : highest));
  assert(from < to);
  // log_ratio bends within sigma^2, the density within sigma.
  const double width = std::min(sigma_, sigma_ * sigma_);
  const auto panels = static_cast<int64_t>(std::ceil((to - from) / width));
  double mass = 0, sum = 0;
  for (int64_t i = 0; i < panels; ++i) {
    const double a = from + (to - from) * static_cast<double>(i) / static_cast<double>(panels);
    const double b = from + (to - from) * static_cast<double>(i + 1) / static_cast<double>(panels);
    const auto density = [&](double x) {
      const double unsampled = normal_density(x, sigma_);
      return added_ ? unsampled : (1 - q_) * unsampled + q_ * normal_density(x - 1, sigma_);
    };
    using Gauss = boost::math::quadrature::gauss<double, 15>;
    mass += Gauss::integrate(density, a, b);
    sum += Gauss::integrate([&](double x) { return density(x) * log_ratio(x); }, a, b);
  }
  return (added_ ? -sum : sum) / mass;
}

}  // namespace bench
