#include "models/netshare/critic.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "models/nn/plain.h"

namespace bench {
namespace {

constexpr int64_t kAttributes = 5, kFeatures = 3, kLongest = 6;

CriticShape small_shape(int64_t layers, int64_t packing) {
  return {kAttributes, kFeatures, kLongest, packing, 11, layers};
}

std::unique_ptr<Critic> flat(const CriticShape& shape, bool half = false) {
  return make_flat_critic(shape, half, nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
}

/// Samples with up to `longest` records, zeros behind them.
Batch samples(int64_t count, int64_t longest, uint64_t seed) {
  const auto generator = nn::make_generator(Seed(seed));
  Batch batch;
  batch.attributes = torch::rand({count, kAttributes}, generator);
  batch.features = torch::rand({count, longest, kFeatures}, generator);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t length = 1 + (i * 7 + 3) % longest;
    batch.lengths.push_back(i == 0 ? longest : length);
    batch.features[i].narrow(0, batch.lengths.back(), longest - batch.lengths.back()).zero_();
  }
  return batch;
}

/// A batch as rows of doubles [packs, width]: all attributes, then by position all features.
torch::Tensor rows_of(const Batch& batch, int64_t packing) {
  const int64_t packs = batch.attributes.size(0) / packing, length = batch.features.size(1);
  std::vector<torch::Tensor> out;
  for (int64_t p = 0; p < packs; ++p) {
    std::vector<torch::Tensor> parts;
    for (int64_t k = 0; k < packing; ++k) parts.push_back(batch.attributes[p * packing + k]);
    for (int64_t t = 0; t < kLongest; ++t) {
      for (int64_t k = 0; k < packing; ++k) {
        parts.push_back(t < length ? batch.features[p * packing + k][t] : torch::zeros({kFeatures}));
      }
    }
    out.push_back(torch::cat(parts));
  }
  return torch::stack(out).to(torch::kDouble);
}

/// The flat critic's weights in double precision, as leaves.
struct Reference {
  std::vector<torch::Tensor> weights, biases, leaves;

  Reference(const Critic& critic, int64_t layers) {
    for (const auto& t : const_cast<Critic&>(critic).parameters().tensors())
      leaves.push_back(t.detach().to(torch::kDouble).requires_grad_(true));
    for (size_t i = 0; i < static_cast<size_t>(layers); ++i) {
      weights.push_back(leaves[2 * i]);
      biases.push_back(leaves[2 * i + 1]);
    }
  }
  torch::Tensor operator()(const torch::Tensor& x) const { return nn::plain_mlp(weights, biases, x); }
  torch::Tensor loss(const torch::Tensor& real, const torch::Tensor& fake, const torch::Tensor& alpha,
                     double penalty) const {
    const torch::Tensor between = (alpha.defined() ? real + alpha.to(torch::kDouble) * (fake - real) : fake)
                                      .detach()
                                      .requires_grad_(true);
    const torch::Tensor slope = torch::autograd::grad({(*this)(between).sum()}, {between}, {}, true, true)[0];
    return (*this)(fake).mean() - (*this)(real).mean() + penalty * nn::plain_penalty(slope);
  }
  torch::Tensor gradient(const torch::Tensor& loss) const {
    std::vector<torch::Tensor> parts;
    const auto gradients = torch::autograd::grad({loss}, leaves, {}, c10::nullopt, false, true);
    for (size_t i = 0; i < leaves.size(); ++i) {
      parts.push_back((gradients[i].defined() ? gradients[i] : torch::zeros_like(leaves[i])).reshape({-1}));
    }
    return torch::cat(parts);
  }
};

/// Adam's first moment after one step is half the gradient.
torch::Tensor gradient_of_first_step(const Critic& critic) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "critic_gradient_test.h5";
  H5Writer writer(path);
  critic.save(writer, "critic");
  writer.finish();
  auto first = H5Reader(path).column<float>("critic:first");
  std::filesystem::remove(path);
  return torch::tensor(first).to(torch::kDouble) * 2;
}

double relative(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

TEST(FlatCritic, StepEqualsAutograd) {
  for (const int64_t layers : {1, 2, 4}) {
    for (const int64_t packing : {1, 3}) {
      for (const bool uniform : {true, false}) {
        const auto critic = flat(small_shape(layers, packing));
        const Batch real = samples(20, 6, 1), fake = samples(20, 4, 2);
        const torch::Tensor alpha =
            uniform ? torch::rand({20 / packing, 1}, nn::make_generator(Seed(3))) : torch::Tensor();
        const Reference reference(*critic, layers);
        const torch::Tensor loss = reference.loss(rows_of(real, packing), rows_of(fake, packing), alpha, 10);
        const torch::Tensor wanted = reference.gradient(loss);
        critic->step(real, fake, alpha, 10, 1e-3);
        EXPECT_LT(relative(gradient_of_first_step(*critic), wanted), 1e-5)
            << layers << " layers, packing " << packing << ", uniform " << uniform;
        EXPECT_NEAR(critic->loss(), loss.item<double>(), 1e-4);
      }
    }
  }
}

TEST(FlatCritic, ThePenaltyAloneEqualsAutograd) {
  // With equal real and fake samples the other terms vanish.
  const auto critic = flat(small_shape(4, 1));
  const Batch both = samples(15, 6, 1);
  const Reference reference(*critic, 4);
  const torch::Tensor alpha = torch::rand({15, 1}, nn::make_generator(Seed(3)));
  const torch::Tensor wanted =
      reference.gradient(reference.loss(rows_of(both, 1), rows_of(both, 1), alpha, 7));
  critic->step(both, both, alpha, 7, 1e-3);
  EXPECT_LT(relative(gradient_of_first_step(*critic), wanted), 1e-5);
}

TEST(FlatCritic, WithoutPenalty) {
  const auto critic = flat(small_shape(3, 1));
  const Batch real = samples(15, 6, 1), fake = samples(15, 6, 2);
  const Reference reference(*critic, 3);
  const torch::Tensor wanted =
      reference.gradient(reference(rows_of(fake, 1)).mean() - reference(rows_of(real, 1)).mean());
  critic->step(real, fake, torch::rand({15, 1}), 0, 1e-3);
  EXPECT_LT(relative(gradient_of_first_step(*critic), wanted), 1e-5);
}

TEST(FlatCritic, ShortBatchesMultiplyFewerColumnsWithTheSameResult) {
  const auto trimmed = flat(small_shape(3, 2)), whole = flat(small_shape(3, 2));
  for (const int64_t length : {2, 5, 1, 6, 3}) {
    Batch real = samples(12, length, 1), fake = samples(12, std::max<int64_t>(length - 1, 1), 2);
    const torch::Tensor alpha = torch::rand({6, 1}, nn::make_generator(Seed(3)));
    trimmed->step(real, fake, alpha, 10, 1e-2);
    for (Batch* batch : {&real, &fake}) {
      batch->features = torch::constant_pad_nd(batch->features, {0, 0, 0, 6 - batch->features.size(1)});
    }
    whole->step(real, fake, alpha, 10, 1e-2);
  }
  EXPECT_LT((trimmed->parameters().flat() - whole->parameters().flat()).abs().max().item<double>(), 2e-5);
}

TEST(FlatCritic, GradientOfTheSamplesEqualsAutograd) {
  for (const int64_t layers : {1, 3}) {
    for (const int64_t packing : {1, 3}) {
      const auto critic = flat(small_shape(layers, packing));
      const Batch fake = samples(10, 4, 2);
      Batch leaf = fake;
      leaf.attributes = fake.attributes.clone().requires_grad_(true);
      leaf.features = fake.features.clone().requires_grad_(true);
      const Reference reference(*critic, layers);
      const auto wanted = torch::autograd::grad({-reference(rows_of(leaf, packing)).mean()},
                                                {leaf.attributes, leaf.features});
      torch::Tensor d_attributes = torch::ones({10, kAttributes}),
                    d_features = torch::ones({10, 4, kFeatures});
      critic->sample_gradient(fake, d_attributes, d_features);
      EXPECT_LT((d_attributes - 1 - wanted[0]).abs().max().item<double>(), 1e-6);
      EXPECT_LT((d_features - 1 - wanted[1]).abs().max().item<double>(), 1e-6);
      EXPECT_GT(wanted[1].abs().max().item<double>(), 1e-3);
    }
  }
}

TEST(FlatCritic, AttributesOnly) {
  CriticShape shape = small_shape(3, 1);
  shape.features = 0;
  const auto critic = flat(shape);
  const Batch real = samples(20, 6, 1), fake = samples(20, 4, 2);
  const Reference reference(*critic, 3);
  const auto of = [](const Batch& b) { return b.attributes.to(torch::kDouble); };
  const torch::Tensor alpha = torch::rand({20, 1}, nn::make_generator(Seed(3)));
  const torch::Tensor wanted = reference.gradient(reference.loss(of(real), of(fake), alpha, 10));
  critic->step(real, fake, alpha, 10, 1e-3);
  EXPECT_LT(relative(gradient_of_first_step(*critic), wanted), 1e-5);
}

TEST(FlatCritic, Bfloat16IsClose) {
  try {
    require_bfloat16(torch::kCPU);
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::unsupported);
    GTEST_SKIP() << e.what();
  }
  const auto half = flat(small_shape(4, 1), true), full = flat(small_shape(4, 1));
  const Batch real = samples(64, 6, 1), fake = samples(64, 6, 2);
  const torch::Tensor alpha = torch::rand({64, 1}, nn::make_generator(Seed(3)));
  half->step(real, fake, alpha, 10, 1e-3);
  full->step(real, fake, alpha, 10, 1e-3);
  const double difference = relative(gradient_of_first_step(*half), gradient_of_first_step(*full));
  EXPECT_LT(difference, 0.05);
  EXPECT_GT(difference, 0);
  EXPECT_EQ(half->parameters().flat().scalar_type(), torch::kFloat);
}

class EveryCritic : public ::testing::TestWithParam<bool> {
 public:
  static std::unique_ptr<Critic> make(int64_t packing) {
    const CriticShape shape = small_shape(3, packing);
    if (!GetParam()) return flat(shape);
    return make_pooled_critic(shape, nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, EveryCritic, ::testing::Bool(),
                         [](const auto& i) { return i.param ? "pooled" : "flat"; });

TEST_P(EveryCritic, LearnsToTellSamplesApart) {
  for (const int64_t packing : {1, 3}) {
    const auto critic = EveryCritic::make(packing);
    const Batch real = samples(20, 6, 1), fake = samples(20, 4, 2);
    double first = 0;
    for (int i = 0; i < 200; ++i) {
      const auto generator = nn::make_generator(Seed(static_cast<uint64_t>(i)));
      critic->step(real, fake, torch::rand({20 / packing, 1}, generator), 10, 1e-2);
      if (i == 0) first = critic->loss();
    }
    EXPECT_LT(critic->loss(), std::min(first, 0.0) - 0.1);
  }
}

TEST_P(EveryCritic, TheGradientOfTheSamplesIsTheSlopeOfTheScore) {
  const auto critic = EveryCritic::make(1);
  const Batch fake = samples(8, 5, 2);
  torch::Tensor d_attributes = torch::zeros({8, kAttributes}), d_features = torch::zeros({8, 5, kFeatures});
  critic->sample_gradient(fake, d_attributes, d_features);
  // loss() after a step is mean D(fake) - mean D(real), so moving the fakes along the gradient changes it by
  // -|gradient|^2; a step at rate 0 leaves the weights.
  const double squared = (d_attributes.square().sum() + d_features.square().sum()).item<double>();
  const double step = 1e-2 / std::sqrt(squared);
  const auto loss_at = [&](double shift) {
    Batch moved = fake;
    moved.attributes = fake.attributes + shift * d_attributes;
    moved.features = fake.features + shift * d_features;
    critic->step(fake, moved, torch::Tensor(), 0, 0);
    return critic->loss();
  };
  EXPECT_NEAR((loss_at(step) - loss_at(-step)) / (2 * step), -squared, 0.05 * squared);
}

TEST_P(EveryCritic, ContinuesFromAFile) {
  const auto path = std::filesystem::path(::testing::TempDir()) / (GetParam() ? "pooled.h5" : "flat.h5");
  const auto a = EveryCritic::make(1), b = EveryCritic::make(1);
  const Batch real = samples(20, 6, 1), fake = samples(20, 4, 2);
  const auto step = [&](Critic& critic, uint64_t seed) {
    critic.step(real, fake, torch::rand({20, 1}, nn::make_generator(Seed(seed))), 10, 1e-2);
  };
  step(*a, 1);
  step(*a, 2);
  H5Writer writer(path);
  a->save(writer, "critic");
  writer.finish();
  b->load(H5Reader(path), "critic", true);
  step(*a, 3);
  step(*b, 3);
  EXPECT_TRUE(torch::equal(a->parameters().flat(), b->parameters().flat()));
  std::filesystem::remove(path);
}

TEST(PooledCritic, WhatStandsBehindTheEndDoesNotCount) {
  const auto critic =
      make_pooled_critic(small_shape(3, 1), nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  const Batch fake = samples(10, 5, 2);
  torch::Tensor d_attributes = torch::zeros({10, kAttributes}), d_features = torch::zeros({10, 5, kFeatures});
  critic->sample_gradient(fake, d_attributes, d_features);
  for (int64_t i = 0; i < 10; ++i) {
    const int64_t length = fake.lengths[static_cast<size_t>(i)];
    EXPECT_EQ(d_features[i].narrow(0, length, 5 - length).abs().sum().item<double>(), 0);
  }
  Batch padded = fake;
  padded.features = torch::constant_pad_nd(fake.features, {0, 0, 0, 1});
  torch::Tensor a = torch::zeros({10, kAttributes}), f = torch::zeros({10, 6, kFeatures});
  critic->sample_gradient(padded, a, f);
  EXPECT_LT((a - d_attributes).abs().max().item<double>(), 1e-6);
}

}  // namespace
}  // namespace bench
