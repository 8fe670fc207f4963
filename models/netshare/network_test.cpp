#include "models/netshare/network.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/nn/plain.h"

namespace bench {
namespace {

/// Four bits, two words, a number.
Layout attribute_layout(int64_t given = 0, int64_t extra = 0) {
  Layout layout;
  layout.add(Head::Kind::category, 4, 2);
  layout.add(Head::Kind::word, 2, 1);
  layout.add(Head::Kind::unit, 1 + extra, 1);
  layout.given = given;
  layout.extra = extra;
  return layout;
}

/// Two numbers, a category of three, the generation flag; with gates a number that only one category has.
Layout feature_layout(bool gates = false, bool flags = true) {
  Layout layout;
  layout.add(Head::Kind::unit, 2, 1);
  layout.add(Head::Kind::category, 1, 3);
  if (gates) layout.add(Head::Kind::unit, 1, 1, 3);
  if (flags) layout.add(Head::Kind::category, 1, 2);
  return layout;
}

NetShareParams small_params(int64_t sample_len, const std::string& mask = "position") {
  NetShareParams params;
  params.attribute_layers = 3;
  params.attribute_units = 16;
  params.lstm_units = 12;
  params.sample_len = sample_len;
  params.init = "xavier";
  params.mask = mask;
  return params;
}

struct Case {
  std::string name;
  NetShareParams params = small_params(1);
  Layout attributes = attribute_layout(), features = feature_layout();
  int64_t longest = 20;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::vector<Case> cases() {
  std::vector<Case> out;
  out.push_back({.name = "plain"});
  out.push_back({.name = "blocks", .params = small_params(4), .longest = 22});
  out.push_back({.name = "block_mask", .params = small_params(4, "block")});
  out.push_back({.name = "gates", .params = small_params(3), .features = feature_layout(true)});
  out.push_back({.name = "extra", .attributes = attribute_layout(0, 4)});
  out.push_back({.name = "given",
                 .params = small_params(2),
                 .attributes = attribute_layout(6),
                 .features = feature_layout(false, false)});
  return out;
}

/// A network with noise that both it and the plain version below can ask for, in any order.
struct Built {
  Case c;
  GeneratorNetwork network;
  Noise noise;
  torch::Tensor steps, given;
  std::vector<int64_t> lengths;

  Built(const Case& which, int64_t rows, double flag_bias = 0)
      : c(which), network(c.params, c.attributes, c.features, c.longest) {
    network.build(nn::make_generator(Seed(1)), torch::kCPU);
    const torch::NoGradGuard no_grad;
    const auto generator = nn::make_generator(Seed(2));
    noise = draw_noise(c.params, c.attributes, rows, 1, generator, torch::kCPU);
    steps = torch::randn({std::min<int64_t>(c.longest, 64), rows, c.params.feature_latent}, generator);
    noise.feature = [this](int64_t first, int64_t n, const torch::Tensor& of) {
      const torch::Tensor part = steps.narrow(0, first, n);
      return of.defined() ? part.index_select(1, of) : part;
    };
    // Heavy weights, so that outputs differ; the flag says "more follow" the more often the larger the bias.
    torch::Tensor weight = tensor(1), bias = tensor(0);
    weight.mul_(4);
    for (int64_t s = 1; s <= c.params.sample_len; ++s) bias[s * c.features.width - 2] += flag_bias;
    // Running statistics that are not those of one batch.
    network.parameters().flat_buffers().add_(0.1);
    if (c.attributes.given == 0) return;
    const torch::Tensor coins = torch::rand({rows, c.attributes.given / 2, 1}, generator).round();
    given = torch::cat({coins, 1 - coins}, 2).view({rows, c.attributes.given});
    for (int64_t i = 0; i < rows; ++i) lengths.push_back(1 + i * 5 % c.longest);
  }
  /// Counted from the last: 0 output bias, 1 output weight, 2 LSTM bias, 3 from the state, 4 from the
  /// attributes.
  torch::Tensor tensor(size_t from_last) const {
    const auto& all = network.parameters().tensors();
    return all[all.size() - 1 - from_last];
  }
  bool by_flags() const { return lengths.empty(); }
};

torch::Tensor maybe_cat(const torch::Tensor& a, const torch::Tensor& b) {
  return b.defined() ? torch::cat({a, b}, 1) : a;
}

/// Soft attributes of the rows by library operations.
torch::Tensor plain_attributes(const Built& b, int64_t first, int64_t rows, bool training) {
  const auto& all = b.network.parameters().tensors();
  const torch::Tensor buffers = const_cast<Built&>(b).network.parameters().flat_buffers();
  size_t next = 0;
  int64_t buffer = 0;
  const auto of = [&](const torch::Tensor& t) { return t.defined() ? t.narrow(0, first, rows) : t; };
  const auto mlp = [&](torch::Tensor x) {
    for (int64_t i = 0; i + 1 < b.c.params.attribute_layers; ++i, next += 4, buffer += 32) {
      x = torch::relu(torch::matmul(x, all[next]) + all[next + 1]);
      x = torch::batch_norm(
          x, all[next + 2], all[next + 3], training ? torch::Tensor() : buffers.narrow(0, buffer, 16),
          training ? torch::Tensor() : buffers.narrow(0, buffer + 16, 16), training, 0.1, 1e-5, false);
    }
    next += 2;
    return torch::matmul(x, all[next - 2]) + all[next - 1];
  };
  torch::Tensor row =
      nn::plain_activate(b.c.attributes, mlp(maybe_cat(of(b.noise.attribute), of(b.given))), of(b.given));
  if (b.c.attributes.extra == 0) return row;
  const torch::Tensor whole = torch::constant_pad_nd(row.detach(), {0, b.c.attributes.extra});
  const torch::Tensor discrete = b.network.discretised(whole).narrow(1, 0, row.size(1));
  return nn::plain_activate(b.c.attributes, mlp(torch::cat({of(b.noise.extra), discrete}, 1)), row);
}

/// Features [rows, R S, F] over all steps without any mask.
torch::Tensor plain_features(const Built& b, const torch::Tensor& discrete, int64_t first) {
  const int64_t rows = discrete.size(0), block = b.c.params.sample_len, width = b.c.features.width;
  torch::Tensor hidden = b.noise.hidden.narrow(0, first, rows), cell = b.noise.cell.narrow(0, first, rows);
  const torch::Tensor fixed = torch::matmul(discrete, b.tensor(4)) + b.tensor(2);
  std::vector<torch::Tensor> out;
  for (int64_t r = 0; r < (b.c.longest + block - 1) / block; ++r) {
    const torch::Tensor state = torch::cat({hidden, b.steps[r].narrow(0, first, rows)}, 1);
    nn::plain_lstm_step(fixed + torch::matmul(state, b.tensor(3)), hidden, cell);
    const torch::Tensor raw = torch::matmul(hidden, b.tensor(1)) + b.tensor(0);
    out.push_back(nn::plain_activate(b.c.features, raw.view({-1, width})).view({rows, block, width}));
  }
  return torch::cat(out, 1);
}

/// Records of a sample [positions, F] as the flags say, at most `longest`.
int64_t length_by_flags(const torch::Tensor& sample, int64_t longest) {
  const int64_t width = sample.size(1);
  int64_t length = 1;
  while (length < longest && (sample[length - 1][width - 2] > sample[length - 1][width - 1]).item<bool>())
    ++length;
  return length;
}

class EveryCase : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Network, EveryCase, ::testing::ValuesIn(cases()),
                         [](const auto& i) { return i.param.name; });

TEST_P(EveryCase, EqualsThePlainVersionWithItsGradient) {
  constexpr int64_t kGroups = 3, kBatch = 10;
  for (const double flag_bias : {0.0, 3.0}) {
    Built b(GetParam(), kGroups * kBatch, flag_bias);
    b.network.generate(b.noise, kGroups, b.given, b.lengths);
    std::vector<int64_t> seen;
    for (int64_t g = 0; g < kGroups; ++g) {
      const Batch batch = b.network.batch(g);
      const torch::Tensor attributes = plain_attributes(b, g * kBatch, kBatch, true);
      ASSERT_EQ(batch.attributes.sizes(), attributes.sizes());
      EXPECT_LT((batch.attributes - attributes).abs().max().item<double>(), 1e-5);
      const torch::Tensor whole = plain_features(b, b.network.discretised(attributes.detach()), g * kBatch);
      torch::Tensor mask = torch::zeros({kBatch, whole.size(1), 1});
      int64_t longest = 0;
      for (int64_t i = 0; i < kBatch; ++i) {
        const auto row = static_cast<size_t>(g * kBatch + i);
        int64_t length = b.by_flags() ? length_by_flags(whole[i], b.c.longest) : b.lengths[row];
        EXPECT_EQ(batch.lengths[static_cast<size_t>(i)], length);
        seen.push_back(length);
        const int64_t block = b.c.params.mask == "block" ? b.c.params.sample_len : 1;
        length = (length + block - 1) / block * block;
        mask[i].narrow(0, 0, length).fill_(1);
        longest = std::max(longest, length);
      }
      const torch::Tensor features = (whole * mask).narrow(1, 0, longest);
      ASSERT_EQ(batch.features.sizes(), features.sizes());
      EXPECT_LT((batch.features - features).abs().max().item<double>(), 1e-5);
      if (g + 1 < kGroups) continue;
      const auto generator = nn::make_generator(Seed(5));
      torch::Tensor d_attributes = torch::randn(attributes.sizes(), generator),
                    d_features = torch::randn(features.sizes(), generator);
      const auto wanted =
          torch::autograd::grad({(attributes * d_attributes).sum() + (features * d_features).sum()},
                                b.network.parameters().tensors());
      torch::Tensor gradient = torch::full({b.network.parameters().count()}, 9.0F);
      b.network.backward(d_attributes, d_features, gradient);
      const auto ours = b.network.parameters().views(gradient);
      for (size_t i = 0; i < ours.size(); ++i) {
        const double size = wanted[i].norm().item<double>();
        EXPECT_LT((ours[i] - wanted[i]).norm().item<double>(), 1e-4 * size + 1e-5) << "tensor " << i;
      }
    }
    if (flag_bias > 0) continue;  // whole samples may all be full then
    EXPECT_NE(*std::min_element(seen.begin(), seen.end()), *std::max_element(seen.begin(), seen.end()));
  }
}

TEST_P(EveryCase, SamplingEqualsThePlainVersion) {
  constexpr int64_t kRows = 40;
  for (const double flag_bias : {0.0, 3.0}) {
    Built b(GetParam(), kRows, flag_bias);
    const torch::NoGradGuard no_grad;
    const torch::Tensor attributes = b.network.attributes(b.noise, b.given);
    EXPECT_LT((attributes - plain_attributes(b, 0, kRows, false)).abs().max().item<double>(), 1e-5);
    const torch::Tensor discrete = b.network.discretised(attributes);
    FlowSamples out;
    b.network.sample(discrete, b.noise, b.lengths, out);
    const torch::Tensor whole = plain_features(b, discrete, 0);
    ASSERT_EQ(out.size(), static_cast<size_t>(kRows));
    const int64_t width = b.c.features.width;
    for (int64_t i = 0; i < kRows; ++i) {
      const auto row = static_cast<size_t>(i);
      const int64_t length = b.by_flags() ? length_by_flags(whole[i], b.c.longest) : b.lengths[row];
      ASSERT_EQ(static_cast<int64_t>(out.offsets[row + 1] - out.offsets[row]), length);
      const torch::Tensor records = torch::from_blob(
          out.features.data() + out.offsets[row] * static_cast<size_t>(width), {length, width});
      EXPECT_LT((records - whole[i].narrow(0, 0, length)).abs().max().item<double>(), 1e-5);
    }
  }
}

TEST(GeneratorNetwork, StopsOnceEverySampleHasEnded) {
  Built b({.name = "short", .longest = 100'000'000}, 6, -50);  // asking for all its noise would throw
  b.network.generate(b.noise, 1, {}, {});
  EXPECT_EQ(b.network.batch(0).features.sizes(), (std::vector<int64_t>{6, 1, 7}));
}

TEST(GeneratorNetwork, GivenColumnsComeBackUnchanged) {
  Built b(cases().back(), 20);
  b.network.generate(b.noise, 2, b.given, b.lengths);
  EXPECT_TRUE(torch::equal(b.network.batch(1).attributes.narrow(1, 0, 6), b.given.narrow(0, 10, 10)));
  EXPECT_TRUE(torch::equal(b.network.attributes(b.noise, b.given).narrow(1, 0, 6), b.given));
}

TEST(Noise, TilesRepeatAllButTheFirstStates) {
  const auto generator = nn::make_generator(Seed(1));
  const Noise noise = draw_noise(small_params(1), attribute_layout(0, 1), 12, 3, generator, torch::kCPU);
  const auto repeats = [](const torch::Tensor& x, int64_t dim) {
    return torch::equal(x.narrow(dim, 0, 4), x.narrow(dim, 8, 4));
  };
  EXPECT_TRUE(repeats(noise.attribute, 0));
  EXPECT_TRUE(repeats(noise.extra, 0));
  EXPECT_TRUE(repeats(noise.feature(0, 2, {}), 1));
  EXPECT_FALSE(repeats(noise.hidden, 0));
  EXPECT_FALSE(repeats(noise.cell, 0));
}

}  // namespace
}  // namespace bench
