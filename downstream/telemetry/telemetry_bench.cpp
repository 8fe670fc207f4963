#include <benchmark/benchmark.h>

#include "downstream/telemetry/heavy_hitters.h"
#include "downstream/telemetry/telemetry.h"
#include "downstream/telemetry/test_streams.h"
#include "downstream/telemetry/width_sweep.h"

namespace bench {
namespace {

constexpr size_t kMillion = 1'000'000;

// The whole task on one trace: 4 sketches x 10 hash seeds, fed and judged.
void four_sketches(benchmark::State& state, const KeyedStream& stream, HashKind hash) {
  for (auto _ : state) {
    for (const SketchKind kind : all_sketch_kinds()) {
      SketchOptions options = default_options(kind);
      options.hash = hash;
      benchmark::DoNotOptimize(sketch_errors(stream, options, {Threshold::Of::keys, 0.1}, Seed(1)));
    }
  }
  state.counters["keys"] = static_cast<double>(stream.keys.size());
}

// A million packets whose addresses are Zipf.
void BM_four_sketches_1m_zipf_addresses(benchmark::State& state) {
  four_sketches(state, zipf_stream(kMillion, 100'000, 1.1, 1), HashKind::xxhash);
}
BENCHMARK(BM_four_sketches_1m_zipf_addresses)->Unit(benchmark::kMillisecond)->Iterations(1);

// The worst case: every record has a five-tuple of its own.
Trace with_different_tuples(uint64_t seed) {
  Trace trace = zipf_packets(kMillion, 100'000, 1.1, seed);
  for (size_t i = 0; i < trace.size(); ++i) trace.dstip[i] = static_cast<uint32_t>(i);
  return trace;
}

KeyedStream a_million_tuples() {
  return keyed_stream(with_different_tuples(1), KeyField::five_tuple, WeightUnit::records);
}

void BM_four_sketches_1m_different_tuples(benchmark::State& state) {
  four_sketches(state, a_million_tuples(), HashKind::xxhash);
}
BENCHMARK(BM_four_sketches_1m_different_tuples)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_four_sketches_1m_different_tuples_siphash(benchmark::State& state) {
  four_sketches(state, a_million_tuples(), HashKind::siphash);
}
BENCHMARK(BM_four_sketches_1m_different_tuples_siphash)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_add_1m(benchmark::State& state) {
  const KeyedStream stream = zipf_stream(kMillion, 100'000, 1.1, 1);
  const auto kind = all_sketch_kinds()[static_cast<size_t>(state.range(0))];
  for (auto _ : state) {
    const auto sketch = make_sketch(default_options(kind), Seed(1));
    feed(stream, *sketch);
    benchmark::DoNotOptimize(sketch->estimate(stream.keys.front()));
  }
  state.SetLabel(std::string(sketch_kind_name(kind)));
}
BENCHMARK(BM_add_1m)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

void BM_keyed_stream_1m_tuples(benchmark::State& state) {
  const Trace trace = zipf_packets(kMillion, 100'000, 1.1, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(keyed_stream(trace, KeyField::five_tuple, WeightUnit::records));
  }
}
BENCHMARK(BM_keyed_stream_1m_tuples)->Unit(benchmark::kMillisecond);

void BM_width_sweep_1m_ten_seeds(benchmark::State& state) {
  const KeyedStream stream = zipf_stream(kMillion, 100'000, 1.1, 1);
  WidthSweepOptions options;
  options.base_keys = static_cast<int64_t>(stream.keys.size());
  for (auto _ : state) benchmark::DoNotOptimize(width_sweep(stream, options, Seed(1)));
}
BENCHMARK(BM_width_sweep_1m_ten_seeds)->Unit(benchmark::kMillisecond)->Iterations(1);

// The whole task with its defaults for one key, a million packets on each side.
void telemetry_of(benchmark::State& state, const Trace& real, const Trace& synthetic, const char* key) {
  const Task task = telemetry_task();
  TelemetryParams params;
  params.key = key;
  for (auto _ : state) {
    benchmark::DoNotOptimize(task.evaluate({real, synthetic, {}}, params, Seed(1)));
  }
}

void BM_telemetry_1m_zipf_addresses(benchmark::State& state) {
  telemetry_of(state, zipf_packets(kMillion, 100'000, 1.1, 1), zipf_packets(kMillion, 100'000, 1.1, 2),
               "srcip");
}
BENCHMARK(BM_telemetry_1m_zipf_addresses)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_telemetry_1m_different_tuples(benchmark::State& state) {
  telemetry_of(state, with_different_tuples(1), with_different_tuples(2), "five_tuple");
}
BENCHMARK(BM_telemetry_1m_different_tuples)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace bench
