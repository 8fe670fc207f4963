// Timings of the accountants. items = releases.

#include <benchmark/benchmark.h>

#include "models/privacy/prv.h"

namespace bench {
namespace {

void rdp_accountant(benchmark::State& state) {
  const std::vector<SampledGaussian> releases{{0.001, 1, state.range(0)}};
  for (auto _ : state) benchmark::DoNotOptimize(rdp_epsilon(releases, 1e-5));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(rdp_accountant)->Arg(1000000)->Unit(benchmark::kMillisecond);

void prv_accountant(benchmark::State& state) {
  const std::vector<SampledGaussian> releases{{0.001, 1, state.range(0)}};
  for (auto _ : state) benchmark::DoNotOptimize(prv_epsilon(releases, 1e-5));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(prv_accountant)->Arg(10000)->Arg(1000000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
