#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "models/diffusion/channels.h"
#include "models/diffusion/multinomial.h"
#include "models/diffusion/schedule.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

torch::Tensor one_hot(int64_t value, int64_t values) {
  torch::Tensor out = torch::zeros({values}, torch::kFloat64);
  out[value] = 1;
  return out;
}

torch::Tensor number(double x) { return torch::full({1}, x, torch::kFloat64); }

TEST(Schedule, VariancePreservingCoefficientsAreThePublishedFormulas) {
  struct Case {
    std::vector<double> betas, of_clean, of_next, variance;
  };
  const std::vector<Case> cases{{{.921324, .999451}, {1, .28035}, {0, .021588}, {0, .920858}},
                                {{.478255, .849206, .956418, .987404},
                                 {1, .665778, .269191, .057822},
                                 {0, .201576, .193001, .111852},
                                 {0, .440819, .884202, .984061}},
                                {{.156445, .381493, .546501, .667488, .756197, .821240, .868930, .903898},
                                 {1, .732627, .517099, .352410, .216256, .114131, .050905, .019163},
                                 {0, .257262, .421893, .477791, .463813, .416117, .360956, .309878},
                                 {0, .124793, .342377, .553066, .710327, .808259, .866340, .903530}}};
  for (const Case& c : cases) {
    const auto steps = static_cast<int64_t>(c.betas.size());
    const Schedule schedule = Schedule::variance_preserving(steps);
    for (int64_t t = 0; t < steps; ++t) {
      const auto i = static_cast<size_t>(t);
      const Posterior p = schedule.posterior(t);
      EXPECT_NEAR(schedule.beta(t + 1), c.betas[i], 1e-6);
      EXPECT_NEAR(p.of_clean, c.of_clean[i], 1e-6) << steps << " " << t;
      EXPECT_NEAR(p.of_next, c.of_next[i], 1e-6) << steps << " " << t;
      EXPECT_NEAR(p.variance, c.variance[i], 1e-6) << steps << " " << t;
    }
  }
}

TEST(Schedule, EverySchedulePreservesVarianceThroughItsPosterior) {
  // x_0 = 1: the mean and the variance of x_t drawn from x_{t+1} are those drawn from x_0.
  for (const Schedule& s : {Schedule::cosine(50), Schedule::linear(200), Schedule::variance_preserving(8)}) {
    EXPECT_LT(s.kept(s.steps()), 1e-3);
    for (int64_t t = 0; t < s.steps(); ++t) {
      const Posterior p = s.posterior(t);
      const double mean = p.of_clean + p.of_next * std::sqrt(s.kept(t + 1));
      const double variance = p.variance + p.of_next * p.of_next * (1 - s.kept(t + 1));
      EXPECT_NEAR(mean, std::sqrt(s.kept(t)), 1e-9);
      EXPECT_NEAR(variance, 1 - s.kept(t), 1e-9);
    }
  }
}

TEST(Multinomial, StepBackIsBayesRule) {
  const Schedule schedule = Schedule::variance_preserving(4);
  for (int64_t k = 2; k <= 7; ++k) {
    for (int64_t t = 0; t < 4; ++t) {
      const double step = 1 - schedule.beta(t + 1), kept = schedule.kept(t);
      for (int64_t clean = 0; clean < k; ++clean) {
        for (int64_t next = 0; next < k; ++next) {
          const auto chance = [&](int64_t from, int64_t to, double share) {
            return (from == to ? share : 0) + (1 - share) / static_cast<double>(k);
          };
          double sum = 0;
          for (int64_t v = 0; v < k; ++v) sum += chance(clean, v, kept) * chance(v, next, step);
          const torch::Tensor got =
              step_back(one_hot(next, k), one_hot(clean, k), number(step), number(kept));
          EXPECT_NEAR(got.sum().item<double>(), 1, 1e-12);
          for (int64_t v = 0; v < k; ++v) {
            EXPECT_NEAR(got[v].item<double>(), chance(clean, v, kept) * chance(v, next, step) / sum, 1e-12);
          }
        }
      }
    }
  }
}

TEST(Multinomial, MarginalsAreThoseOfSimulatedChains) {
  constexpr int kChains = 1'000'000, kValues = 5, kClean = 2;
  const Schedule schedule = Schedule::variance_preserving(4);
  std::mt19937_64 rng(1);
  std::uniform_real_distribution<double> uniform;
  std::array<std::array<int, kValues>, 5> seen{};
  for (int chain = 0; chain < kChains; ++chain) {
    int value = kClean;
    for (int64_t t = 1; t <= 4; ++t) {
      if (uniform(rng) < schedule.beta(t)) value = static_cast<int>(rng() % kValues);
      ++seen[static_cast<size_t>(t)][static_cast<size_t>(value)];
    }
  }
  for (int64_t t = 1; t <= 4; ++t) {
    const torch::Tensor q = noised(one_hot(kClean, kValues), number(schedule.kept(t)));
    for (int v = 0; v < kValues; ++v) {
      const double p = q[v].item<double>();
      const double share =
          seen[static_cast<size_t>(t)][static_cast<size_t>(v)] / static_cast<double>(kChains);
      EXPECT_NEAR(share, p, 5 * std::sqrt(p * (1 - p) / kChains)) << t << " " << v;
    }
  }
}

TEST(Multinomial, DrawsFollowTheirDistribution) {
  const auto generator = nn::make_generator(Seed(1));
  const torch::Tensor p = torch::tensor({0.0F, 0.7F, 0.1F, 0.2F}).expand({200000, 4});
  const torch::Tensor share = draw_one_hot(p, generator).mean(0);
  EXPECT_EQ(share[0].item<float>(), 0);
  for (int v = 1; v < 4; ++v) EXPECT_NEAR(share[v].item<float>(), p[0][v].item<float>(), 0.006);
}

/// Two numbers, a category of 3 values, and two bits behind its second value.
Layout small_layout() {
  Layout layout;
  layout.add(Head::Kind::unit, 2, 1);
  layout.add(Head::Kind::category, 1, 3);
  layout.add(Head::Kind::category, 2, 2, 3);
  return layout;
}

TEST(Channels, RowsComeBackFromTheirCleanState) {
  const torch::Tensor rows = torch::tensor(
      {{0.F, 1.F, 0.F, 1.F, 0.F, 1.F, 0.F, 0.F, 1.F}, {0.25F, 0.5F, 1.F, 0.F, 0.F, 0.F, 0.F, 0.F, 0.F}});
  for (const auto noise : {CategoryNoise::gaussian, CategoryNoise::multinomial}) {
    const Channels channels(small_layout(), 0, 9, noise);
    const torch::Tensor state = channels.state(rows, nn::make_generator(Seed(1)));
    // What is behind the closed gate has some value, and all numbers are in [-1, 1].
    EXPECT_FLOAT_EQ(state[1].narrow(0, 5, 2).max().item<float>(), 1);
    EXPECT_FLOAT_EQ(state[0][0].item<float>(), -1);
    EXPECT_TRUE(torch::equal(channels.rows(state, torch::empty({2, 0})), rows));
  }
}

TEST(Channels, AHeadAcrossTheBorderIsCut) {
  Layout layout;
  layout.add(Head::Kind::category, 3, 2);
  const torch::Tensor rows = torch::tensor({{1.F, 0.F, 0.F, 1.F, 1.F, 0.F}});
  const Channels channels(layout, 2, 4, CategoryNoise::multinomial);
  const torch::Tensor state = channels.state(rows, nn::make_generator(Seed(1)));
  EXPECT_TRUE(torch::equal(state, torch::tensor({{0.F, 1.F}})));
  EXPECT_TRUE(torch::equal(channels.rows(state, rows.narrow(1, 0, 2)), state));
}

TEST(Channels, LevelsHaveTheirMomentsAndThePriorIsTheLastLevel) {
  const Channels channels(small_layout(), 0, 9, CategoryNoise::multinomial);
  const auto generator = nn::make_generator(Seed(1));
  const torch::Tensor rows =
      torch::tensor({{0.75F, 0.F, 0.F, 1.F, 0.F, 1.F, 0.F, 0.F, 1.F}}).expand({100000, 9}).contiguous();
  const torch::Tensor x =
      channels.noised(channels.state(rows, generator), torch::full({100000, 1}, 0.36F), generator);
  EXPECT_NEAR(x.select(1, 0).mean().item<float>(), 0.3, 0.02);
  EXPECT_NEAR(x.select(1, 0).std().item<float>(), 0.8, 0.02);
  EXPECT_NEAR(x.select(1, 3).mean().item<float>(), 0.36 + 0.64 / 3, 0.01);
  EXPECT_NEAR(x.select(1, 5).mean().item<float>(), 0.36 + 0.32, 0.01);
  const torch::Tensor prior = channels.prior({100000}, generator, torch::kCPU);
  EXPECT_NEAR(prior.select(1, 0).std().item<float>(), 1, 0.02);
  EXPECT_NEAR(prior.select(1, 4).mean().item<float>(), 1.0 / 3, 0.01);
}

TEST(Channels, AStepBackFromAKnownCleanStateIsThePosterior) {
  const Channels channels(small_layout(), 0, 9, CategoryNoise::multinomial);
  const auto generator = nn::make_generator(Seed(1));
  const Schedule schedule = Schedule::variance_preserving(4);
  const StepTable table(schedule, torch::kCPU);
  constexpr int64_t kN = 100000;
  const torch::Tensor clean = channels.state(
      torch::tensor({{1.F, 0.5F, 0.F, 1.F, 0.F, 1.F, 0.F, 0.F, 1.F}}).expand({kN, 9}).contiguous(),
      generator);
  const torch::Tensor next = channels.state(
      torch::tensor({{0.5F, 1.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F, 1.F}}).expand({kN, 9}).contiguous(),
      generator);
  const StepShares shares = table.at(torch::full({kN}, 2, torch::kInt64), 2);
  const torch::Tensor x = channels.step_back(clean, next, shares, Prediction::noise, generator);
  const Posterior p = schedule.posterior(2);
  EXPECT_NEAR(x.select(1, 0).mean().item<float>(), p.of_clean, 0.02);
  EXPECT_NEAR(x.select(1, 1).mean().item<float>(), p.of_next, 0.02);
  EXPECT_NEAR(x.select(1, 1).std().item<float>(), std::sqrt(p.variance), 0.02);
  const torch::Tensor q =
      step_back(one_hot(0, 3), one_hot(1, 3), number(1 - schedule.beta(3)), number(schedule.kept(2)));
  for (int64_t v = 0; v < 3; ++v)
    EXPECT_NEAR(x.select(1, 2 + v).mean().item<float>(), q[v].item<double>(), 0.01);
  // At the lowest level the clean state itself comes out.
  const StepShares last = table.at(torch::zeros({kN}, torch::kInt64), 2);
  EXPECT_TRUE(torch::allclose(channels.step_back(clean, next, last, Prediction::noise, generator), clean));
  EXPECT_NEAR(channels.divergence(clean, clean, next, shares).abs().max().item<float>(), 0, 1e-6);
}

TEST(Channels, TheLastStepOfAPredictionOfTheCleanStateIsItsMode) {
  const Channels channels(small_layout(), 0, 9, CategoryNoise::multinomial);
  const auto generator = nn::make_generator(Seed(1));
  const StepTable table(Schedule::variance_preserving(4), torch::kCPU);
  constexpr int64_t kN = 20000;
  const auto all = [](std::vector<float> row) { return torch::tensor(row).expand({kN, 9}).contiguous(); };
  const torch::Tensor predicted = all({0.F, 0.F, 0.2F, 0.5F, 0.3F, 0.6F, 0.4F, 0.F, 1.F});
  const torch::Tensor next = all({0.F, 0.F, 1.F, 0.F, 0.F, 1.F, 0.F, 0.F, 1.F});
  const auto mean_at = [&](int64_t t, Prediction prediction) {
    const StepShares shares = table.at(torch::full({kN}, t, torch::kInt64), 2);
    return channels.step_back(predicted, next, shares, prediction, generator).mean(0).narrow(0, 2, 3);
  };
  // 1 - beta_1 is .521745: .2 (.521745 + .159418), .5 x .159418 and .3 x .159418.
  EXPECT_TRUE(torch::equal(mean_at(0, Prediction::clean), torch::tensor({1.F, 0.F, 0.F})));
  EXPECT_TRUE(
      torch::allclose(mean_at(0, Prediction::noise), torch::tensor({.5165F, .3022F, .1813F}), 0, .015));
  EXPECT_LT(mean_at(1, Prediction::clean)[0].item<float>(), .9);
}

}  // namespace
}  // namespace bench
