#include "models/nn/residual_mlp.h"

#include <gtest/gtest.h>

namespace bench::nn {
namespace {

struct SmallNet {
  Parameters parameters;
  ResidualMlp net;
  SmallNet(int64_t in, int64_t units, int64_t blocks, int64_t out)
      : net(parameters, "net", in, units, blocks, out) {
    parameters.build(Init::xavier, make_generator(Seed(1)), torch::kCPU);
  }
};

/// By library operations: Linear, batch normalisation, ReLU, beside the input.
torch::Tensor plain(const Parameters& parameters, torch::Tensor x, size_t blocks) {
  const auto& t = parameters.tensors();
  for (size_t i = 0; i < blocks; ++i) {
    torch::Tensor h = torch::addmm(t[4 * i + 1], x, t[4 * i]);
    h = torch::batch_norm(h, t[4 * i + 2], t[4 * i + 3], {}, {}, true, 0.1, 1e-5, false);
    x = torch::cat({x, torch::relu(h)}, 1);
  }
  return torch::addmm(t[4 * blocks + 1], x, t[4 * blocks]);
}

TEST(ResidualMlp, OutputAndGradientAreThoseOfAutograd) {
  for (const int64_t blocks : {0, 1, 3}) {
    SmallNet small(4, 6, blocks, 3);
    const auto generator = make_generator(Seed(2));
    const torch::Tensor x = torch::randn({9, 4}, generator), d_out = torch::randn({9, 3}, generator);
    ResidualMlp::Pass pass;
    torch::Tensor gradient = torch::zeros_like(small.parameters.flat());
    {
      const torch::NoGradGuard no_grad;
      torch::Tensor& scales = small.parameters.flat();
      scales.add_(torch::randn(scales.sizes(), generator), 0.1);  // scales and shifts off 1 and 0
      small.net.input(pass, 9).copy_(x);
      small.net.forward(pass, 0.1);
      auto views = small.parameters.views(gradient);
      small.net.backward(pass, d_out, views);
    }
    const torch::Tensor out = plain(small.parameters, x, static_cast<size_t>(blocks));
    EXPECT_LT((out - pass.out).abs().max().item<double>(), 1e-5);
    std::vector<torch::Tensor> parts;
    for (const auto& g : torch::autograd::grad({out}, small.parameters.tensors(), {d_out}))
      parts.push_back(g.reshape({-1}));
    EXPECT_LT((torch::cat(parts) - gradient).abs().max().item<double>(), 1e-4);
  }
}

TEST(ResidualMlp, RunningStatisticsTakeOverInSampling) {
  SmallNet small(4, 6, 2, 3);
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = torch::randn({40, 4}, make_generator(Seed(2)));
  ResidualMlp::Pass pass, other;
  for (int i = 0; i < 200; ++i) {
    small.net.input(pass, 40).copy_(x);
    small.net.forward(pass, 0.1);
  }
  small.net.input(other, 40).copy_(x);
  small.net.infer(other);
  // The running variance is the unbiased one: 40 / 39 of the batch's.
  EXPECT_LT((pass.out - other.out).abs().max().item<double>(), 0.1);
  small.net.input(other, 1).copy_(x.narrow(0, 7, 1));
  small.net.infer(other);
  EXPECT_LT((pass.out[7] - other.out[0]).abs().max().item<double>(), 0.1);
}

}  // namespace
}  // namespace bench::nn
