#include "models/packet_bytes/adversarial.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"
#include "models/nn/layers.h"
#include "models/packet_bytes/dense_networks.h"
#include "models/packet_bytes/level_code.h"
#include "models/test_traces.h"

namespace bench {
namespace {

/// Always the same code; its one weight has no effect.
class FixedGenerator : public ByteGenerator {
 public:
  explicit FixedGenerator(torch::Tensor row) : row_(std::move(row)) {
    parameters_.add("idle", &idle_, {1}, nn::Parameters::Start::one);
    parameters_.build(nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  }
  torch::Tensor forward(const torch::Tensor& input, bool) const override {
    return row_.expand({input.size(0), row_.size(0)}) + 0 * idle_;
  }

 private:
  torch::Tensor row_, idle_;
};

class LinearCritic : public CriticNetwork {
 public:
  explicit LinearCritic(int64_t columns) : layer_(parameters_, "critic", columns, 1) {
    parameters_.build(nn::Init::xavier, nn::make_generator(Seed(2)), torch::kCPU);
  }
  torch::Tensor forward(const torch::Tensor& codes, const torch::Tensor&) const override {
    return layer_(codes);
  }
  torch::Tensor slope() { return parameters_.tensors()[0].detach().view({-1}); }

 private:
  nn::Linear layer_;
};

/// Two places of 4 bits: every packet is (15, 15); its linear code (1, 1).
struct OnePacket {
  LevelCode code{16, Levels::linear};
  PacketBatch real{torch::full({8, 2}, 15, torch::kLong), {}};
  PacketShape shape{2, 2, 0, 3};
  SilentProgress silent;
  OnePacket() { code.fit(std::vector<uint8_t>(16, 15), 2, Seed(1)); }
};

AdversarialParams steps(int64_t iterations, const char* loss) {
  AdversarialParams params;
  params.iterations = iterations;
  params.loss = loss;
  params.lr = 0.02;
  params.rounding = "none";
  params.ema = 0;
  return params;
}

// D = w x + b, real and generated packets d apart in one point each: the least of -w d + 10 (|w| - 1)^2 is at
// w = d / |d| (1 + |d| / 20).
TEST(Adversarial, LinearCriticUnderThePenaltyHasTheClosedForm) {
  OnePacket one;
  FixedGenerator generator(torch::tensor({0.4F, 0.2F}));
  LinearCritic critic(2);
  train_adversarial(steps(1500, "wasserstein"), one.shape, one.code, one.real, generator, critic, Seed(3),
                    one.silent);
  const double distance = 1;  // (0.6, 0.8)
  EXPECT_NEAR(critic.slope()[0].item<double>(), 0.6 * (1 + distance / 20), 1e-3);
  EXPECT_NEAR(critic.slope()[1].item<double>(), 0.8 * (1 + distance / 20), 1e-3);
}

TEST(Adversarial, ClippedWeightsEndAtTheBound) {
  OnePacket one;
  FixedGenerator generator(torch::tensor({0.4F, 1.5F}));
  LinearCritic critic(2);
  AdversarialParams params = steps(200, "clipping");
  params.clip = 0.03;
  params.lr_decay = "none";
  train_adversarial(params, one.shape, one.code, one.real, generator, critic, Seed(3), one.silent);
  EXPECT_FLOAT_EQ(critic.slope()[0].item<float>(), 0.03F);
  EXPECT_FLOAT_EQ(critic.slope()[1].item<float>(), -0.03F);
}

TEST(Adversarial, RoundedPacketsOfTheRealKindLeaveNothingToLearn) {
  // (0.9, 0.9) is decoded as the only packet (1, 1): with straight_through the critic sees no difference, and
  // its slope goes to length 1, the least of the penalty.
  OnePacket one;
  FixedGenerator generator(torch::tensor({0.9F, 0.9F}));
  LinearCritic critic(2);
  AdversarialParams params = steps(1000, "wasserstein");
  params.rounding = "straight_through";
  train_adversarial(params, one.shape, one.code, one.real, generator, critic, Seed(3), one.silent);
  EXPECT_NEAR(critic.slope().norm().item<double>(), 1, 1e-3);
}

/// Share of generated packets that are among `packets` [n, width], after training on them.
double overfit(const AdversarialParams& params, Levels levels) {
  const auto random = nn::make_generator(Seed(7));
  const torch::Tensor packets = torch::randint(16, {4, 12}, random, torch::kLong);
  std::vector<uint8_t> plain;
  for (int64_t i = 0; i < packets.numel(); ++i)
    plain.push_back(static_cast<uint8_t>(packets.view({-1})[i].item<int64_t>()));
  LevelCode code(16, levels);
  code.fit(plain, 12, Seed(1));
  const PacketShape shape{12, 12, 0, 8};
  const auto generator =
      make_dense_generator(shape, {64, 3}, DenseOutput::unit_interval, nn::make_generator(Seed(4)));
  const auto critic = make_dense_critic(shape, {64, 3}, nn::make_generator(Seed(5)));
  SilentProgress silent;
  train_adversarial(params, shape, code, {packets, {}}, *generator, *critic, Seed(6), silent);
  const torch::Tensor out = generate_digits(shape, code, *generator, 500, {}, nn::make_generator(Seed(8)));
  const torch::Tensor same = (out.unsqueeze(1) == packets.unsqueeze(0)).all(2).any(1);
  return same.to(torch::kFloat).mean().item<double>();
}

// By chance 1 in 10^13 packets would be one of the four.
TEST(Adversarial, OverfitsFourPackets) {
  AdversarialParams params = steps(1500, "wasserstein");
  params.lr = 2e-3;
  params.rounding = "straight_through";
  params.batch = 64;
  EXPECT_GT(overfit(params, Levels::linear), 0.5);
  EXPECT_GT(overfit(params, Levels::equalised), 0.5);
}

TEST(Adversarial, StopsWhenAskedAndWhenItDiverges) {
  OnePacket one;
  FixedGenerator generator(torch::tensor({0.4F, 0.2F}));
  LinearCritic critic(2);
  RecordingProgress progress;
  progress.stop_at = 100;
  try {
    train_adversarial(steps(1000, "wasserstein"), one.shape, one.code, one.real, generator, critic, Seed(3),
                      progress);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::cancelled);
  }
  AdversarialParams wild = steps(1000, "wasserstein");
  wild.lr = 1e8;
  try {
    train_adversarial(wild, one.shape, one.code, one.real, generator, critic, Seed(3), one.silent);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::diverged);
  }
}

TEST(Adversarial, PrivateStepsWithoutNoiseReachTheSameClosedForm) {
  // Every packet is in every batch; gradients of single packets that all agree, clipped or not.
  for (const double clip : {std::numeric_limits<double>::infinity(), 1e6}) {
    OnePacket one;
    FixedGenerator generator(torch::tensor({0.4F, 0.2F}));
    LinearCritic critic(2);
    AdversarialParams params = steps(1500, "wasserstein");
    params.batch = 8;
    train_adversarial_privately(params, one.shape, one.code, one.real, {1, true, clip, 0}, {}, generator,
                                critic, Seed(3), one.silent);
    EXPECT_NEAR(critic.slope()[0].item<double>(), 0.6 * 1.05, 1e-3);
    EXPECT_NEAR(critic.slope()[1].item<double>(), 0.8 * 1.05, 1e-3);
  }
}

TEST(Adversarial, PrivateStepsWithoutPacketsAreNoise) {
  OnePacket one;
  one.real.digits = one.real.digits.narrow(0, 0, 0);
  for (const double noise : {0.0, 1.0}) {
    FixedGenerator generator(torch::tensor({0.4F, 0.2F}));
    LinearCritic critic(2);
    const torch::Tensor before = critic.slope().clone();
    train_adversarial_privately(steps(5, "standard"), one.shape, one.code, one.real, {0.5, true, 1, noise},
                                {}, generator, critic, Seed(3), one.silent);
    EXPECT_EQ(torch::equal(before, critic.slope()), noise == 0);
  }
}

}  // namespace
}  // namespace bench
