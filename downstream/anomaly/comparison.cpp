#include "downstream/anomaly/comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/emd.h"
#include "core/rank.h"
#include "core/stats.h"

namespace bench {
namespace {

// Up to `cap` rows (0 = all), each at most once, in their order.
FeatureTable capped(const FeatureTable& rows, size_t cap, Seed seed) {
  if (cap == 0 || rows.rows() <= cap) return rows;
  std::vector<size_t> all(rows.rows());
  std::iota(all.begin(), all.end(), size_t{0});
  std::vector<size_t> sample;
  Rng rng = seed.child("training rows").rng();
  std::sample(all.begin(), all.end(), std::back_inserter(sample), cap, rng);
  return select(rows, sample);
}

struct Fitted {
  std::unique_ptr<Detector> detector;
  size_t training_rows = 0;
};

Fitted fit(const DetectorEntry& entry, const FeatureTable& rows, size_t cap, Seed seed) {
  Fitted out{entry.make(), 0};
  const FeatureTable training = capped(rows, cap, seed);
  out.training_rows = training.rows();
  out.detector->fit(training, seed.child("detector"));
  return out;
}

double flagged_share(const std::vector<double>& scores, double threshold) {
  const auto flagged = std::count_if(scores.begin(), scores.end(), [&](double s) { return s > threshold; });
  return static_cast<double>(flagged) / static_cast<double>(scores.size());
}

std::string without_flows(std::initializer_list<std::pair<std::string_view, const FlowVectors*>> sides) {
  for (const auto& [name, side] : sides) {
    if (side->features.rows() == 0) return "0 usable flows in the " + std::string(name) + " trace";
  }
  return "";
}

void compare_ratios(AnomalyComparison& out) {
  if (out.real_ratio > 0)
    out.relative_error = std::abs(out.synthetic_ratio - out.real_ratio) / out.real_ratio;
}

}  // namespace

AnomalyComparison anomalies_fit_on_self(const DetectorEntry& detector, const FlowVectors& real,
                                        const FlowVectors& synthetic, size_t training_cap, Seed seed) {
  AnomalyComparison out;
  out.real_flows = real.features.rows();
  out.synthetic_flows = synthetic.features.rows();
  out.not_applicable = without_flows({{"real", &real}, {"synthetic", &synthetic}});
  if (!out.not_applicable.empty()) return out;
  const auto score = [&](const FlowVectors& side, size_t& training_rows, double& ratio,
                         std::optional<double>& auc) {
    const Fitted fitted = fit(detector, side.features, training_cap, seed);
    const auto scores = fitted.detector->scores(side.features);
    training_rows = fitted.training_rows;
    ratio = flagged_share(scores, fitted.detector->threshold());
    if (!side.anomalous.empty()) auc = area_under_roc(scores, side.anomalous);
  };
  score(real, out.real_training_flows, out.real_ratio, out.real_auc);
  score(synthetic, out.synthetic_training_flows, out.synthetic_ratio, out.synthetic_auc);
  compare_ratios(out);
  return out;
}

AnomalyComparison anomalies_fit_on_real(const DetectorEntry& detector, const FlowVectors& real_train,
                                        const FlowVectors& real_rest, const FlowVectors& synthetic,
                                        size_t training_cap, Seed seed) {
  AnomalyComparison out;
  out.real_flows = real_rest.features.rows();
  out.synthetic_flows = synthetic.features.rows();
  out.not_applicable =
      without_flows({{"real training", &real_train}, {"held-out", &real_rest}, {"synthetic", &synthetic}});
  if (!out.not_applicable.empty()) return out;
  const Fitted fitted = fit(detector, real_train.features, training_cap, seed);
  out.real_training_flows = fitted.training_rows;
  const auto real_scores = fitted.detector->scores(real_rest.features);
  const auto synthetic_scores = fitted.detector->scores(synthetic.features);
  out.real_ratio = flagged_share(real_scores, fitted.detector->threshold());
  out.synthetic_ratio = flagged_share(synthetic_scores, fitted.detector->threshold());
  compare_ratios(out);
  const double spread = sample_sd(real_scores);
  out.score_emd = emd(real_scores, synthetic_scores) / (spread > 0 ? spread : 1);
  if (!real_rest.anomalous.empty()) out.real_auc = area_under_roc(real_scores, real_rest.anomalous);
  if (!synthetic.anomalous.empty()) out.synthetic_auc = area_under_roc(synthetic_scores, synthetic.anomalous);
  return out;
}

std::vector<FlowVectors> netml_vectors(const Trace& trace, const NetmlParams& params, std::string_view label,
                                       const std::optional<NetmlScale>& given) {
  std::vector<FlowVectors> out(std::size(kNetmlModes));
  if (trace.kind != TraceKind::packets || trace.size() == 0 || !trace.has_time()) return out;
  const NetmlFlows flows = netml_flows(trace, params, given);
  const std::vector<bool> anomalous = netml_anomalous(trace, flows, label);
  for (size_t m = 0; m < out.size(); ++m)
    out[m] = {netml_features(trace, flows, kNetmlModes[m], params), anomalous};
  return out;
}

}  // namespace bench
