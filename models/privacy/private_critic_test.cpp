// Private steps of critics against gradients of single examples by automatic differentiation in double.
#include <gtest/gtest.h>

#include <cmath>

#include "models/netshare/critic.h"
#include "models/nn/plain.h"
#include "models/nn/row_critic.h"
#include "models/privacy/dp_sgd.h"

namespace bench {
namespace {

constexpr int64_t kAttributes = 5, kFeatures = 3, kLongest = 6;
constexpr double kHuge = 1e30;  // a norm that no gradient exceeds

/// Samples of full length `positions`.
Batch batch_of(int64_t count, int64_t positions, at::Generator generator) {
  Batch batch;
  batch.attributes = torch::rand({count, kAttributes}, generator);
  batch.features = torch::rand({count, positions, kFeatures}, generator);
  batch.lengths.assign(static_cast<size_t>(count), positions);
  return batch;
}

Batch part(const Batch& batch, int64_t first, int64_t count) {
  Batch out;
  out.attributes = batch.attributes.narrow(0, first, count);
  out.features = batch.features.narrow(0, first, count);
  out.lengths.assign(batch.lengths.begin() + first, batch.lengths.begin() + first + count);
  return out;
}

Batch without(const Batch& batch, int64_t i) {
  const int64_t n = batch.attributes.size(0);
  const Batch before = part(batch, 0, i), behind = part(batch, i + 1, n - i - 1);
  Batch out;
  out.attributes = torch::cat({before.attributes, behind.attributes});
  out.features = torch::cat({before.features, behind.features});
  out.lengths = before.lengths;
  out.lengths.insert(out.lengths.end(), behind.lengths.begin(), behind.lengths.end());
  return out;
}

/// Rows as the flat critic sees them, in double.
torch::Tensor rows_of(const Batch& batch, bool features) {
  torch::Tensor rows = batch.attributes;
  if (features) {
    const torch::Tensor flat = batch.features.flatten(1);
    rows = torch::cat({rows, torch::constant_pad_nd(flat, {0, kLongest * kFeatures - flat.size(1)})}, 1);
  }
  return rows.to(torch::kDouble);
}

std::unique_ptr<Critic> flat(int64_t layers, int64_t units, bool features = true) {
  const CriticShape shape{kAttributes, features ? kFeatures : 0, kLongest, 1, units, layers};
  return make_flat_critic(shape, false, nn::Init::standard, nn::make_generator(Seed(1)), torch::kCPU);
}

std::shared_ptr<DpSgd> privacy(double clip, double noise, double expected, uint64_t seed = 1) {
  return std::make_shared<DpSgd>(DpSgdOptions{clip, noise, expected}, Seed(seed));
}

/// score(leaves, rows, which of real 0, fake 1, between 2, example).
using Score =
    std::function<torch::Tensor(const std::vector<torch::Tensor>&, const torch::Tensor&, int64_t, int64_t)>;

/// Gradient of each example's loss [n, parameters.count()] in double; `alpha` undefined: penalty at the fake
/// rows; `small` stands under the root of a slope's norm.
torch::Tensor gradients_one_by_one(const nn::Parameters& parameters, const Score& score,
                                   const torch::Tensor& real, const torch::Tensor& fake,
                                   const torch::Tensor& alpha, double penalty, double small = 1e-8) {
  const torch::AutoGradMode gradients_on(true);
  std::vector<torch::Tensor> leaves, out;
  for (const auto& t : parameters.tensors())
    leaves.push_back(t.detach().to(torch::kDouble).requires_grad_(true));
  for (int64_t i = 0; i < real.size(0); ++i) {
    const torch::Tensor x = real.narrow(0, i, 1), y = fake.narrow(0, i, 1);
    const torch::Tensor point = alpha.defined() ? x + alpha[i].item<double>() * (y - x) : y;
    const torch::Tensor at = point.detach().clone().requires_grad_(true);
    torch::Tensor loss = (score(leaves, y, 1, i) - score(leaves, x, 0, i)).sum();
    if (penalty > 0) {
      const auto slope =
          torch::autograd::grad({score(leaves, at, alpha.defined() ? 2 : 1, i).sum()}, {at}, {}, true, true);
      loss = loss + penalty * ((slope[0].square().sum() + small).sqrt() - 1).square();
    }
    const auto own = torch::autograd::grad({loss}, leaves, {}, c10::nullopt, false, true);
    std::vector<torch::Tensor> parts;
    for (size_t k = 0; k < own.size(); ++k)
      parts.push_back((own[k].defined() ? own[k] : torch::zeros_like(leaves[k])).reshape({-1}));
    out.push_back(torch::cat(parts));
  }
  return torch::stack(out);
}

torch::Tensor flat_score(const std::vector<torch::Tensor>& leaves, const torch::Tensor& rows, int64_t,
                         int64_t) {
  std::vector<torch::Tensor> weights, biases;
  for (size_t k = 0; k < leaves.size(); k += 2) {
    weights.push_back(leaves[k]);
    biases.push_back(leaves[k + 1]);
  }
  return nn::plain_mlp(weights, biases, rows);
}

torch::Tensor clipped_sum(const torch::Tensor& each, double clip) {
  return (each * (clip / each.norm(2, 1)).clamp_max(1).unsqueeze(1)).sum(0);
}

double relative(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

class PrivateFlatCritic : public ::testing::TestWithParam<std::tuple<int64_t, int64_t, bool>> {};
INSTANTIATE_TEST_SUITE_P(Shapes, PrivateFlatCritic,
                         ::testing::Combine(::testing::Values(1, 2, 3, 5), ::testing::Values(7, 33),
                                            ::testing::Bool()));

TEST_P(PrivateFlatCritic, GradientsAndNormsOfExamplesEqualAutograd) {
  const auto [layers, units, features] = GetParam();
  constexpr int64_t kExamples = 8;
  constexpr double kExpected = 5;
  for (const double penalty : {0.0, 10.0}) {
    for (const bool between : {true, false}) {
      for (const int64_t positions : {kLongest, kLongest - 2}) {
        const auto generator = nn::make_generator(Seed(7));
        const Batch real = batch_of(kExamples, positions, generator),
                    fake = batch_of(kExamples, positions - 1, generator);
        torch::Tensor alpha;
        if (between) alpha = torch::rand({kExamples, 1}, generator);
        const auto critic = flat(layers, units, features);
        const torch::Tensor each =
            gradients_one_by_one(critic->parameters(), flat_score, rows_of(real, features),
                                 rows_of(fake, features), alpha, penalty);
        const torch::Tensor norms = each.norm(2, 1);
        const double clip = norms.median().item<double>();
        const auto clipping = privacy(clip, 0, kExpected);
        critic->make_private(clipping);
        critic->step(real, fake, alpha, penalty, 0);
        EXPECT_LT((clipping->norms() / norms - 1).abs().max().item<double>(), 1e-5);
        EXPECT_LT(relative(critic->gradient() * kExpected, clipped_sum(each, clip)), 1e-5);
        critic->make_private(privacy(kHuge, 0, 1));
        for (const int64_t i : {0, 5}) {
          critic->step(part(real, i, 1), part(fake, i, 1), between ? alpha.narrow(0, i, 1) : alpha, penalty,
                       0);
          EXPECT_LT(relative(critic->gradient().to(torch::kDouble), each[i]), 1e-5);
        }
      }
    }
  }
}

TEST(PrivateCritic, OneExampleMoreMovesTheSumByAtMostTheNorm) {
  const auto generator = nn::make_generator(Seed(11));
  const auto critic = flat(3, 6);
  int64_t clipped = 0;
  double most = 0;
  for (int64_t b = 0; b < 10000; ++b) {
    const int64_t n = 1 + b % 5;
    const double clip = std::pow(10.0, b % 4 - 2), expected = 3;
    const Batch real = batch_of(n, 1 + b % kLongest, generator), fake = batch_of(n, 3, generator);
    const torch::Tensor alpha = torch::rand({n, 1}, generator);
    {
      const torch::NoGradGuard no_grad;
      critic->parameters().flat().normal_(0, 0.7, generator);
    }
    const auto clipping = privacy(clip, 0, expected);
    critic->make_private(clipping);
    critic->step(real, fake, alpha, 10, 0);
    const torch::Tensor all = critic->gradient().to(torch::kDouble, false, true);
    const int64_t left_out = b % n;
    clipped += (clipping->norms()[left_out] > clip).item<bool>();
    const torch::Tensor rest =
        torch::cat({alpha.narrow(0, 0, left_out), alpha.narrow(0, left_out + 1, n - left_out - 1)});
    critic->step(without(real, left_out), without(fake, left_out), rest, 10, 0);
    const double moved = ((all - critic->gradient()) * expected).norm().item<double>();
    most = std::max(most, moved / clip);
  }
  EXPECT_LE(most, 1 + 1e-5);
  EXPECT_GT(most, 1 - 1e-5);
  EXPECT_GT(clipped, 5000);
}

TEST(PrivateCritic, WithoutClippingAndNoiseTheStepsAreThePlainOnes) {
  for (const double clip : {std::numeric_limits<double>::infinity(), kHuge}) {
    for (const bool between : {true, false}) {
      const auto plain = flat(4, 33), same = flat(4, 33);
      same->make_private(privacy(clip, 0, 20));
      const auto generator = nn::make_generator(Seed(3));
      for (int i = 0; i < 5; ++i) {
        const Batch real = batch_of(20, 4, generator), fake = batch_of(20, 5, generator);
        const torch::Tensor alpha = between ? torch::rand({20, 1}, generator) : torch::Tensor();
        plain->step(real, fake, alpha, 10, 1e-2);
        same->step(real, fake, alpha, 10, 1e-2);
        EXPECT_TRUE(torch::equal(plain->gradient(), same->gradient()));
        EXPECT_EQ(plain->loss(), same->loss());
      }
      EXPECT_TRUE(torch::equal(plain->parameters().flat(), same->parameters().flat()));
    }
  }
}

TEST(PrivateCritic, BatchesOfAnySizeAreDividedByTheExpectedOne) {
  const auto plain = flat(3, 9), same = flat(3, 9);
  same->make_private(privacy(std::numeric_limits<double>::infinity(), 0, 16));
  const auto generator = nn::make_generator(Seed(3));
  for (const int64_t n : {10, 30, 1, 16}) {
    const Batch real = batch_of(n, 4, generator), fake = batch_of(n, 4, generator);
    const torch::Tensor alpha = torch::rand({n, 1}, generator);
    plain->step(real, fake, alpha, 10, 0);
    same->step(real, fake, alpha, 10, 0);
    EXPECT_LT(relative(same->gradient(), plain->gradient() * (static_cast<double>(n) / 16)), 1e-6);
    EXPECT_EQ(plain->loss(), same->loss());
  }
}

TEST(PrivateCritic, AnEmptyBatchIsNoiseOfTheStatedScale) {
  const auto critic = flat(4, 200);
  const auto generator = nn::make_generator(Seed(3));
  const Batch none = batch_of(0, 1, generator), some = batch_of(8, 4, generator);
  const torch::Tensor alpha = torch::rand({0, 1}, generator);
  constexpr double kSd = 2 * 0.5 / 8;
  for (uint64_t i = 0; i < 3; ++i) {
    critic->make_private(privacy(0.5, 2, 8, i));
    critic->step(none, none, alpha, 10, 1e-3);
    EXPECT_EQ(critic->loss(), 0);
    const auto values = static_cast<double>(critic->gradient().numel());
    const double chi = (critic->gradient().to(torch::kDouble) / kSd).square().sum().item<double>();
    EXPECT_NEAR(chi, values, 4 * std::sqrt(2 * values));
    critic->step(some, some, torch::rand({8, 1}, generator), 10, 1e-3);
    EXPECT_TRUE(std::isfinite(critic->loss()));
  }
}

TEST(PrivateCritic, StepsDependOnTheSeedsOnly) {
  const auto a = flat(3, 9), b = flat(3, 9), other = flat(3, 9);
  a->make_private(privacy(1, 1, 10, 5));
  b->make_private(privacy(1, 1, 10, 5));
  other->make_private(privacy(1, 1, 10, 6));
  const auto generator = nn::make_generator(Seed(3));
  for (const int64_t n : {10, 7, 0, 12}) {
    const Batch real = batch_of(n, 4, generator), fake = batch_of(n, 4, generator);
    const torch::Tensor alpha = torch::rand({n, 1}, generator);
    for (Critic* critic : {a.get(), b.get(), other.get()}) critic->step(real, fake, alpha, 10, 1e-3);
  }
  EXPECT_TRUE(torch::equal(a->parameters().flat(), b->parameters().flat()));
  EXPECT_FALSE(torch::equal(a->parameters().flat(), other->parameters().flat()));
}

TEST(PrivateCritic, PooledOnesGoThroughTheirExamplesOneByOne) {
  const CriticShape shape{kAttributes, kFeatures, kLongest, 1, 11, 3};
  const auto critic = make_pooled_critic(shape, nn::Init::standard, nn::make_generator(Seed(1)), torch::kCPU);
  const auto generator = nn::make_generator(Seed(3));
  const Batch real = batch_of(6, 4, generator), fake = batch_of(6, 5, generator);
  const torch::Tensor alpha = torch::rand({6, 1}, generator);
  critic->step(real, fake, alpha, 10, 0);
  const torch::Tensor plain = critic->gradient();
  const double loss = critic->loss();
  critic->make_private(privacy(kHuge, 0, 6));
  critic->step(real, fake, alpha, 10, 0);
  EXPECT_LT(relative(critic->gradient(), plain), 1e-5);
  EXPECT_NEAR(critic->loss(), loss, 1e-5);
  std::vector<torch::Tensor> each;
  critic->make_private(privacy(kHuge, 0, 1));
  for (int64_t i = 0; i < 6; ++i) {
    critic->step(part(real, i, 1), part(fake, i, 1), alpha.narrow(0, i, 1), 10, 0);
    each.push_back(critic->gradient().to(torch::kDouble));
  }
  const torch::Tensor all = torch::stack(each);
  const double clip = all.norm(2, 1).median().item<double>();
  critic->make_private(privacy(clip, 0, 4));
  critic->step(real, fake, alpha, 10, 0);
  EXPECT_LT(relative(critic->gradient() * 4, clipped_sum(all, clip)), 1e-5);
  const Batch none = batch_of(0, 1, generator);
  critic->step(none, none, alpha.narrow(0, 0, 0), 10, 0);
  EXPECT_EQ(critic->gradient().abs().sum().item<double>(), 0);
  EXPECT_EQ(critic->loss(), 0);
}

TEST(PrivateRowCritic, GradientsAndNormsEqualAutograd) {
  constexpr int64_t kExamples = 9, kWidth = 7;
  for (const double dropout : {0.0, 0.5}) {
    for (const int64_t layers : {1, 3}) {
      nn::RowCritic critic({kWidth, layers, 12, 0.2, dropout}, 0.5, 0.9, 0, nn::Init::standard, Seed(3));
      const auto generator = nn::make_generator(Seed(4));
      const torch::Tensor real = torch::randn({kExamples, kWidth}, generator),
                          made = torch::randn({kExamples, kWidth}, generator);
      const torch::Tensor alpha = torch::rand({kExamples, 1}, generator);
      constexpr double kClip = 2, kExpected = 5;
      const auto clipping = privacy(kClip, 0, kExpected);
      critic.make_private(clipping);
      critic.step(real, made, alpha, 10, 0);
      const Score score = [&](const std::vector<torch::Tensor>& t, const torch::Tensor& rows, int64_t which,
                              int64_t i) {
        const auto& factors = critic.factors();
        torch::Tensor x = rows;
        for (size_t k = 0; k < factors.size(); ++k)
          x = torch::addmm(t[2 * k + 1], x, t[2 * k]) * factors[k].narrow(0, which * kExamples + i, 1);
        return torch::addmm(t[2 * factors.size() + 1], x, t[2 * factors.size()]);
      };
      const torch::Tensor each = gradients_one_by_one(critic.parameters(), score, real.to(torch::kDouble),
                                                      made.to(torch::kDouble), alpha, 10, 1e-12);
      EXPECT_LT((clipping->norms() / each.norm(2, 1) - 1).abs().max().item<double>(), 1e-5);
      EXPECT_LT(relative(critic.gradient() * kExpected, clipped_sum(each, kClip)), 1e-5);
      EXPECT_GT((clipping->norms() > kClip).sum().item<int64_t>(), 0);
      const torch::Tensor none = torch::empty({0, kWidth});
      critic.step(none, none, torch::empty({0, 1}), 10, 0);
      EXPECT_EQ(critic.gradient().abs().sum().item<double>(), 0);
    }
  }
}

}  // namespace
}  // namespace bench
