#include "models/diffusion/schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace bench {
namespace {

constexpr double kLargestBeta = 0.999;

}  // namespace

Schedule::Schedule(std::vector<double> betas) : betas_(std::move(betas)), kept_{1} {
  for (const double beta : betas_) kept_.push_back(kept_.back() * (1 - beta));
}

Schedule Schedule::variance_preserving(int64_t steps, double beta_min, double beta_max) {
  assert(steps >= 1 && beta_min < beta_max);
  const auto log_kept = [&](int64_t i) {
    const double t = static_cast<double>(i) / static_cast<double>(steps) * (1 - 1e-3) + 1e-3;
    return -t * t * (beta_max - beta_min) / 2 - t * beta_min;
  };
  std::vector<double> betas;
  for (int64_t i = 1; i <= steps; ++i) betas.push_back(-std::expm1(log_kept(i) - log_kept(i - 1)));
  return Schedule(std::move(betas));
}

Schedule Schedule::cosine(int64_t steps) {
  assert(steps >= 1);
  const auto kept = [&](int64_t i) {
    const double t = static_cast<double>(i) / static_cast<double>(steps);
    const double c = std::cos((t + 0.008) / 1.008 * std::numbers::pi / 2);
    return c * c;
  };
  std::vector<double> betas;
  for (int64_t i = 1; i <= steps; ++i) betas.push_back(std::min(1 - kept(i) / kept(i - 1), kLargestBeta));
  return Schedule(std::move(betas));
}

Schedule Schedule::linear(int64_t steps) {
  assert(steps >= 1);
  const double scale = 1000 / static_cast<double>(steps);
  std::vector<double> betas;
  for (int64_t i = 0; i < steps; ++i) {
    const double share = steps == 1 ? 0 : static_cast<double>(i) / static_cast<double>(steps - 1);
    betas.push_back(std::min(scale * (1e-4 + share * (0.02 - 1e-4)), kLargestBeta));
  }
  return Schedule(std::move(betas));
}

Posterior Schedule::posterior(int64_t t) const {
  assert(t >= 0 && t < steps());
  if (t == 0) return {};
  const double before = kept(t), after = kept(t + 1), step = beta(t + 1);
  return {step * std::sqrt(before) / (1 - after), (1 - before) * std::sqrt(1 - step) / (1 - after),
          step * (1 - before) / (1 - after)};
}

}  // namespace bench
