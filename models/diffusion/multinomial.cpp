#include "models/diffusion/multinomial.h"

namespace bench {
namespace {

constexpr double kSmallest = 1e-30;

}  // namespace

torch::Tensor noised(const torch::Tensor& clean, const torch::Tensor& kept) {
  return clean * kept + (1 - kept) / static_cast<double>(clean.size(-1));
}

torch::Tensor step_back(const torch::Tensor& next, const torch::Tensor& clean, const torch::Tensor& step,
                        const torch::Tensor& kept) {
  const torch::Tensor weights = noised(next, step) * noised(clean, kept);
  return weights / weights.sum(-1, true).clamp_min(kSmallest);
}

torch::Tensor draw_one_hot(const torch::Tensor& probabilities, const at::Generator& generator) {
  const torch::NoGradGuard no_grad;
  std::vector<int64_t> shape = probabilities.sizes().vec();
  const int64_t values = shape.back();
  shape.back() = 1;
  const torch::Tensor u = torch::rand(shape, generator).to(probabilities.device());
  const torch::Tensor until = probabilities.cumsum(-1);
  // The first value whose sum is above u; float sums may all be below it.
  const torch::Tensor index =
      (until <= u * until.narrow(-1, values - 1, 1)).sum(-1, true).clamp_max(values - 1);
  return torch::zeros_like(probabilities).scatter_(-1, index, 1);
}

torch::Tensor draw_noised(const torch::Tensor& clean, const torch::Tensor& kept,
                          const at::Generator& generator) {
  const torch::NoGradGuard no_grad;
  std::vector<int64_t> shape = clean.sizes().vec();
  const int64_t values = shape.back();
  shape.back() = 1;
  const torch::Tensor other = torch::randint(values, shape, generator, torch::kInt64).to(clean.device());
  const torch::Tensor stays = torch::rand(shape, generator).to(clean.device()) < kept;
  return torch::where(stays, clean, torch::zeros_like(clean).scatter_(-1, other, 1));
}

torch::Tensor divergence(const torch::Tensor& p, const torch::Tensor& q) {
  const torch::Tensor log_p = p.clamp_min(kSmallest).log(), log_q = q.clamp_min(kSmallest).log();
  return (p * (log_p - log_q)).sum(-1);
}

}  // namespace bench
