#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "models/nn/layers.h"
#include "models/nn/lstm.h"
#include "models/nn/normalised_mlp.h"
#include "models/nn/parameters.h"
#include "models/nn/plain.h"
#include "models/nn/threads.h"

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

torch::Tensor flat_gradient(const torch::Tensor& loss, const Parameters& parameters) {
  std::vector<torch::Tensor> parts;
  for (const auto& g : torch::autograd::grad({loss}, parameters.tensors())) parts.push_back(g.reshape({-1}));
  return torch::cat(parts);
}

double distance(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

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
    adam.step(flat_gradient(ours.net(x).square().mean(), ours.parameters), 0.01);
    reference.zero_grad();
    theirs.net(x).square().mean().backward();
    reference.step();
  }
  EXPECT_LT((ours.parameters.flat() - theirs.parameters.flat()).abs().max().item<double>(), 1e-6);
}

TEST(Adam, ContinuesFromAFile) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "adam_test.h5";
  SmallMlp a(4, 6, 2, 1), b(4, 6, 2, 1), other(4, 7, 2, 1);
  Adam first(a.parameters, 0.5, 0.999), second(b.parameters, 0.5, 0.999), third(other.parameters, 0.5, 0.999);
  const torch::Tensor gradient = normal({a.parameters.count()}, 5);
  first.step(gradient, 0.01);
  H5Writer writer(path);
  a.parameters.save(writer, "net");
  first.save(writer, "net");
  writer.finish();
  const H5Reader reader(path);
  b.parameters.load(reader, "net");
  second.load(reader, "net");
  EXPECT_THROW(third.load(reader, "net"), Error);
  first.step(gradient.square(), 0.02);
  second.step(gradient.square(), 0.02);
  EXPECT_TRUE(torch::equal(a.parameters.flat(), b.parameters.flat()));
  std::filesystem::remove(path);
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
  average.swap();
  EXPECT_NEAR(m.parameters.flat()[0].item<double>(), expected, 1e-3);
  average.swap();
  EXPECT_EQ(m.parameters.flat()[0].item<double>(), 200);
}

/// NormalisedMlp out of library operations; `rows` of one group.
torch::Tensor plain_normalised(const std::vector<torch::Tensor>& t, torch::Tensor x) {
  size_t i = 0;
  for (; i + 2 < t.size(); i += 4) {
    x = torch::relu(torch::matmul(x, t[i]) + t[i + 1]);
    x = torch::batch_norm(x, t[i + 2], t[i + 3], {}, {}, true, 0.1, 1e-5, false);
  }
  return torch::matmul(x, t[i]) + t[i + 1];
}

struct Normalised {
  Parameters parameters;
  NormalisedMlp net{parameters, "net", 4, 12, 3, 5};
  Normalised() {
    parameters.build(Init::xavier, make_generator(Seed(2)), torch::kCPU);
    const torch::NoGradGuard no_grad;
    parameters.flat().add_(normal({parameters.count()}, 3), 0.1);
  }
};

TEST(NormalisedMlp, EachGroupHasItsOwnStatistics) {
  Normalised m;
  const torch::Tensor x = normal({60, 4}, 5);
  const torch::NoGradGuard no_grad;
  NormalisedMlp::Pass pass;
  m.net.forward(pass, x, 3, 0.1);
  for (int g = 0; g < 3; ++g) {
    const torch::Tensor wanted = plain_normalised(m.parameters.tensors(), x.narrow(0, 20 * g, 20));
    EXPECT_LT(distance(pass.out.narrow(0, 20 * g, 20), wanted), 1e-5);
  }
}

TEST(NormalisedMlp, GradientEqualsAutograd) {
  Normalised m;
  const torch::Tensor x = normal({60, 4}, 5), factor = normal({20, 5}, 6);
  const auto wanted = flat_gradient(
      (plain_normalised(m.parameters.tensors(), x.narrow(0, 40, 20)) * factor).sum(), m.parameters);
  const torch::NoGradGuard no_grad;
  NormalisedMlp::Pass pass;
  m.net.forward(pass, x, 3, 0.1);
  torch::Tensor gradient = torch::full_like(wanted, 9);
  m.net.backward(pass, factor, m.parameters.views(gradient).data());
  EXPECT_LT(distance(gradient, wanted), 1e-5 * wanted.abs().max().item<double>());
}

TEST(NormalisedMlp, RunningStatisticsFollowTheLibrarys) {
  Normalised m;
  const torch::NoGradGuard no_grad;
  NormalisedMlp::Pass pass;
  const torch::Tensor x = 2 + normal({60, 4}, 5);
  m.net.forward(pass, x, 3, 0.3);
  const auto& t = m.parameters.tensors();
  torch::Tensor mean = torch::zeros({12}), variance = torch::ones({12});
  for (int g = 0; g < 3; ++g) {
    const torch::Tensor h = torch::relu(torch::matmul(x.narrow(0, 20 * g, 20), t[0]) + t[1]);
    torch::batch_norm(h, t[2], t[3], mean, variance, true, 0.3, 1e-5, false);
  }
  const torch::Tensor buffers = m.parameters.flat_buffers();
  EXPECT_LT(distance(buffers.narrow(0, 0, 12), mean), 1e-5);
  EXPECT_LT(distance(buffers.narrow(0, 12, 12), variance), 1e-5);
  // infer() uses them.
  torch::Tensor y = torch::relu(torch::matmul(x, t[0]) + t[1]);
  y = torch::batch_norm(y, t[2], t[3], mean, variance, false, 0.3, 1e-5, false);
  y = torch::relu(torch::matmul(y, t[4]) + t[5]);
  y = torch::batch_norm(y, t[6], t[7], buffers.narrow(0, 24, 12), buffers.narrow(0, 36, 12), false, 0.3, 1e-5,
                        false);
  EXPECT_LT(distance(m.net.infer(x), torch::matmul(y, t[8]) + t[9]), 1e-5);
}

struct SmallLstm {
  Parameters parameters;
  Lstm net{parameters, "lstm", 6, 3, 10};
  torch::Tensor fixed = normal({8, 6}, 1), hidden = normal({8, 10}, 2), cell = normal({8, 10}, 3),
                inputs = normal({7, 8, 3}, 4);
  SmallLstm() {
    parameters.build(Init::xavier, make_generator(Seed(4)), torch::kCPU);
    net.open_forget_gates();
  }
  /// Hidden states [7, rows, 10] of the samples from `row` on.
  torch::Tensor plain(int64_t row) const {
    const auto& t = parameters.tensors();
    torch::Tensor h = hidden.narrow(0, row, 8 - row), c = cell.narrow(0, row, 8 - row);
    const torch::Tensor from_fixed = torch::matmul(fixed.narrow(0, row, 8 - row), t[0]) + t[2];
    std::vector<torch::Tensor> out;
    for (int r = 0; r < 7; ++r) {
      const torch::Tensor state = torch::cat({h, inputs[r].narrow(0, row, 8 - row)}, 1);
      plain_lstm_step(from_fixed + torch::matmul(state, t[1]), h, c);
      out.push_back(h);
    }
    return torch::stack(out);
  }
};

TEST(Lstm, IsTheLibrarys) {
  SmallLstm m;
  const torch::NoGradGuard no_grad;
  const auto& t = m.parameters.tensors();
  EXPECT_EQ(t[2].narrow(0, 10, 10).min().item<double>(), 1);  // forget gates
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(6 + 3, 10));
  const auto reorder = [](const torch::Tensor& w) {  // to input, forget, candidate, output
    const auto parts = w.chunk(4, 0);
    return torch::cat({parts[0], parts[1], parts[3], parts[2]});
  };
  auto theirs = lstm->named_parameters();
  const torch::Tensor state = t[1].t();
  theirs["weight_ih_l0"].copy_(reorder(torch::cat({t[0].t(), state.narrow(1, 10, 3)}, 1)));
  theirs["weight_hh_l0"].copy_(reorder(state.narrow(1, 0, 10)));
  theirs["bias_ih_l0"].copy_(reorder(t[2]));
  theirs["bias_hh_l0"].zero_();
  const torch::Tensor input = torch::cat({m.fixed.unsqueeze(0).expand({7, -1, -1}), m.inputs}, 2);
  const auto wanted =
      std::get<0>(lstm->forward(input, std::make_tuple(m.hidden.unsqueeze(0), m.cell.unsqueeze(0))));
  Lstm::Pass pass;
  m.net.begin(pass, m.fixed, m.hidden, m.cell);
  m.net.run(pass, 0, m.inputs.narrow(0, 0, 2));  // in parts: buffers grow in between
  m.net.run(pass, 2, m.inputs.narrow(0, 2, 5));
  EXPECT_LT(distance(m.net.hidden(pass, 0, 7).view({7, 8, 10}), wanted), 1e-6);
}

TEST(Lstm, GradientEqualsAutograd) {
  SmallLstm m;
  const int64_t row = 3;
  const torch::Tensor factor = normal({7, 5, 10}, 5);
  const torch::Tensor wanted = flat_gradient((m.plain(row) * factor).sum(), m.parameters);
  const torch::NoGradGuard no_grad;
  Lstm::Pass pass;
  m.net.begin(pass, m.fixed, m.hidden, m.cell);
  m.net.run(pass, 0, m.inputs);
  torch::Tensor gradient = torch::full_like(wanted, 9), d_hidden = factor.clone();
  m.net.backward(pass, row, d_hidden, m.parameters.views(gradient).data());
  EXPECT_LT(distance(gradient, wanted), 1e-5 * wanted.abs().max().item<double>());
}

TEST(Threads, OnlyWhileItLives) {
  const int before = at::get_num_threads();
  {
    const SingleThread single;
    EXPECT_EQ(at::get_num_threads(), 1);
  }
  EXPECT_EQ(at::get_num_threads(), before);
}

TEST(CheckLoss, NamesTheIteration) {
  check_loss(1.0, "the loss", 3);
  EXPECT_THROW(check_loss(-1e12, "the loss", 3), Error);
  try {
    check_loss(NAN, "the loss", 17);
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
