#include "models/netshare/network.h"

#include <gtest/gtest.h>

namespace bench {
namespace {

Layout attribute_layout() {
  Layout layout;
  layout.add(Head::Kind::category, 4, 2);
  layout.add(Head::Kind::unit, 1, 1);
  return layout;
}

/// Two numbers, a category of three, the generation flag.
Layout feature_layout() {
  Layout layout;
  layout.add(Head::Kind::unit, 2, 1);
  layout.add(Head::Kind::category, 1, 3);
  layout.add(Head::Kind::category, 1, 2);
  return layout;
}

NetShareParams small_params(int64_t sample_len) {
  NetShareParams params;
  params.attribute_layers = 3;
  params.attribute_units = 16;
  params.lstm_units = 12;
  params.sample_len = sample_len;
  params.init = "xavier";
  return params;
}

struct Built {
  NetShareParams params;
  GeneratorNetwork network;
  Built(const NetShareParams& p, int64_t positions)
      : params(p), network(p, attribute_layout(), feature_layout(), positions) {
    network.build(nn::make_generator(Seed(1)), torch::kCPU);
  }
  Noise noise(int64_t batch) const {
    return draw_noise(params, batch, network.steps(), nn::make_generator(Seed(2)), torch::kCPU);
  }
};

TEST(GeneratorNetwork, Shapes) {
  const Built built(small_params(4), 12);
  const Noise noise = built.noise(7);
  EXPECT_EQ(noise.feature.sizes(), (std::vector<int64_t>{3, 7, 5}));
  const torch::Tensor attributes = built.network.attributes(noise, true);
  EXPECT_EQ(attributes.sizes(), (std::vector<int64_t>{7, 9}));
  EXPECT_EQ(built.network.features(attributes, noise).sizes(), (std::vector<int64_t>{7, 12, 7}));
}

/// Positions up to the first whose flag says "last", by hand.
int64_t length_of(const torch::Tensor& sample) {
  int64_t length = 1;
  while (length < sample.size(0) && sample[length - 1][5].item<float>() > sample[length - 1][6].item<float>())
    ++length;
  return length;
}

TEST(GeneratorNetwork, NothingFollowsTheEndOfAFlow) {
  const Built built(small_params(4), 24);
  const Noise noise = built.noise(60);
  const torch::Tensor out = built.network.features(built.network.attributes(noise, true), noise);
  bool several_lengths = false;
  for (int64_t b = 0; b < 60; ++b) {
    const int64_t length = length_of(out[b]);
    several_lengths |= length != length_of(out[0]);
    for (int64_t p = 0; p < 24; ++p) {
      EXPECT_NEAR(out[b][p].narrow(0, 5, 2).sum().item<double>(), p < length ? 1 : 0, 1e-6);
      if (p >= length) {
        EXPECT_EQ(out[b][p].abs().sum().item<double>(), 0);
      }
    }
  }
  EXPECT_TRUE(several_lengths);
}

TEST(GeneratorNetwork, BlockMaskLeavesTheLastBlockOpen) {
  NetShareParams params = small_params(4);
  params.mask = "block";
  const Built built(params, 12);
  const Noise noise = built.noise(60);
  const torch::Tensor out = built.network.features(built.network.attributes(noise, true), noise);
  for (int64_t b = 0; b < 60; ++b) {
    const int64_t open = (length_of(out[b]) + 3) / 4 * 4;
    for (int64_t p = 0; p < 12; ++p) {
      EXPECT_NEAR(out[b][p].narrow(0, 5, 2).sum().item<double>(), p < open ? 1 : 0, 1e-6);
    }
  }
}

TEST(GeneratorNetwork, StopsEarlyAndPadsWithZeros) {
  Built built(small_params(1), 500);
  {
    const torch::NoGradGuard no_grad;
    built.network.parameters().tensors().back()[6] += 50;  // the flag's "last" column
  }
  const Noise noise = built.noise(3);
  const torch::Tensor out = built.network.features(built.network.attributes(noise, true), noise);
  ASSERT_EQ(out.size(1), 500);
  EXPECT_EQ(out.narrow(1, 1, 499).abs().sum().item<double>(), 0);
  EXPECT_GT(out.narrow(1, 0, 1).abs().sum().item<double>(), 0);
}

TEST(GeneratorNetwork, ItsLstmIsTheLibrarys) {
  NetShareParams params = small_params(2);
  params.attribute_layers = 1;
  Built built(params, 20);  // 10 steps: more than one segment
  auto& tensors = built.network.parameters().tensors();
  // Order of registration: attribute.out (2), lstm (4), feature.out (2).
  const torch::Tensor from_attributes = tensors[2], from_noise = tensors[3], from_hidden = tensors[4],
                      bias = tensors[5], out_weight = tensors[6], out_bias = tensors[7];
  const torch::NoGradGuard no_grad;
  for (const int64_t column : {5, 12}) out_bias[column] += 50;  // every flag says "another record follows"
  EXPECT_EQ(bias.narrow(0, 12, 12).min().item<double>(), 1);    // forget gates
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(9 + 5, 12));
  const auto reorder =
      [](const torch::Tensor& t) {  // input, forget, output, candidate -> input, forget, candidate, output
        const auto parts = t.chunk(4, 0);
        return torch::cat({parts[0], parts[1], parts[3], parts[2]});
      };
  auto theirs = lstm->named_parameters();
  theirs["weight_ih_l0"].copy_(reorder(torch::cat({from_attributes, from_noise}, 1)));
  theirs["weight_hh_l0"].copy_(reorder(from_hidden));
  theirs["bias_ih_l0"].copy_(reorder(bias));
  theirs["bias_hh_l0"].zero_();
  const Noise noise = built.noise(6);
  const torch::Tensor attributes = built.network.attributes(noise, true);
  const torch::Tensor input = torch::cat({attributes.unsqueeze(0).expand({10, -1, -1}), noise.feature}, 2);
  const auto states = std::make_tuple(noise.hidden.unsqueeze(0), noise.cell.unsqueeze(0));
  const torch::Tensor hidden = std::get<0>(lstm->forward(input, states)).transpose(0, 1);
  const torch::Tensor raw = torch::matmul(hidden, out_weight.t()) + out_bias;
  const torch::Tensor wanted = nn::activate(feature_layout(), raw.reshape({120, 7})).view({6, 20, 7});
  EXPECT_LT((built.network.features(attributes, noise) - wanted).abs().max().item<double>(), 1e-5);
}

TEST(GeneratorNetwork, TheGeneratorLearnsThroughTheMask) {
  const Built built(small_params(1), 6);
  const Noise noise = built.noise(50);
  const torch::Tensor attributes = built.network.attributes(noise, true);
  const torch::Tensor features =
      built.network.features(nn::discretise(attribute_layout(), attributes), noise);
  const auto gradients =
      torch::autograd::grad({attributes.sum() + features.square().sum()},
                            built.network.parameters().tensors(), {}, c10::nullopt, false, true);
  for (const auto& gradient : gradients) {
    ASSERT_TRUE(gradient.defined());
    EXPECT_TRUE(torch::isfinite(gradient).all().item<bool>());
  }
}

}  // namespace
}  // namespace bench
