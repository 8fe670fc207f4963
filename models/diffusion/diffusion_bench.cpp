// Timings of sampling: the diffusion GAN in a few steps beside plain diffusion in many, with networks of one
// width on the same columns.

#include <benchmark/benchmark.h>

#include "models/diffusion/flow_diffusion.h"
#include "models/diffusion/gan_parts.h"
#include "models/diffusion/noise_parts.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

constexpr int64_t kRowUnits = 128, kUnits = 64;  // as in ddgan-cpu

/// Columns as UGR16's: addresses as bits, frequent ports and bits of others, protocol, start; interarrival,
/// duration, packets, bytes and a label.
SampleShape ugr16_shape() {
  SampleShape shape;
  Layout& attributes = shape.attributes;
  attributes.add(Head::Kind::category, 64, 2);
  for (const int64_t frequent : {8, 20}) {
    const int64_t offset = attributes.add(Head::Kind::category, 1, frequent);
    attributes.add(Head::Kind::category, 16, 2, offset + frequent - 1);
  }
  attributes.add(Head::Kind::category, 1, 7);
  attributes.add(Head::Kind::unit, 1, 1);
  shape.features.add(Head::Kind::unit, 4, 1);
  shape.features.add(Head::Kind::category, 2, 2);
  shape.longest = 32;
  return shape;
}

enum Sampler : int64_t { ddgan_multinomial, ddgan_gaussian, ddpm };

std::unique_ptr<FlowDiffusion> network_of(int64_t sampler, int64_t steps) {
  const SampleShape shape = ugr16_shape();
  const auto init = nn::make_generator(Seed(1));
  std::unique_ptr<AttributePart> attributes;
  std::unique_ptr<RecordPart> records;
  if (sampler == ddpm) {
    const Schedule schedule = Schedule::cosine(steps);
    attributes = noise_attributes({kRowUnits, 2}, schedule, shape.attributes, init, torch::kCPU);
    records = noise_records({kUnits, 3}, schedule, shape.attributes.width, shape.features,
                            shape.record_width(), shape.longest, init, torch::kCPU);
  } else {
    const Schedule schedule = Schedule::variance_preserving(steps);
    const CategoryNoise noise =
        sampler == ddgan_gaussian ? CategoryNoise::gaussian : CategoryNoise::multinomial;
    const GanOptions rows{64, 0, 1, 0, kRowUnits, 2}, sequences{64, 0, 1, 0, kUnits, 3};
    attributes = gan_attributes(rows, schedule, shape.attributes, noise, init, torch::kCPU);
    records = gan_records(sequences, schedule, shape.attributes.width, shape.features, shape.record_width(),
                          shape.longest, noise, init, torch::kCPU);
  }
  return std::make_unique<FlowDiffusion>(shape, FlowTraining{}, std::move(attributes), std::move(records),
                                         init, torch::kCPU);
}

/// Arguments: Sampler, steps, flows of one record each.
void sample_flows(benchmark::State& state) {
  const nn::SingleThread single;
  const auto network = network_of(state.range(0), state.range(1));
  const int64_t flows = state.range(2);
  const std::vector<int64_t> lengths(static_cast<size_t>(flows), 1);
  for (auto _ : state) {
    network->start_sampling(Seed(2));
    benchmark::DoNotOptimize(network->features(network->attributes({}, flows), lengths));
  }
  state.counters["flows/s"] =
      benchmark::Counter(static_cast<double>(flows), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(sample_flows)
    ->ArgsProduct({{ddgan_multinomial, ddgan_gaussian}, {1, 2, 4, 8}, {100'000}})
    ->ArgsProduct({{ddpm}, {50, 200, 1000}, {100'000}})
    ->ArgNames({"sampler", "steps", "flows"})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace bench
