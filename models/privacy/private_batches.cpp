#include "models/privacy/private_batches.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

/// Made rows beside the expected real ones, in units of the root of these.
constexpr double kMoreMade = 6;

}  // namespace

PrivateBatches::PrivateBatches(int64_t rows, const PrivateSteps& steps, int64_t batch, Seed seed)
    : batches_(static_cast<size_t>(rows), steps.rate, seed),
      made_(batch + std::llround(kMoreMade * std::sqrt(static_cast<double>(batch)))) {}

torch::Tensor PrivateBatches::partners(int64_t n) const {
  return torch::arange(n, torch::kLong).remainder(made_);
}

torch::Tensor row_index(const std::vector<size_t>& rows) {
  const torch::Tensor out = torch::empty({static_cast<int64_t>(rows.size())}, torch::kLong);
  std::copy(rows.begin(), rows.end(), out.data_ptr<int64_t>());
  return out;
}

DpSgdOptions dp_sgd_options(const PrivateSteps& steps, int64_t batch) {
  return {steps.clip, steps.noise, static_cast<double>(batch)};
}

void make_private(nn::RowCritic& critic, const PrivateSteps& steps, int64_t batch, Seed seed) {
  const DpSgdOptions options = dp_sgd_options(steps, batch);
  if (steps.gradients) {
    critic.make_private(std::make_shared<DpSgd>(options, seed));
  } else {
    critic.expect(options.expected);
  }
}

}  // namespace bench
