// Timings of DoppelGANger's parts at the published sizes, with the rate of the products beside what this
// machine reaches in one large product, and of the same iteration written plainly with autograd.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "models/netshare/critic.h"
#include "models/netshare/doppelganger.h"
#include "models/netshare/doppelganger_plain.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

/// A trace's shape: 0 is like UGR16 (flows, 10 chunks), 1 like CAIDA (packets, one chunk), 2 like 1 with one
/// record per LSTM step; 3 is like UGR16 with small networks and one round, 4 like CAIDA with them.
Shape shape_of(int64_t which) {
  Shape shape;
  const bool packets = which == 1 || which == 2 || which == 4;
  shape.attributes.add(Head::Kind::category, 64, 2);
  shape.attributes.add(Head::Kind::word, 30, 1);
  shape.attributes.add(Head::Kind::unit, 1, 1);
  shape.attributes.add(Head::Kind::category, packets ? 1 : 11, 2);
  shape.features.add(Head::Kind::unit, 4, 1);
  if (packets) {
    shape.features.add(Head::Kind::category, 1, 3);
    shape.features.add(Head::Kind::unit, 2, 1);
    shape.longest = which == 2 ? 124 : 130;
    shape.params.sample_len = which == 2 ? 1 : 10;
  } else {
    shape.features.add(Head::Kind::category, 1, 2);
  }
  shape.features.add(Head::Kind::category, 1, 2);
  if (which >= 3) {
    shape.params.attribute_layers = 3;
    shape.params.attribute_units = 100;
    shape.params.critic_layers = 4;
    shape.params.critic_units = 200;
    shape.params.d_rounds = 1;
    shape.params.sample_len = packets ? 4 : 1;
    shape.longest = packets ? 32 : 2;
    shape.params.ema = 0.999;
  }
  return shape;
}

/// Lengths with a mean of about 3 and a long tail, as in packet traces.
std::vector<int64_t> lengths_like_packets(int64_t count, int64_t longest) {
  Rng rng(5);
  std::vector<int64_t> out;
  for (int64_t i = 0; i < count; ++i) {
    const double u = std::uniform_real_distribution<double>(0, 1)(rng);
    out.push_back(std::clamp<int64_t>(static_cast<int64_t>(std::pow(1 - u, -1 / 1.35)), 1, longest));
  }
  return out;
}

FlowSamples real_samples(const Shape& shape) {
  FlowSamples out;
  Rng rng(7);
  std::uniform_real_distribution<float> unit(0, 1);
  for (const int64_t length : lengths_like_packets(4000, shape.longest)) {
    for (int64_t a = 0; a < shape.attributes.width; ++a) out.attributes.push_back(unit(rng));
    for (int64_t p = 0; p < length; ++p) {
      for (int64_t f = 0; f + 2 < shape.features.width; ++f) out.features.push_back(unit(rng));
      out.features.push_back(p + 1 < length ? 1.0F : 0.0F);
      out.features.push_back(p + 1 < length ? 0.0F : 1.0F);
    }
    out.offsets.push_back(out.offsets.back() + static_cast<size_t>(length));
  }
  return out;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Operations per CPU second of one 1024^3 product in float32 or bfloat16 on one thread.
double product_rate(torch::ScalarType type) {
  const nn::SingleThread single;
  const torch::NoGradGuard no_grad;
  const torch::Tensor a = torch::randn({1024, 1024}).to(type), b = torch::randn({1024, 1024}).to(type);
  torch::Tensor out = torch::empty({1024, 1024}, type);
  at::mm_out(out, a, b);
  constexpr int kTimes = 20;
  const double start = thread_seconds();
  for (int i = 0; i < kTimes; ++i) at::mm_out(out, a, b);
  return 2.0 * 1024 * 1024 * 1024 * kTimes / (thread_seconds() - start);
}

void count_flops(benchmark::State& state, double flops_per_round, torch::ScalarType type = torch::kFloat) {
  static const double rate = product_rate(torch::kFloat);
  const double whole = type == torch::kFloat ? rate : product_rate(type);
  const double flops = flops_per_round * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(flops * 1e-9, benchmark::Counter::kIsRate);
  state.counters["of_product"] = benchmark::Counter(flops / whole, benchmark::Counter::kIsRate);
}

void product(benchmark::State& state) {
  const auto type = state.range(0) == 0 ? torch::kFloat : torch::kBFloat16;
  double rate = 0;
  for (auto _ : state) rate = product_rate(type);
  state.counters["GFLOP/s"] = rate * 1e-9;
}
BENCHMARK(product)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

Batch batch_of(const Shape& shape, uint64_t seed) {
  const auto generator = nn::make_generator(Seed(seed));
  const int64_t batch = shape.params.batch;
  Batch out;
  out.attributes = torch::rand({batch, shape.attributes.width}, generator);
  out.features = torch::rand({batch, shape.longest, shape.features.width}, generator);
  out.lengths.assign(static_cast<size_t>(batch), shape.longest);
  return out;
}

CriticShape critic_shape(const Shape& shape) {
  return {shape.attributes.width,    shape.features.width,      shape.longest, 1,
          shape.params.critic_units, shape.params.critic_layers};
}

/// Multiplications per sample in one step of a critic: see iteration_flops().
double critic_weights(const Shape& shape, bool features, double first, double others) {
  const auto in =
      static_cast<double>(shape.attributes.width + (features ? shape.longest * shape.features.width : 0));
  const auto units = static_cast<double>(shape.params.critic_units);
  const auto hidden = static_cast<double>(shape.params.critic_layers - 2);
  return first * in * units + others * (hidden * units * units + units);
}

/// All rounds of both critics on samples of full length. Arguments: shape, bfloat16.
void critic_rounds(benchmark::State& state) {
  const Shape shape = shape_of(state.range(0));
  const bool half = state.range(1) == 1;
  const nn::SingleThread single;
  CriticShape sizes = critic_shape(shape);
  const auto make = [&] {
    return make_flat_critic(sizes, half, nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  };
  const auto critic = make();
  sizes.features = 0;
  const auto aux = make();
  const Batch real = batch_of(shape, 1), fake = batch_of(shape, 2);
  const torch::Tensor alpha = torch::rand({shape.params.batch, 1});
  const auto run = [&] {
    for (int64_t r = 0; r < shape.params.d_rounds; ++r) {
      critic->step(real, fake, alpha, 10, 1e-4);
      aux->step(real, fake, alpha, 10, 1e-4);
    }
  };
  run();
  for (auto _ : state) run();
  const double weights = critic_weights(shape, true, 7, 10) + critic_weights(shape, false, 7, 10);
  count_flops(state, 2 * static_cast<double>(shape.params.batch * shape.params.d_rounds) * weights,
              half ? torch::kBFloat16 : torch::kFloat);
}
BENCHMARK(critic_rounds)->ArgsProduct({{0, 1, 3, 4}, {0, 1}})->Unit(benchmark::kMillisecond);

/// One step of the critic of attributes and features. Arguments: shape, batch, private.
void critic_step(benchmark::State& state) {
  Shape shape = shape_of(state.range(0));
  shape.params.batch = state.range(1);
  const nn::SingleThread single;
  const auto critic = make_flat_critic(critic_shape(shape), false, nn::Init::xavier,
                                       nn::make_generator(Seed(1)), torch::kCPU);
  if (state.range(2) == 1) {
    const DpSgdOptions options{1, 1, static_cast<double>(shape.params.batch)};
    critic->make_private(std::make_shared<DpSgd>(options, Seed(1)));
  }
  const Batch real = batch_of(shape, 1), fake = batch_of(shape, 2);
  const torch::Tensor alpha = torch::rand({shape.params.batch, 1});
  critic->step(real, fake, alpha, 10, 1e-4);
  for (auto _ : state) critic->step(real, fake, alpha, 10, 1e-4);
}
BENCHMARK(critic_step)->ArgsProduct({{0, 1}, {100, 500}, {0, 1}})->Unit(benchmark::kMillisecond);

/// Fakes, their gradient from both critics, back through the generator.
void generator_step(benchmark::State& state) {
  Shape shape = shape_of(state.range(0));
  const nn::SingleThread single;
  GeneratorNetwork network(shape.params, shape.attributes, shape.features, shape.longest);
  network.build(nn::make_generator(Seed(1)), torch::kCPU);
  nn::Adam adam(network.parameters(), kBeta1, kBeta2);
  CriticShape sizes = critic_shape(shape);
  const auto critic =
      make_flat_critic(sizes, false, nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  sizes.features = 0;
  const auto aux = make_flat_critic(sizes, false, nn::Init::xavier, nn::make_generator(Seed(1)), torch::kCPU);
  const auto generator = nn::make_generator(Seed(2));
  torch::Tensor gradient = torch::empty_like(network.parameters().flat());
  const std::vector<int64_t> lengths(static_cast<size_t>(shape.params.batch), shape.longest);
  for (auto _ : state) {
    const Noise noise =
        draw_noise(shape.params, shape.attributes, shape.params.batch, 1, generator, torch::kCPU);
    network.generate(noise, 1, {}, lengths);
    const Batch fake = network.batch(0);
    torch::Tensor d_attributes = torch::zeros_like(fake.attributes);
    torch::Tensor d_features = torch::zeros(fake.features.sizes());
    critic->sample_gradient(fake, d_attributes, d_features);
    aux->sample_gradient(fake, d_attributes, d_features);
    network.backward(d_attributes, d_features, gradient);
    adam.step(gradient, 1e-4);
  }
  NetShareParams without_rounds = shape.params;
  without_rounds.d_rounds = 0;
  count_flops(state,
              iteration_flops(without_rounds, shape.attributes.width, shape.features.width, shape.longest));
}
BENCHMARK(generator_step)->Arg(0)->Arg(1)->Arg(3)->Arg(4)->Unit(benchmark::kMillisecond);

/// Whole training iterations. Arguments: shape, threads, penalty at the fake samples (as the public PyTorch
/// code).
void iteration(benchmark::State& state) {
  Shape shape = shape_of(state.range(0));
  const int before = torch::get_num_threads();
  torch::set_num_threads(static_cast<int>(state.range(1)));
  if (state.range(2) == 1) shape.params.gp_alpha = "fake";
  constexpr int64_t kIterations = 4;
  const int64_t n = kIterations * (shape.params.d_rounds == 1 ? 25 : 1);
  const FlowSamples samples = real_samples(shape);
  DoppelGanger model(shape.params, shape.attributes, shape.features, shape.longest, Seed(1), torch::kCPU);
  SilentProgress progress;
  model.train(samples, 1, Seed(1), progress, {});
  for (auto _ : state) model.train(samples, n, Seed(2), progress, {});
  torch::set_num_threads(before);
  state.SetItemsProcessed(state.iterations() * n);
  state.counters["s/iteration"] = benchmark::Counter(
      static_cast<double>(state.iterations() * n), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(iteration)
    ->ArgsProduct({{0, 1, 3, 4}, {1, 2}, {0, 1}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// items = samples. Arguments: shape, by their flags (0) or with a packet trace's lengths (1).
void sample(benchmark::State& state) {
  const Shape shape = shape_of(state.range(0));
  const DoppelGanger model(shape.params, shape.attributes, shape.features, shape.longest, Seed(1),
                           torch::kCPU);
  constexpr int64_t kCount = 8192;
  const auto generator = nn::make_generator(Seed(3));
  const auto lengths = lengths_like_packets(kCount, shape.longest);
  int64_t records = 0;
  for (auto _ : state) {
    const FlowSamples out =
        model.features(model.attributes({}, kCount, generator),
                       state.range(1) == 1 ? std::span(lengths) : std::span<int64_t>(), generator);
    records += static_cast<int64_t>(out.offsets.back());
  }
  state.SetItemsProcessed(state.iterations() * kCount);
  state.counters["records/sample"] =
      static_cast<double>(records) / static_cast<double>(state.iterations() * kCount);
}
BENCHMARK(sample)->ArgsProduct({{0, 1, 2, 4}, {0, 1}})->Unit(benchmark::kMillisecond);

/// Arguments as for `iteration`.
void plain_iteration(benchmark::State& state) {
  Shape shape = shape_of(state.range(0));
  const int before = torch::get_num_threads();
  const nn::SingleThread single;
  at::globalContext().setFlushDenormal(false);
  if (state.range(1) == 1) shape.params.gp_alpha = "fake";
  PlainGan gan(shape);
  const Batch real = batch_of(shape, 1);
  gan.iterate(real.attributes, real.features);
  for (auto _ : state) gan.iterate(real.attributes, real.features);
  torch::set_num_threads(before);
}
BENCHMARK(plain_iteration)->ArgsProduct({{0, 1, 3, 4}, {0, 1}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
