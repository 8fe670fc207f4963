#include "models/nn/heads.h"

#include <gtest/gtest.h>

#include "models/nn/parameters.h"
#include "models/nn/plain.h"

namespace bench::nn {
namespace {

torch::Tensor normal(at::IntArrayRef shape, uint64_t seed) {
  return torch::randn(shape, make_generator(Seed(seed)));
}

double distance(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

Layout mixed_layout() {
  Layout layout;
  layout.add(Head::Kind::category, 3, 2);
  layout.add(Head::Kind::category, 1, 4);
  layout.add(Head::Kind::category, 2, 2, 6 + 3);
  layout.add(Head::Kind::unit, 2, 1);
  layout.add(Head::Kind::word, 3, 1);
  layout.add(Head::Kind::category, 1, 3, 6 + 3);
  layout.add(Head::Kind::unit, 1, 1, 6 + 2);
  return layout;
}

TEST(Heads, FusedHeadsEqualSeparateHeads) {
  const Layout layout = mixed_layout();
  for (const int64_t begin : {0, 2, 6, 16}) {  // inside a head of three, between heads
    const torch::Tensor raw = normal({11, layout.width - begin}, 7) * 3;
    const torch::Tensor before = torch::rand({11, begin}, make_generator(Seed(8)));
    const torch::Tensor wanted = plain_activate(layout, raw, before);
    torch::Tensor soft = raw.clone(), row = torch::full({11, layout.width}, -7.0F);
    row.narrow(1, 0, begin).copy_(before);
    Heads(layout, begin, layout.width).activate(soft, row);
    EXPECT_LT(distance(row, wanted), 1e-6) << begin;
  }
}

TEST(Heads, LargeOutputsDoNotOverflow) {
  const Layout layout = mixed_layout();
  torch::Tensor soft = normal({40, layout.width}, 7) * 1000, row = torch::empty({40, layout.width});
  Heads(layout, 0, layout.width).activate(soft, row);
  EXPECT_TRUE(torch::isfinite(row).all().item<bool>());
  EXPECT_NEAR(row.narrow(1, 6, 4).sum(1).min().item<double>(), 1, 1e-6);
}

TEST(Heads, GradientEqualsAutograd) {
  const Layout layout = mixed_layout();
  for (const int64_t begin : {0, 2, 10}) {
    const torch::Tensor raw = normal({9, layout.width - begin}, 9).requires_grad_(true);
    const torch::Tensor before = torch::rand({9, begin}, make_generator(Seed(3))).requires_grad_(begin > 0);
    const torch::Tensor factor = normal({9, layout.width}, 10);
    const torch::Tensor loss = (plain_activate(layout, raw, before) * factor).sum();
    std::vector<torch::Tensor> inputs{raw};
    if (begin > 0) inputs.push_back(before);
    const auto wanted = torch::autograd::grad({loss}, inputs);
    const torch::NoGradGuard no_grad;
    const Heads heads(layout, begin, layout.width);
    torch::Tensor soft = raw.detach().clone(), row = torch::empty({9, layout.width});
    row.narrow(1, 0, begin).copy_(before);
    heads.activate(soft, row);
    torch::Tensor d_row = factor.clone(), d_raw = torch::empty_like(raw);
    heads.backward(soft, row, d_row, d_raw);
    EXPECT_LT(distance(d_raw, wanted[0]), 1e-6) << begin;
    if (begin > 0) {
      EXPECT_LT(distance(d_row.narrow(1, 0, begin), wanted[1]), 1e-6) << begin;
    }
  }
}

TEST(Heads, DiscretisedRowsAreOneHotOfTheLargestAndGated) {
  const Layout layout = mixed_layout();
  torch::Tensor raw = normal({200, layout.width}, 8), soft = torch::empty({200, layout.width});
  const Heads heads(layout, 0, layout.width);
  heads.activate(raw, soft);
  torch::Tensor hard = soft.clone();
  heads.discretise(hard);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(torch::equal(hard.narrow(1, 2 * i, 2).argmax(1), soft.narrow(1, 2 * i, 2).argmax(1)));
  }
  const torch::Tensor chosen = hard.select(1, 9);
  EXPECT_TRUE(torch::equal(hard.narrow(1, 6, 4).sum(1), torch::ones({200})));
  EXPECT_TRUE(torch::equal(hard.narrow(1, 10, 2).sum(1), chosen));
  EXPECT_TRUE(torch::equal(hard.narrow(1, 19, 3).sum(1), chosen));
  EXPECT_TRUE(torch::equal(hard.narrow(1, 14, 5), soft.narrow(1, 14, 5)));
  const double share = chosen.mean().item<double>();
  EXPECT_GT(share, 0.1);
  EXPECT_LT(share, 0.5);
}

}  // namespace
}  // namespace bench::nn
