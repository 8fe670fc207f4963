#include <benchmark/benchmark.h>

#include "datasets/surrogate/surrogate.h"
#include "downstream/anomaly/anomaly.h"

namespace bench {
namespace {

constexpr int64_t kMillion = 1'000'000;

// The whole task with its defaults: a million packets on each side and 200,000 held out.
void BM_anomaly_1m(benchmark::State& state, const char* detectors) {
  const Trace real = simulate("caida-surrogate", kMillion, Seed(1));
  const Trace synthetic = simulate("caida-surrogate", kMillion, Seed(2));
  const Trace holdout = simulate("caida-surrogate", kMillion / 5, Seed(3));
  const Task task = anomaly_task();
  AnomalyParams params;
  params.detectors = detectors;
  for (auto _ : state) {
    benchmark::DoNotOptimize(task.evaluate({real, synthetic, time_window(real), &holdout}, params, Seed(1)));
  }
}
BENCHMARK_CAPTURE(BM_anomaly_1m, ocsvm, "ocsvm")->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(BM_anomaly_1m, iforest, "iforest")->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(BM_anomaly_1m, pca, "pca")->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace bench
