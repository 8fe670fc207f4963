// Timings of encoding, training and sampling. items = records, or training iterations.

#include <benchmark/benchmark.h>

#include "datasets/surrogate/surrogate.h"
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

/// A million records of a surrogate (packets 1, flows 0) in ten chunks; ports as named.
struct Million {
  Trace trace;
  EncodeOptions options;
  FlowEncoder encoder;
  Million(bool packets, const char* ports)
      : trace(simulate(packets ? "caida-surrogate" : "ugr16-surrogate", 1'000'000, Seed(1))) {
    options.services.encoding = ports;
    options.quantile = true;
    options.max_flow_len = 32;
    options.chunks = 10;
    encoder.fit(trace, options, Seed(1));
  }
};

/// Fit and every chunk's encoding, as a training with chunks does.
void encode(benchmark::State& state, const char* ports) {
  const Million million(state.range(0) == 1, ports);
  for (auto _ : state) {
    FlowEncoder encoder;
    encoder.fit(million.trace, million.options, Seed(1));
    for (size_t c = 0; c < 10; ++c) benchmark::DoNotOptimize(encoder.encode(million.trace, c));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(million.trace.size()));
}
BENCHMARK_CAPTURE(encode, onehot_bins, "onehot_bins")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, ip2vec, "ip2vec")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// Samples of a million records back to a trace, flow by flow.
void decode(benchmark::State& state, const char* ports) {
  const Million million(state.range(0) == 1, ports);
  std::vector<FlowSamples> chunks;
  for (size_t c = 0; c < 10; ++c) chunks.push_back(million.encoder.encode(million.trace, c));
  const int64_t width = million.encoder.attributes().width, features = million.encoder.features().width;
  SilentProgress silent;
  for (auto _ : state) {
    FlowDecoder decoder(million.encoder, Seed(1));
    for (size_t c = 0; c < chunks.size(); ++c) {
      for (size_t i = 0; i < chunks[c].size(); ++i) {
        FlowSamples flow;
        flow.append(chunks[c], i, width, features);
        decoder.add(decoder.key(flow.attributes.data()), c, flow, 1'000'000);
      }
      decoder.end_chunk(c);
    }
    benchmark::DoNotOptimize(decoder.finish(silent));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(million.trace.size()));
}
BENCHMARK_CAPTURE(decode, onehot_bins, "onehot_bins")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, ip2vec, "ip2vec")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

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
