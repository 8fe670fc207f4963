#include "models/nn/row_critic.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench::nn {
namespace {

torch::Tensor flat_gradient(const torch::Tensor& loss, const Parameters& parameters) {
  std::vector<torch::Tensor> parts;
  const auto gradients =
      torch::autograd::grad({loss}, parameters.tensors(), {}, torch::nullopt, false, /*allow_unused=*/true);
  for (size_t i = 0; i < gradients.size(); ++i) {
    const auto& g = gradients[i];
    parts.push_back((g.defined() ? g : torch::zeros_like(parameters.tensors()[i])).reshape({-1}));
  }
  return torch::cat(parts);
}

/// The scores by library operations, each hidden layer times fixed factors.
torch::Tensor score(const Parameters& parameters, const torch::Tensor& rows,
                    const std::vector<torch::Tensor>& factors, int64_t first) {
  const auto& t = parameters.tensors();
  torch::Tensor x = rows;
  for (size_t k = 0; k < factors.size(); ++k)
    x = torch::addmm(t[2 * k + 1], x, t[2 * k]) * factors[k].narrow(0, first, rows.size(0));
  return torch::addmm(t[2 * factors.size() + 1], x, t[2 * factors.size()]);
}

class RowCriticGradient : public ::testing::TestWithParam<double> {};

TEST_P(RowCriticGradient, IsThatOfAutograd) {
  const double dropout = GetParam();
  for (const int64_t layers : {1, 2, 3}) {
    RowCriticShape shape{7, layers, 6, 0.2, dropout};
    RowCritic critic(shape, 0.5, 0.9, 0, Init::xavier, Seed(3));
    const auto generator = make_generator(Seed(4));
    const int64_t n = 5;
    const torch::Tensor real = torch::randn({n, 7}, generator), made = torch::randn({n, 7}, generator);
    const torch::Tensor alpha = torch::rand({n, 1}, generator);
    const torch::Tensor before = critic.parameters().flat().clone();
    critic.step(real, made, alpha, 10, 0);  // a rate of 0: the weights stay
    EXPECT_TRUE(torch::equal(before, critic.parameters().flat()));

    const torch::AutoGradMode with_gradient(true);
    torch::Tensor between = (real + alpha * (made - real)).detach().requires_grad_(true);
    const auto& parameters = critic.parameters();
    const auto& factors = critic.factors();
    const torch::Tensor slope = torch::autograd::grad({score(parameters, between, factors, 2 * n).sum()},
                                                      {between}, {}, true, true)[0];
    const torch::Tensor loss = score(parameters, made, factors, n).mean() -
                               score(parameters, real, factors, 0).mean() +
                               10 * (slope.square().sum(1).sqrt() - 1).square().mean();
    EXPECT_NEAR(critic.loss(), loss.item<double>(), 1e-4);
    const torch::Tensor expected = flat_gradient(loss, parameters);
    EXPECT_LT((critic.gradient() - expected).abs().max().item<double>(), 2e-5);
    EXPECT_GT(expected.abs().max().item<double>(), 1e-2);

    torch::Tensor leaf = made.clone().requires_grad_(true);
    const torch::Tensor d_made = critic.made_gradient(made);  // draws new factors
    const torch::Tensor own = torch::autograd::grad({-score(parameters, leaf, factors, 0).mean()}, {leaf})[0];
    EXPECT_LT((d_made - own).abs().max().item<double>(), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Dropout, RowCriticGradient, ::testing::Values(0.0, 0.5));

TEST(RowCritic, FactorsAreSlopesTimesDropout) {
  RowCritic critic({4, 1, 400, 0.2, 0.25}, 0.5, 0.9, 0, Init::xavier, Seed(1));
  const torch::Tensor rows = torch::randn({50, 4}, make_generator(Seed(2)));
  critic.step(rows, rows + 1, torch::full({50, 1}, 0.5), 10, 1e-3);
  const torch::Tensor factors = critic.factors()[0];
  const double dropped = (factors == 0).to(torch::kDouble).mean().item<double>();
  EXPECT_NEAR(dropped, 0.25, 0.01);
  const torch::Tensor kept = factors.masked_select(factors != 0);
  const torch::Tensor allowed = ((kept - 1 / 0.75).abs() < 1e-5).logical_or((kept - 0.2 / 0.75).abs() < 1e-5);
  EXPECT_TRUE(allowed.all().item<bool>());
}

TEST(RowCritic, LearnsWhichRowsAreReal) {
  RowCritic critic({3, 2, 32, 0.2, 0}, 0.5, 0.9, 1e-6, Init::xavier, Seed(1));
  const auto generator = make_generator(Seed(2));
  for (int i = 0; i < 200; ++i) {
    const torch::Tensor real = torch::randn({64, 3}, generator) + 2, made = torch::randn({64, 3}, generator);
    critic.step(real, made, torch::rand({64, 1}, generator), 10, 1e-3);
  }
  EXPECT_LT(critic.loss(), -1);  // the distance of the two clouds is about 3.5
}

}  // namespace
}  // namespace bench::nn
