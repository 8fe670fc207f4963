// Timings of CTGAN's training step, beside the same step by autograd, and of the encoding of a million rows.

#include <benchmark/benchmark.h>

#include "datasets/split.h"
#include "datasets/surrogate/surrogate.h"
#include "models/ctgan/networks.h"
#include "models/nn/threads.h"
#include "models/rows/record_table.h"
#include "models/rows/row_encoder.h"
#include "models/test_traces.h"

namespace bench {
namespace {

constexpr int64_t kConditions = 9;  // a category of 9

/// 49 columns: four numbers of 10 modes less 4 columns, and a category of 9.
Layout bench_layout() {
  Layout layout;
  for (int i = 0; i < 4; ++i) {
    layout.add(Head::Kind::word, 1, 1);
    layout.add(Head::Kind::category, 1, 9);
  }
  layout.add(Head::Kind::category, 1, kConditions);
  return layout;
}

struct StepData {
  torch::Tensor real, condition;
  std::vector<Choice> choices;
  explicit StepData(const CtganParams& params) {
    const auto generator = nn::make_generator(Seed(1));
    real = torch::rand({params.batch, 49 + kConditions}, generator);
    condition = torch::zeros({params.batch, kConditions});
    for (int64_t i = 0; i < params.batch; ++i) {
      condition[i][i % kConditions] = 1;
      choices.push_back({i, 40, kConditions, i % kConditions, 0});
    }
  }
};

/// Batch 500, encoded width 49, condition width 9, pac 10, published sizes.
void ctgan_step(benchmark::State& state) {
  const nn::SingleThread single;
  const torch::NoGradGuard no_grad;
  const CtganParams params;
  CtganNetworks networks(params, bench_layout(), kConditions, Seed(1));
  const StepData data(params);
  for (auto _ : state) {
    networks.train_critic(data.real, data.condition, params.lr);
    networks.train_generator(data.condition, data.choices, params.lr);
  }
}
BENCHMARK(ctgan_step)->Unit(benchmark::kMillisecond);

/// The same step from library modules and their gradients.
struct PlainCtgan {
  CtganParams params;
  Layout layout = bench_layout();
  torch::nn::Linear a{params.latent + kConditions, 256}, b{params.latent + kConditions + 256, 256},
      c{params.latent + kConditions + 512, 49};
  torch::nn::BatchNorm1d na{256}, nb{256};
  torch::nn::Sequential critic{torch::nn::Linear(params.pac * (49 + kConditions), 256),
                               torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
                               torch::nn::Dropout(0.5),
                               torch::nn::Linear(256, 256),
                               torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
                               torch::nn::Dropout(0.5),
                               torch::nn::Linear(256, 1)};
  std::vector<torch::Tensor> weights;
  std::unique_ptr<torch::optim::Adam> generator_adam, critic_adam;

  PlainCtgan() {
    for (const auto& module : std::initializer_list<std::shared_ptr<torch::nn::Module>>{
             a.ptr(), b.ptr(), c.ptr(), na.ptr(), nb.ptr()}) {
      for (const auto& p : module->parameters()) weights.push_back(p);
    }
    const auto options = torch::optim::AdamOptions(params.lr).betas({0.5, 0.9}).weight_decay(1e-6);
    generator_adam = std::make_unique<torch::optim::Adam>(weights, options);
    critic_adam = std::make_unique<torch::optim::Adam>(critic->parameters(), options);
  }

  torch::Tensor raw(const torch::Tensor& condition) {
    torch::Tensor x = torch::cat({torch::randn({condition.size(0), params.latent}), condition}, 1);
    x = torch::cat({torch::relu(na(a(x))), x}, 1);
    x = torch::cat({torch::relu(nb(b(x))), x}, 1);
    return c(x);
  }
  torch::Tensor activate(const torch::Tensor& raw) const {
    std::vector<torch::Tensor> parts;
    for (const Head& head : layout.heads) {
      const torch::Tensor part = raw.narrow(1, head.offset, head.columns());
      if (head.kind == Head::Kind::word) {
        parts.push_back(torch::tanh(part));
        continue;
      }
      const torch::Tensor gumbel = -torch::empty_like(part).exponential_().log();
      parts.push_back(torch::softmax((part + gumbel) / params.tau, 1));
    }
    return torch::cat(parts, 1);
  }
  void step(const StepData& data) {
    const int64_t packs = params.batch / params.pac;
    const torch::Tensor fake = torch::cat({activate(raw(data.condition)).detach(), data.condition}, 1);
    const torch::Tensor f = fake.view({packs, -1}), r = data.real.view({packs, -1});
    const torch::Tensor alpha = torch::rand({packs, 1});
    torch::Tensor between = (r + alpha * (f - r)).detach().requires_grad_(true);
    const torch::Tensor slope =
        torch::autograd::grad({critic->forward(between).sum()}, {between}, {}, true, true)[0];
    const torch::Tensor loss = critic->forward(f).mean() - critic->forward(r).mean() +
                               params.penalty * (slope.norm(2, 1) - 1).square().mean();
    critic_adam->zero_grad();
    loss.backward();
    critic_adam->step();
    const torch::Tensor out = raw(data.condition);
    const torch::Tensor made = torch::cat({activate(out), data.condition}, 1);
    const torch::Tensor target = data.condition.argmax(1);
    const torch::Tensor own = -critic->forward(made.view({packs, -1})).mean() +
                              torch::nn::functional::cross_entropy(out.narrow(1, 40, kConditions), target);
    generator_adam->zero_grad();
    own.backward();
    generator_adam->step();
  }
};

void ctgan_step_autograd(benchmark::State& state) {
  const nn::SingleThread single;
  const StepData data{CtganParams()};
  PlainCtgan plain;
  for (auto _ : state) plain.step(data);
}
BENCHMARK(ctgan_step_autograd)->Unit(benchmark::kMillisecond);

/// A million packets (1) or flows (0) to rows of floats: table, mixtures, modes. Arguments: kind, rows for
/// the mixtures (0 = all).
void ctgan_encode(benchmark::State& state) {
  const auto train =
      training_of(simulate(state.range(0) == 1 ? "caida-surrogate" : "ugr16-surrogate", 1'000'000, Seed(1)));
  for (auto _ : state) {
    RecordColumns columns({Identifiers::bits, Identifiers::bits, false});
    columns.fit(train);
    const RecordTable table = columns.encode(train.trace());
    RowEncoder encoder;
    encoder.fit(table, {10, state.range(1), false}, Seed(1));
    Rng rng(1);
    benchmark::DoNotOptimize(encoder.encode(table, rng));
  }
  state.SetItemsProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(ctgan_encode)->Args({0, 20'000})->Args({1, 20'000})->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace bench
