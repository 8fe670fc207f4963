// Timings of encoding, training and sampling. items = records, or training iterations.

#include <benchmark/benchmark.h>

#include "models/encode/flow_decoder.h"
#include "models/netshare/netshare.h"
#include "models/netshare/params.h"
#include "models/presets.h"
#include "models/test_traces.h"

namespace bench {
namespace {

NetShareParams preset_params(std::string_view name) {
  NetShareParams params;
  for (const Preset& preset : all_presets()) {
    if (preset.name != name) continue;
    Problems problems;
    read_params(params, preset.params, "", problems);
  }
  return params;
}

Trace trace_of(bool packets) { return packets ? packet_trace(2000, Seed(1)) : flow_trace(4000, Seed(1)); }

/// A preset's iterations on packets (1) or flows (0).
void train(benchmark::State& state, const char* preset) {
  NetShareParams params = preset_params(preset);
  params.iterations = 10;
  if (params.continuous == "calibrated")
    params.continuous = "quantile";  // leaves the sampling behind the training out
  const auto train = training_of(trace_of(state.range(0) == 1));
  SilentProgress silent;
  for (auto _ : state) {
    const auto model = make_netshare(params);
    FitContext context{Seed(1), 1, "cpu", silent};
    model->fit(train, context);
  }
  state.SetItemsProcessed(state.iterations() * params.iterations);
}
BENCHMARK_CAPTURE(train, netshare_paper, "netshare-paper")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, netshare_cpu, "netshare-cpu")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, netshare_smoke, "netshare-smoke")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void sample(benchmark::State& state) {
  NetShareParams params = preset_params("netshare-smoke");
  params.iterations = 10;
  const auto model = make_netshare(params);
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  model->fit(training_of(trace_of(state.range(0) == 1)), fit);
  SampleContext context{Seed(1), 1, "cpu", silent};
  for (auto _ : state) benchmark::DoNotOptimize(model->sample(10000, context));
  state.SetItemsProcessed(state.iterations() * 10000);
}
BENCHMARK(sample)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void encode(benchmark::State& state) {
  const Trace trace = trace_of(state.range(0) == 1);
  for (auto _ : state) {
    FlowEncoder encoder;
    encoder.fit(trace, {}, Seed(1));
    benchmark::DoNotOptimize(encoder.encode(trace));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(trace.size()));
}
BENCHMARK(encode)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void reference(benchmark::State& state, const char* name) {
  const ModelEntry* entry = find_model(name);
  const auto params = entry->params();
  const auto model = entry->make(*params);
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  model->fit(training_of(trace_of(true)), fit);
  SampleContext context{Seed(1), 1, "cpu", silent};
  for (auto _ : state) benchmark::DoNotOptimize(model->sample(100000, context));
  state.SetItemsProcessed(state.iterations() * 100000);
}
BENCHMARK_CAPTURE(reference, resample, "resample")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(reference, independent, "independent")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(reference, uniform, "uniform")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
