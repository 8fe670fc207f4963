#include "models/tvae/network.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

Layout small_layout() {
  Layout layout;
  layout.add(Head::Kind::word, 1, 1);
  layout.add(Head::Kind::category, 1, 2);
  layout.add(Head::Kind::word, 1, 1);
  layout.add(Head::Kind::category, 1, 3);
  return layout;
}

torch::Tensor small_rows(int64_t n) {
  const auto generator = nn::make_generator(Seed(2));
  torch::Tensor rows = torch::zeros({n, 7});
  for (int64_t i = 0; i < n; ++i) {
    rows[i][0] = 0.3 * static_cast<double>(i % 3) - 0.2;
    rows[i][1 + i % 2] = 1;
    rows[i][3] = -0.5 + 0.01 * static_cast<double>(i % 5);
    rows[i][4 + i % 3] = 1;
  }
  return rows;
}

TEST(TvaeNetwork, GradientIsThatOfTheLoss) {
  TvaeParams params;
  params.latent = 3;
  params.units = 8;
  params.loss_factor = 2;
  TvaeNetwork network(params, small_layout(), Seed(1));
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = small_rows(10), noise = torch::randn({10, 3}, nn::make_generator(Seed(3)));
  network.loss(rows, noise);
  const torch::Tensor gradient = network.gradient().clone();
  torch::Tensor& weights = network.parameters().flat();
  const auto generator = nn::make_generator(Seed(4));
  for (int direction = 0; direction < 6; ++direction) {
    // The last direction is the deviations alone.
    torch::Tensor step = torch::randn(weights.sizes(), generator);
    if (direction == 5) step.narrow(0, 0, step.numel() - 2).zero_();
    constexpr double kStep = 2e-3;
    weights.add_(step, kStep);
    const double above = network.loss(rows, noise);
    weights.add_(step, -2 * kStep);
    const double below = network.loss(rows, noise);
    weights.add_(step, kStep);
    const double slope = (gradient * step).sum().item<double>();
    EXPECT_NEAR((above - below) / (2 * kStep), slope, 0.02 * std::abs(slope) + 0.5) << direction;
  }
}

TEST(TvaeNetwork, DecodedNumbersHaveTheLearnedDeviation) {
  TvaeParams params;
  params.latent = 2;
  TvaeNetwork network(params, small_layout(), Seed(1));
  const torch::NoGradGuard no_grad;
  network.parameters().flat().narrow(0, network.parameters().count() - 2, 2).fill_(std::log(0.5F));
  auto generator = nn::make_generator(Seed(5));
  const torch::Tensor rows = network.decode(torch::zeros({4000, 2}), true, generator);
  EXPECT_NEAR(rows.select(1, 0).std().item<double>(), 0.5, 0.03);
  EXPECT_NEAR(rows.narrow(1, 4, 3).sum(1).min().item<double>(), 1, 1e-5);
}

TEST(TvaeNetwork, OverfitsAFewRows) {
  TvaeParams params;
  params.latent = 4;
  params.units = 32;
  params.loss_factor = 20;
  TvaeNetwork network(params, small_layout(), Seed(1));
  nn::Adam adam(network.parameters(), 0.9, 0.999);
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = small_rows(32);
  auto generator = nn::make_generator(Seed(6));
  const double first = network.loss(rows, torch::randn({32, 4}, generator));
  double last = 0;
  for (int i = 0; i < 400; ++i) {
    last = network.loss(rows, torch::randn({32, 4}, generator));
    adam.step(network.gradient(), 3e-3);
  }
  EXPECT_LT(last, first - 0.75 * std::abs(first));
}

}  // namespace
}  // namespace bench
