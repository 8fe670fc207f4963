#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "models/nn/layers.h"
#include "models/nn/parameters.h"

namespace bench::nn {
namespace {

struct SmallMlp {
  Parameters parameters;
  Mlp net;
  SmallMlp(int64_t in, int64_t units, int64_t layers, int64_t out, uint64_t seed = 1,
           Init init = Init::xavier)
      : net(parameters, "mlp", in, units, layers, out) {
    parameters.build(init, make_generator(Seed(seed)), torch::kCPU);
  }
};

torch::Tensor normal(at::IntArrayRef shape, uint64_t seed) {
  return torch::randn(shape, make_generator(Seed(seed)));
}

TEST(Parameters, InitialDistributions) {
  const SmallMlp small(400, 300, 2, 1, 1, Init::normal), glorot(400, 300, 2, 1, 1, Init::xavier),
      standard(400, 300, 2, 1, 1, Init::standard);
  const auto weight = [](const SmallMlp& m) { return m.parameters.tensors()[0]; };
  EXPECT_NEAR(weight(small).std().item<double>(), 0.02, 2e-4);
  EXPECT_NEAR(weight(glorot).abs().max().item<double>(), std::sqrt(6.0 / 700), 1e-4);
  EXPECT_NEAR(weight(standard).abs().max().item<double>(), 1 / std::sqrt(400.0), 1e-4);
  EXPECT_EQ(small.parameters.tensors()[1].abs().max().item<double>(), 0);
  EXPECT_GT(standard.parameters.tensors()[1].abs().max().item<double>(), 0);
}

TEST(Parameters, SameSeedSameWeightsAndTheFlatBufferIsTheTensors) {
  SmallMlp a(5, 7, 3, 2, 9), b(5, 7, 3, 2, 9), c(5, 7, 3, 2, 10);
  EXPECT_TRUE(torch::equal(a.parameters.flat(), b.parameters.flat()));
  EXPECT_FALSE(torch::equal(a.parameters.flat(), c.parameters.flat()));
  EXPECT_EQ(a.parameters.count(), 5 * 7 + 7 + 7 * 7 + 7 + 7 * 2 + 2);
  const torch::NoGradGuard no_grad;
  a.parameters.flat().fill_(2);
  EXPECT_EQ(a.parameters.tensors()[3].min().item<double>(), 2);
}

TEST(Parameters, SaveLoadAndOtherShapes) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "nn_test.h5";
  SmallMlp a(4, 6, 2, 1, 1), b(4, 6, 2, 1, 2), other(4, 8, 2, 1, 1);
  H5Writer writer(path);
  a.parameters.save(writer, "net");
  writer.finish();
  const H5Reader reader(path);
  b.parameters.load(reader, "net");
  EXPECT_TRUE(torch::equal(a.parameters.flat(), b.parameters.flat()));
  EXPECT_THROW(other.parameters.load(reader, "net"), Error);
  std::filesystem::remove(path);
}

TEST(Adam, EqualsTheLibrarys) {
  SmallMlp ours(6, 8, 3, 1), theirs(6, 8, 3, 1);
  Adam adam(ours.parameters, 0.5, 0.999);
  torch::optim::Adam reference(theirs.parameters.tensors(),
                               torch::optim::AdamOptions(0.01).betas({0.5, 0.999}).eps(1e-8));
  const torch::Tensor x = normal({20, 6}, 3);
  for (int i = 0; i < 10; ++i) {
    adam.step(ours.net(x).square().mean(), 0.01);
    reference.zero_grad();
    theirs.net(x).square().mean().backward();
    reference.step();
  }
  EXPECT_LT((ours.parameters.flat() - theirs.parameters.flat()).abs().max().item<double>(), 1e-6);
}

TEST(MovingAverage, FollowsTheFormula) {
  SmallMlp m(1, 1, 1, 1);
  const torch::NoGradGuard no_grad;
  m.parameters.flat().fill_(0);
  MovingAverage average(m.parameters, 0.9);
  double expected = 0;
  for (int t = 1; t <= 200; ++t) {
    m.parameters.flat().fill_(t);
    average.update();
    const double keep = std::min(0.9, (1.0 + t) / (10.0 + t));
    expected = keep * expected + (1 - keep) * t;
  }
  average.apply();
  EXPECT_NEAR(m.parameters.flat()[0].item<double>(), expected, 1e-3);
}

TEST(Mlp, InputGradientEqualsAutograd) {
  SmallMlp m(9, 16, 4, 1);
  const torch::Tensor x = normal({30, 9}, 4).requires_grad_(true);
  const torch::Tensor wanted = torch::autograd::grad({m.net(x).sum()}, {x})[0];
  EXPECT_LT((m.net.input_gradient(x) - wanted).abs().max().item<double>(), 1e-6);
}

TEST(GradientPenalty, LinearCriticHasAClosedForm) {
  // D(x) = w . x + b: the gradient is w everywhere, so the penalty is (|w| - 1)^2.
  SmallMlp m(5, 1, 1, 1);
  const double norm = m.parameters.tensors()[0].norm().item<double>();
  EXPECT_NEAR(gradient_penalty(m.net, normal({40, 5}, 5)).item<double>(), (norm - 1) * (norm - 1), 1e-6);
}

TEST(GradientPenalty, ItsWeightGradientsEqualDoubleBackward) {
  SmallMlp m(7, 12, 3, 1);
  const torch::Tensor x = normal({25, 7}, 6);
  const auto ours = torch::autograd::grad({gradient_penalty(m.net, x)}, m.parameters.tensors(), {},
                                          c10::nullopt, false, true);
  const torch::Tensor at = x.clone().requires_grad_(true);
  const torch::Tensor slope = torch::autograd::grad({m.net(at).sum()}, {at}, {}, true, true)[0];
  const torch::Tensor penalty = ((slope.square().sum(1) + 1e-8).sqrt() - 1).square().mean();
  const auto wanted = torch::autograd::grad({penalty}, m.parameters.tensors(), {}, c10::nullopt, false, true);
  for (size_t i = 0; i < ours.size(); ++i) {
    const bool weight = i % 2 == 0;
    ASSERT_EQ(ours[i].defined(), weight);  // a bias does not move the slope of a ReLU network
    if (weight) {
      EXPECT_LT((ours[i] - wanted[i]).abs().max().item<double>(), 1e-6);
    } else if (wanted[i].defined()) {
      EXPECT_EQ(wanted[i].abs().max().item<double>(), 0);
    }
  }
}

Layout mixed_layout() {
  Layout layout;
  layout.add(Head::Kind::category, 3, 2);
  layout.add(Head::Kind::category, 1, 4);
  layout.add(Head::Kind::category, 2, 2, 6 + 3);
  layout.add(Head::Kind::unit, 2, 1);
  return layout;
}

TEST(Activate, FusedHeadsEqualSeparateHeads) {
  const Layout layout = mixed_layout();
  const torch::Tensor raw = normal({11, layout.width}, 7);
  const torch::Tensor row = activate(layout, raw);
  std::vector<torch::Tensor> parts;
  for (int i = 0; i < 3; ++i) parts.push_back(torch::softmax(raw.narrow(1, 2 * i, 2), 1));
  const torch::Tensor four = torch::softmax(raw.narrow(1, 6, 4), 1);
  parts.push_back(four);
  for (int i = 0; i < 2; ++i)
    parts.push_back(torch::softmax(raw.narrow(1, 10 + 2 * i, 2), 1) * four.narrow(1, 3, 1));
  parts.push_back(torch::sigmoid(raw.narrow(1, 14, 2)));
  EXPECT_LT((row - torch::cat(parts, 1)).abs().max().item<double>(), 1e-6);
}

TEST(Discretise, OneHotOfTheLargestGatedAndWithoutGradient) {
  const Layout layout = mixed_layout();
  const torch::Tensor raw = normal({200, layout.width}, 8).requires_grad_(true);
  const torch::Tensor soft = activate(layout, raw);
  const torch::Tensor hard = discretise(layout, soft);
  EXPECT_FALSE(hard.requires_grad());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(torch::equal(hard.narrow(1, 2 * i, 2).argmax(1), soft.narrow(1, 2 * i, 2).argmax(1)));
  }
  const torch::Tensor chosen = hard.select(1, 9);
  EXPECT_TRUE(torch::equal(hard.narrow(1, 6, 4).sum(1), torch::ones({200})));
  EXPECT_TRUE(torch::equal(hard.narrow(1, 10, 2).sum(1), chosen));
  EXPECT_TRUE(torch::equal(hard.narrow(1, 14, 2), soft.detach().narrow(1, 14, 2)));
  const double share = chosen.mean().item<double>();
  EXPECT_GT(share, 0.1);
  EXPECT_LT(share, 0.5);
}

TEST(BatchNorm, RunningStatisticsMoveByTheMomentum) {
  Parameters parameters;
  const BatchNorm norm(parameters, "norm", 3);
  parameters.build(Init::normal, make_generator(Seed(1)), torch::kCPU);
  const torch::Tensor x = 5 + 2 * normal({1000, 3}, 9);
  norm(x, true, 0.1);
  const torch::Tensor wanted = 0.1 * x.mean(0);
  EXPECT_LT((parameters.flat_buffers().narrow(0, 0, 3) - wanted).abs().max().item<double>(), 1e-5);
}

TEST(CheckLoss, NamesTheIteration) {
  check_loss(torch::tensor(1.0F), "the loss", 3);
  EXPECT_THROW(check_loss(torch::tensor(-1e12F), "the loss", 3), Error);
  try {
    check_loss(torch::tensor(NAN), "the loss", 17);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::diverged);
    EXPECT_NE(std::string(e.what()).find("17"), std::string::npos);
  }
}

TEST(Allocation, TooLargeATensorIsOutOfMemory) {
  try {
    with_torch_errors([] { torch::zeros({int64_t{1} << 50}); });
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::out_of_memory);
  }
}

TEST(Device, Names) {
  EXPECT_EQ(device_from_name("cpu"), torch::Device(torch::kCPU));
  EXPECT_THROW(device_from_name("tpu"), Error);
  if (!torch::cuda::is_available()) {
    EXPECT_THROW(device_from_name("cuda"), Error);
  }
}

}  // namespace
}  // namespace bench::nn
