#include "models/privacy/dp_sgd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/privacy/gram.h"

namespace bench {
namespace {

TEST(Gram, EqualsAProductOfMatricesInDouble) {
  const auto generator = nn::make_generator(Seed(1));
  for (const int64_t width : {1, 15, 16, 17, 100}) {
    for (const int64_t terms : {1, 2, 3}) {
      const torch::Tensor rows = torch::randn({terms * 7, width + 3}, generator);  // a stride of its own
      torch::Tensor out = torch::empty({7, terms, terms}, torch::kDouble);
      gram_products(rows.data_ptr<float>(), width + 3, width, 7, terms, out.data_ptr<double>());
      const torch::Tensor own =
          rows.narrow(1, 0, width).to(torch::kDouble).reshape({terms, 7, width}).transpose(0, 1);
      EXPECT_LT((out - torch::bmm(own, own.transpose(1, 2))).abs().max().item<double>(), 1e-12);
    }
  }
}

TEST(DpSgd, FactorsComeFromTheNormOfTheWrittenOutGradient) {
  const auto generator = nn::make_generator(Seed(2));
  constexpr int64_t kExamples = 9, kTerms = 3;
  std::vector<OuterProducts> layers;
  std::vector<torch::Tensor> squares;  // [examples]
  for (const int64_t out : {4, 1}) {
    OuterProducts layer{torch::randn({kTerms * kExamples, 6}, generator),
                        torch::randn({kTerms * kExamples, out}, generator), kTerms, 2, out == 1 ? 0.5 : 1.0};
    const torch::Tensor a = layer.inputs.to(torch::kDouble).view({kTerms, kExamples, 6});
    const torch::Tensor b = layer.signals.to(torch::kDouble).view({kTerms, kExamples, out});
    const torch::Tensor weight = torch::einsum("tni,tno->nio", {a, b}), bias = b.narrow(0, 0, 2).sum(0);
    squares.push_back(layer.scale * layer.scale * (weight.square().sum({1, 2}) + bias.square().sum(1)));
    layers.push_back(layer);
  }
  constexpr double kClip = 30, kExpected = 4;
  DpSgd privacy({kClip, 0, kExpected}, Seed(1));
  const torch::Tensor factors = privacy.factors(layers, kExamples);
  const torch::Tensor norms = (squares[0] + squares[1]).sqrt() * kExpected;
  EXPECT_LT((privacy.norms() / norms - 1).abs().max().item<double>(), 1e-12);
  EXPECT_LT((factors - (kClip / norms).clamp_max(1)).abs().max().item<double>(), 1e-6);
  EXPECT_GT((norms > kClip).sum().item<int64_t>(), 0);
  EXPECT_LT((norms > kClip).sum().item<int64_t>(), kExamples);
}

TEST(DpSgd, NoiseHasTheStatedScaleAndShape) {
  constexpr int64_t kValues = 200000;
  constexpr double kSd = 1.5 * 0.7 / 50;
  DpSgd privacy({0.7, 1.5, 50}, Seed(4));
  torch::Tensor first = torch::full({kValues}, 2.0F), second = torch::zeros({kValues});
  privacy.add_noise(first);
  privacy.add_noise(second);
  const torch::Tensor z = (first.to(torch::kDouble) - 2) / kSd;
  // Chi-square with so many degrees of freedom: sd sqrt(2 n).
  EXPECT_NEAR(z.square().sum().item<double>(), kValues, 4 * std::sqrt(2.0 * kValues));
  EXPECT_NEAR(z.sum().item<double>(), 0, 4 * std::sqrt(kValues));
  EXPECT_NEAR((z * second / kSd).sum().item<double>(), 0, 4 * std::sqrt(kValues));  // steps are independent
  EXPECT_NEAR((z.narrow(0, 0, kValues - 1) * z.narrow(0, 1, kValues - 1)).sum().item<double>(), 0,
              4 * std::sqrt(kValues));
  // Chi-square over 64 cells of equal chance: mean 63, sd 11.2.
  std::vector<double> counts(64);
  for (int64_t i = 0; i < kValues; ++i) {
    const double cdf = 0.5 * std::erfc(-z.data_ptr<double>()[i] / std::sqrt(2.0));
    ++counts[static_cast<size_t>(std::min(cdf * 64, 63.0))];
  }
  double statistic = 0;
  for (const double count : counts) statistic += std::pow(count - kValues / 64.0, 2) / (kValues / 64.0);
  EXPECT_LT(statistic, 63 + 4 * 11.2);
  EXPECT_GT(statistic, 63 - 4 * 11.2);
}

TEST(DpSgd, NoiseDependsOnTheSeedOnly) {
  torch::Tensor a = torch::zeros({50}), b = torch::zeros({50}), other = torch::zeros({50});
  DpSgd({1, 1, 1}, Seed(1)).add_noise(a);
  DpSgd({1, 1, 1}, Seed(1)).add_noise(b);
  DpSgd({1, 1, 1}, Seed(2)).add_noise(other);
  EXPECT_TRUE(torch::equal(a, b));
  EXPECT_FALSE(torch::equal(a, other));
}

TEST(DpSgd, WithoutNoiseNothingChanges) {
  torch::Tensor values = torch::rand({50}, nn::make_generator(Seed(1)));
  const torch::Tensor before = values.clone();
  DpSgd({1, 0, 1}, Seed(1)).add_noise(values);
  EXPECT_TRUE(torch::equal(values, before));
}

TEST(DpSgd, OneExampleAtATime) {
  // Loss of example i: (w . x_i)^2 with gradient 2 (w . x_i) x_i.
  nn::Parameters parameters;
  torch::Tensor w;
  parameters.add("w", &w, {4}, nn::Parameters::Start::one);
  parameters.build(nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  const torch::Tensor x = torch::randn({6, 4}, nn::make_generator(Seed(3)));
  const auto loss = [&](int64_t first, int64_t count) {
    return torch::matmul(x.narrow(0, first, count), w).square().mean();
  };
  const torch::Tensor each = 2 * x.sum(1, true) * x, norms = each.norm(2, 1);
  const double clip = norms.median().item<double>();
  DpSgd clipping({clip, 0, 5}, Seed(1)), averaging({}, Seed(1)), plain({1e9, 0, 6}, Seed(1));
  const torch::Tensor wanted = (each * (clip / norms).clamp_max(1).unsqueeze(1)).sum(0) / 5;
  EXPECT_LT((clipping.gradient(parameters, 6, loss) - wanted).abs().max().item<double>(), 1e-5);
  EXPECT_LT((clipping.norms() - norms).abs().max().item<double>(), 1e-5);
  EXPECT_LT((averaging.gradient(parameters, 6, loss) - each.sum(0)).abs().max().item<double>(), 1e-4);
  EXPECT_LT((plain.gradient(parameters, 6, loss) - each.mean(0)).abs().max().item<double>(), 1e-5);
  EXPECT_EQ(clipping.gradient(parameters, 0, loss).abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace bench
