#include "models/diffusion/autoregressive.h"

#include <gtest/gtest.h>

namespace bench {
namespace {

/// A category of 3 values, and two bits behind its second value.
Layout small_layout() {
  Layout layout;
  layout.add(Head::Kind::category, 1, 3);
  layout.add(Head::Kind::category, 2, 2, 1);
  return layout;
}

/// The six rows there can be: value 0, value 1 with two bits, value 2.
torch::Tensor every_row() {
  return torch::tensor({{1.F, 0.F, 0.F, 0.F, 0.F, 0.F, 0.F},
                        {0.F, 1.F, 0.F, 1.F, 0.F, 1.F, 0.F},
                        {0.F, 1.F, 0.F, 1.F, 0.F, 0.F, 1.F},
                        {0.F, 1.F, 0.F, 0.F, 1.F, 1.F, 0.F},
                        {0.F, 1.F, 0.F, 0.F, 1.F, 0.F, 1.F},
                        {0.F, 0.F, 1.F, 0.F, 0.F, 0.F, 0.F}});
}

/// Shares of the six rows among `rows`.
torch::Tensor shares(const torch::Tensor& rows) {
  std::vector<torch::Tensor> out;
  for (int64_t k = 0; k < 6; ++k) out.push_back((rows == every_row()[k]).all(1).to(torch::kFloat).mean());
  return torch::stack(out);
}

TEST(AutoregressiveAttributes, ChancesSumToOneAndDrawsFollowThem) {
  const auto generator = nn::make_generator(Seed(2));
  const AutoregressiveAttributes model(small_layout(), 16, 0, nn::make_generator(Seed(1)), torch::kCPU);
  const torch::NoGradGuard no_grad;
  const torch::Tensor chances = torch::exp(-model.loss(every_row()));
  EXPECT_NEAR(chances.sum().item<double>(), 1, 1e-5);
  const torch::Tensor drawn = model.draw(torch::empty({200'000, 0}), generator);
  EXPECT_LT((shares(drawn) - chances).abs().max().item<double>(), .006);
}

TEST(AutoregressiveAttributes, LearnsWhatGoesWithWhat) {
  // Bits that are equal, which no product of their own chances gives.
  const auto generator = nn::make_generator(Seed(2));
  AutoregressiveAttributes model(small_layout(), 16, 0, nn::make_generator(Seed(1)), torch::kCPU);
  const torch::Tensor rows = every_row().index_select(0, torch::tensor({0, 1, 1, 4}));
  for (int64_t i = 0; i < 400; ++i) model.step(rows, {i, .02, 0, generator});
  const torch::Tensor got = shares(model.draw(torch::empty({20'000, 0}), generator));
  EXPECT_LT((got - torch::tensor({.25F, .5F, 0.F, 0.F, .25F, 0.F})).abs().max().item<double>(), .03);
}

TEST(AutoregressiveAttributes, BitsAreLearnedAsBytes) {
  // Three of 65536 values of 16 bits, one of them twice as often.
  torch::Tensor bits = torch::zeros({4, 16, 2});
  const std::vector<int64_t> values{0x0A01, 0x0A01, 0xC0A8, 0x0AFE};
  for (int64_t row = 0; row < 4; ++row)
    for (int64_t bit = 0; bit < 16; ++bit)
      bits[row][bit][(values[static_cast<size_t>(row)] >> (15 - bit)) & 1] = 1;
  const torch::Tensor rows = bits.view({4, 32});
  Layout layout;
  layout.add(Head::Kind::category, 16, 2);
  const auto generator = nn::make_generator(Seed(2));
  AutoregressiveAttributes model(layout, 16, 0, nn::make_generator(Seed(1)), torch::kCPU);
  for (int64_t i = 0; i < 1000; ++i) model.step(rows, {i, .02, 0, generator});
  const torch::NoGradGuard no_grad;
  const torch::Tensor loss = model.loss(rows);
  EXPECT_NEAR(loss[0].item<double>(), std::log(2), .05);
  EXPECT_NEAR(loss[2].item<double>(), std::log(4), .1);
  const torch::Tensor drawn = model.draw(torch::empty({4000, 0}), generator);
  EXPECT_NEAR((drawn == rows[0]).all(1).to(torch::kFloat).mean().item<double>(), .5, .04);
  EXPECT_NEAR((drawn == rows[3]).all(1).to(torch::kFloat).mean().item<double>(), .25, .04);
}

TEST(AutoregressiveAttributes, DropoutHidesValuesInTrainingOnly) {
  AutoregressiveAttributes model(small_layout(), 16, .5, nn::make_generator(Seed(1)), torch::kCPU);
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = every_row();
  EXPECT_TRUE(torch::equal(model.loss(rows), model.loss(rows)));
  const auto generator = nn::make_generator(Seed(2));
  EXPECT_FALSE(torch::equal(model.loss(rows, generator), model.loss(rows, generator)));
}

TEST(AutoregressiveAttributes, GivenColumnsComeBackAndNumbersStayInTheirBins) {
  Layout layout;
  layout.add(Head::Kind::category, 1, 2);
  layout.close_given();
  layout.add(Head::Kind::unit, 1, 1);
  layout.add(Head::Kind::word, 2, 1);
  const auto generator = nn::make_generator(Seed(2));
  AutoregressiveAttributes model(layout, 16, 0, nn::make_generator(Seed(1)), torch::kCPU);
  // The number depends on the given category.
  const torch::Tensor rows = torch::tensor({{1.F, 0.F, .2F, -.5F, .9F}, {0.F, 1.F, .8F, .5F, .9F}});
  for (int64_t i = 0; i < 300; ++i) model.step(rows, {i, .02, 0, generator});
  const torch::Tensor out = model.draw(rows.narrow(1, 0, 2).repeat({500, 1}), generator);
  EXPECT_TRUE(torch::equal(out.narrow(1, 0, 2), rows.narrow(1, 0, 2).repeat({500, 1})));
  const torch::Tensor near = (out - rows.repeat({500, 1})).abs().narrow(1, 2, 3) < .04;
  EXPECT_GT(near.to(torch::kFloat).mean().item<double>(), .97);
}

}  // namespace
}  // namespace bench
