#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/emd.h"
#include "metrics/distribution.h"
#include "metrics/joint.h"
#include "metrics/series.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

constexpr size_t kMillion = 1'000'000;

// Log-normal values, as sizes and durations have them.
std::vector<double> heavy_tail(uint64_t seed) {
  Rng rng(seed);
  std::lognormal_distribution<double> draw(3, 2);
  std::vector<double> out(kMillion);
  std::generate(out.begin(), out.end(), [&] { return draw(rng); });
  return out;
}

// The yardstick of BM_emd_1m: copy and sort both columns.
void BM_std_sort_two_1m(benchmark::State& state) {
  const auto a = heavy_tail(1);
  const auto b = heavy_tail(2);
  for (auto _ : state) {
    auto sorted_a = a;
    auto sorted_b = b;
    std::sort(sorted_a.begin(), sorted_a.end());
    std::sort(sorted_b.begin(), sorted_b.end());
    benchmark::DoNotOptimize(sorted_a.data());
    benchmark::DoNotOptimize(sorted_b.data());
  }
}
BENCHMARK(BM_std_sort_two_1m)->Unit(benchmark::kMillisecond);

void BM_emd_1m(benchmark::State& state) {
  const auto a = heavy_tail(1);
  const auto b = heavy_tail(2);
  for (auto _ : state) benchmark::DoNotOptimize(emd(a, b));
}
BENCHMARK(BM_emd_1m)->Unit(benchmark::kMillisecond);

void score(benchmark::State& state, const Trace& real, const Trace& synthetic, Modes modes) {
  const ScoringPair pair{real, synthetic, {100 * kSecond, 160 * kSecond}};
  for (auto _ : state) benchmark::DoNotOptimize(distribution_scores(pair, modes));
}

void BM_paper_metrics_flows_1m(benchmark::State& state) {
  score(state, random_flows(kMillion, 1, 1e5), random_flows(kMillion, 2, 1e5), {true, false});
}
BENCHMARK(BM_paper_metrics_flows_1m)->Unit(benchmark::kMillisecond);

void BM_paper_metrics_packets_1m(benchmark::State& state) {
  score(state, random_packets(kMillion, 1, 1e5), random_packets(kMillion, 2, 1e5), {true, false});
}
BENCHMARK(BM_paper_metrics_packets_1m)->Unit(benchmark::kMillisecond);

void BM_all_modes_flows_1m(benchmark::State& state) {
  score(state, random_flows(kMillion, 1, 1e5), random_flows(kMillion, 2, 1e5), {});
}
BENCHMARK(BM_all_modes_flows_1m)->Unit(benchmark::kMillisecond);

void BM_all_modes_packets_1m(benchmark::State& state) {
  score(state, random_packets(kMillion, 1, 1e5), random_packets(kMillion, 2, 1e5), {});
}
BENCHMARK(BM_all_modes_packets_1m)->Unit(benchmark::kMillisecond);

void evaluate(benchmark::State& state, const MetricFamily& family, const Trace& real,
              const Trace& synthetic) {
  const ScoringPair pair{real, synthetic, {100 * kSecond, 160 * kSecond}};
  for (auto _ : state) benchmark::DoNotOptimize(family.evaluate(pair));
}

void BM_joint_flows(benchmark::State& state) {
  const auto records = static_cast<size_t>(state.range(0));
  evaluate(state, joint_family(), random_flows(records, 1, 1e5), random_flows(records, 2, 1e5));
}
BENCHMARK(BM_joint_flows)->Arg(10'000)->Arg(kMillion)->Unit(benchmark::kMillisecond);

void BM_joint_packets(benchmark::State& state) {
  const auto records = static_cast<size_t>(state.range(0));
  evaluate(state, joint_family(), random_packets(records, 1, 1e5), random_packets(records, 2, 1e5));
}
BENCHMARK(BM_joint_packets)->Arg(10'000)->Arg(kMillion)->Unit(benchmark::kMillisecond);

void BM_series_flows_1m(benchmark::State& state) {
  evaluate(state, series_family(), random_flows(kMillion, 1, 1e5), random_flows(kMillion, 2, 1e5));
}
BENCHMARK(BM_series_flows_1m)->Unit(benchmark::kMillisecond);

void BM_series_packets_1m(benchmark::State& state) {
  evaluate(state, series_family(), random_packets(kMillion, 1, 1e5), random_packets(kMillion, 2, 1e5));
}
BENCHMARK(BM_series_packets_1m)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
