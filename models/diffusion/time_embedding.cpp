#include "models/diffusion/time_embedding.h"

#include <cmath>

namespace bench {

torch::Tensor time_embedding(const torch::Tensor& t, int64_t steps, int64_t width) {
  constexpr double kLongestPeriod = 1000;
  const int64_t half = width / 2;
  const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(t.device());
  const torch::Tensor rates =
      torch::exp(torch::arange(half, options) * (-std::log(kLongestPeriod) / static_cast<double>(half - 1)));
  const torch::Tensor angles =
      t.to(torch::kFloat32).unsqueeze(1) * (kLongestPeriod / static_cast<double>(steps)) * rates.unsqueeze(0);
  return torch::cat({angles.cos(), angles.sin()}, 1);
}

}  // namespace bench
