// Whole families on a million records against a million, on one core.

#include <benchmark/benchmark.h>

#include "metrics/privacy.h"
#include "metrics/temporal.h"
#include "metrics/test_traces.h"
#include "metrics/validity.h"

namespace bench {
namespace {

constexpr size_t kMillion = 1'000'000;
constexpr double kHosts = 1e5;

Trace million(TraceKind kind, uint64_t seed) {
  Trace trace = kind == TraceKind::flows ? random_flows(kMillion, seed, kHosts)
                                         : random_packets(kMillion, seed, kHosts);
  trace.tcp_flags.assign(trace.size(), 0);
  for (size_t i = 0; i < trace.size(); ++i) trace.tcp_flags[i] = trace.proto[i] == 6 ? 16 : 0;
  return trace;
}

void score(benchmark::State& state, const MetricFamily& family, TraceKind kind) {
  const Trace real = million(kind, 1), synthetic = million(kind, 2), holdout = million(kind, 3);
  const ScoringPair pair{real, synthetic, {100 * kSecond, 160 * kSecond}, &holdout};
  for (auto _ : state) benchmark::DoNotOptimize(family.evaluate(pair));
}

void BM_temporal_flows_1m(benchmark::State& s) { score(s, temporal_family(), TraceKind::flows); }
BENCHMARK(BM_temporal_flows_1m)->Unit(benchmark::kMillisecond);

void BM_temporal_packets_1m(benchmark::State& s) { score(s, temporal_family(), TraceKind::packets); }
BENCHMARK(BM_temporal_packets_1m)->Unit(benchmark::kMillisecond);

void BM_validity_flows_1m(benchmark::State& s) { score(s, validity_family(), TraceKind::flows); }
BENCHMARK(BM_validity_flows_1m)->Unit(benchmark::kMillisecond);

void BM_validity_packets_1m(benchmark::State& s) { score(s, validity_family(), TraceKind::packets); }
BENCHMARK(BM_validity_packets_1m)->Unit(benchmark::kMillisecond);

void BM_privacy_flows_1m(benchmark::State& s) { score(s, privacy_family(), TraceKind::flows); }
BENCHMARK(BM_privacy_flows_1m)->Unit(benchmark::kMillisecond);

void BM_privacy_packets_1m(benchmark::State& s) { score(s, privacy_family(), TraceKind::packets); }
BENCHMARK(BM_privacy_packets_1m)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
