#include "models/ctgan/networks.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

CtganParams small_params() {
  CtganParams params;
  params.batch = 40;
  params.pac = 4;
  params.latent = 8;
  params.generator_units = params.critic_units = 16;
  params.lr = 2e-3;
  return params;
}

/// A number with 2 modes, a category of 3, two pairs.
Layout small_layout() {
  Layout layout;
  layout.add(Head::Kind::word, 1, 1);
  layout.add(Head::Kind::category, 1, 2);
  layout.add(Head::Kind::category, 1, 3);
  layout.add(Head::Kind::category, 2, 2);
  return layout;
}

TEST(CtganNetworks, ConditionLossIsTheCrossEntropyOfTheChosenColumns) {
  const torch::Tensor raw = torch::randn({3, 10}, nn::make_generator(Seed(1))).requires_grad_(true);
  const std::vector<Choice> choices{{0, 3, 3, 2, 0}, {1, 6, 2, 0, 0}, {2, 8, 2, 1, 0}, {2, 3, 3, 1, 0}};
  torch::Tensor d_raw = torch::zeros({3, 10});
  const double loss = condition_loss(raw.detach(), choices, d_raw);
  torch::Tensor sum = torch::zeros({1});
  for (const Choice& c : choices) {
    const torch::Tensor part = raw[c.row].narrow(0, c.offset, c.width);
    sum = sum - torch::log_softmax(part, 0)[c.code];
  }
  EXPECT_NEAR(loss, (sum / 3).item<double>(), 1e-6);
  const torch::Tensor expected = torch::autograd::grad({sum / 3}, {raw})[0];
  EXPECT_LT((expected - d_raw).abs().max().item<double>(), 1e-6);
}

TEST(CtganNetworks, MadeRowsAreNumbersAndDistributions) {
  CtganNetworks networks(small_params(), small_layout(), 5, Seed(1));
  auto generator = nn::make_generator(Seed(2));
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = networks.sample(torch::zeros({200, 5}), generator);
  ASSERT_EQ(rows.sizes(), (std::vector<int64_t>{200, 10}));
  EXPECT_LE(rows.select(1, 0).abs().max().item<double>(), 1);
  for (const auto& [offset, width] : {std::pair<int64_t, int64_t>{1, 2}, {3, 3}, {6, 2}, {8, 2}}) {
    const torch::Tensor part = rows.narrow(1, offset, width);
    EXPECT_LT((part.sum(1) - 1).abs().max().item<double>(), 1e-5);
    EXPECT_GE(part.min().item<double>(), 0);
  }
  // At tau = 0.2 most draws are nearly one-hot, and the noise decides which: all categories come.
  const torch::Tensor largest = std::get<0>(rows.narrow(1, 3, 3).max(1));
  EXPECT_GT((largest > 0.9).to(torch::kDouble).mean().item<double>(), 0.5);
  EXPECT_GT(rows.narrow(1, 3, 3).mean(0).min().item<double>(), 0.1);
}

TEST(CtganNetworks, LearnsToObeyItsCondition) {
  const CtganParams params = small_params();
  CtganNetworks networks(params, small_layout(), 3, Seed(1));
  auto generator = nn::make_generator(Seed(2));
  const torch::NoGradGuard no_grad;
  torch::Tensor condition = torch::zeros({40, 3});
  std::vector<Choice> choices;
  for (int64_t i = 0; i < 40; ++i) {
    condition[i][i % 3] = 1;
    choices.push_back({i, 3, 3, i % 3, 0});
  }
  const auto obeyed = [&] {
    const torch::Tensor rows = networks.sample(condition, generator);
    return (rows.narrow(1, 3, 3).argmax(1) == condition.argmax(1)).to(torch::kDouble).mean().item<double>();
  };
  for (int step = 0; step < 300; ++step) networks.train_generator(condition, choices, params.lr);
  EXPECT_GT(obeyed(), 0.95);
}

TEST(CtganNetworks, SameSeedSameWeights) {
  const CtganParams params = small_params();
  CtganNetworks a(params, small_layout(), 5, Seed(1)), b(params, small_layout(), 5, Seed(1));
  const torch::NoGradGuard no_grad;
  const torch::Tensor real = torch::rand({40, 15}, nn::make_generator(Seed(3)));
  for (CtganNetworks* networks : {&a, &b}) {
    for (int i = 0; i < 3; ++i) {
      networks->train_critic(real, real.narrow(1, 10, 5), 1e-3);
      networks->train_generator(real.narrow(1, 10, 5), {{1, 3, 3, 2, 0}}, 1e-3);
    }
  }
  EXPECT_TRUE(torch::equal(a.parameters().flat(), b.parameters().flat()));
  EXPECT_TRUE(torch::equal(a.critic().parameters().flat(), b.critic().parameters().flat()));
}

}  // namespace
}  // namespace bench
