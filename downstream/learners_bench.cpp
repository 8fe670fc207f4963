// NetML's vectors of a million packets (aim: all six modes within 10 s on one core) and what the learners
// cost.

#include <benchmark/benchmark.h>

#include "datasets/surrogate/surrogate.h"
#include "downstream/anomaly/comparison.h"
#include "downstream/classify/classify.h"
#include "downstream/classify/prediction.h"

namespace bench {
namespace {

constexpr int64_t kMillion = 1'000'000;

void BM_netml_six_modes_1m(benchmark::State& state, const char* profile) {
  const Trace trace = simulate(profile, kMillion, Seed(1));
  size_t flows = 0;
  for (auto _ : state) {
    const auto vectors = netml_vectors(trace, {}, "label");
    flows = vectors[0].features.rows();
    benchmark::DoNotOptimize(vectors.data());
  }
  state.counters["flows"] = static_cast<double>(flows);
}
BENCHMARK_CAPTURE(BM_netml_six_modes_1m, caida, "caida-surrogate")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_netml_six_modes_1m, dc, "dc-surrogate")->Unit(benchmark::kMillisecond);

void BM_detector_caida_1m(benchmark::State& state, size_t which) {
  const Trace trace = simulate("caida-surrogate", kMillion, Seed(1));
  const FlowVectors sizes = netml_vectors(trace, {}, "label")[1];
  const DetectorEntry& detector = all_detectors()[which];
  for (auto _ : state)
    benchmark::DoNotOptimize(anomalies_fit_on_self(detector, sizes, sizes, detector.training_cap, Seed(1)));
  state.counters["flows"] = static_cast<double>(sizes.features.rows());
  state.counters["columns"] = static_cast<double>(sizes.features.columns);
}
BENCHMARK_CAPTURE(BM_detector_caida_1m, ocsvm, 0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_detector_caida_1m, iforest, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_detector_caida_1m, pca, 2)->Unit(benchmark::kMillisecond);

void BM_classifier_ton_100k(benchmark::State& state, size_t which) {
  const Trace train = simulate("ton-surrogate", 100'000, Seed(1));
  const Trace test = simulate("ton-surrogate", 20'000, Seed(2));
  const ClassList classes = class_list(train, "type");
  const Labelled train_rows = flow_features(train, "type", classes);
  const Labelled test_rows = flow_features(test, "type", classes);
  ClassificationResult result;
  for (auto _ : state) result = train_and_test(all_classifiers()[which], train_rows, test_rows, Seed(1));
  state.counters["accuracy"] = result.scores.accuracy;
}
BENCHMARK_CAPTURE(BM_classifier_ton_100k, dt, 0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, lr, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, rf, 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, gb, 3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, mlp, 4)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, nb, 5)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_classifier_ton_100k, ada, 6)->Unit(benchmark::kMillisecond);

// One cell: five classifiers, each trained on 10,000 real and 10,000 synthetic records.
void BM_classify_task_ton_10k(benchmark::State& state) {
  const Trace real = simulate("ton-surrogate", 10'000, Seed(1));
  const Trace synthetic = simulate("ton-surrogate", 10'000, Seed(2));
  const Trace holdout = simulate("ton-surrogate", 2'500, Seed(3));
  const Task task = classify_task();
  const auto params = task.params();
  for (auto _ : state)
    benchmark::DoNotOptimize(task.evaluate({real, synthetic, time_window(real), &holdout}, *params, Seed(1)));
}
BENCHMARK(BM_classify_task_ton_10k)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
