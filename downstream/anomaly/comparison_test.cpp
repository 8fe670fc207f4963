#include "downstream/anomaly/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

const DetectorEntry& entry(std::string_view id) {
  const auto& all = all_detectors();
  return *std::find_if(all.begin(), all.end(), [&](const DetectorEntry& e) { return e.id == id; });
}

// Two columns that go together, except that the second one is shifted.
FlowVectors cloud(size_t rows, double shift, uint64_t seed) {
  Rng rng(seed);
  std::normal_distribution<double> draw;
  FlowVectors out{{2, {}}, {}};
  for (size_t i = 0; i < rows; ++i) {
    const double x = draw(rng);
    out.features.values.insert(out.features.values.end(), {x, x + 0.3 * draw(rng) + shift});
  }
  return out;
}

TEST(Anomalies, FitOnSelfFlagsItsShareWhateverTheRows) {
  const auto real = cloud(800, 0, 1), shifted = cloud(700, 50, 2);
  const auto out = anomalies_fit_on_self(entry("ocsvm"), real, shifted, 0, Seed(1));
  EXPECT_EQ(out.not_applicable, "");
  EXPECT_EQ(out.real_flows, 800U);
  EXPECT_EQ(out.synthetic_flows, 700U);
  EXPECT_NEAR(out.real_ratio, 0.5, 0.02);
  EXPECT_NEAR(out.synthetic_ratio, 0.5, 0.02);
  EXPECT_LT(*out.relative_error, 0.05);
  EXPECT_FALSE(out.score_emd.has_value());
  EXPECT_FALSE(out.real_auc.has_value());
}

TEST(Anomalies, FitOnRealSeesTheShift) {
  const auto train = cloud(800, 0, 1), rest = cloud(400, 0, 2);
  const auto same = cloud(400, 0, 3), shifted = cloud(400, 50, 4);
  for (const DetectorEntry& detector : all_detectors()) {
    const auto good = anomalies_fit_on_real(detector, train, rest, same, 0, Seed(1));
    const auto bad = anomalies_fit_on_real(detector, train, rest, shifted, 0, Seed(1));
    EXPECT_LT(*good.relative_error, 0.4) << detector.id;
    EXPECT_DOUBLE_EQ(bad.synthetic_ratio, 1) << detector.id;
    EXPECT_DOUBLE_EQ(*bad.relative_error, (1 - bad.real_ratio) / bad.real_ratio) << detector.id;
    EXPECT_LT(*good.score_emd, 0.3) << detector.id;
    EXPECT_GT(*bad.score_emd, 3 * *good.score_emd) << detector.id;
  }
}

TEST(Anomalies, ARowAgainstItselfIsBest) {
  const auto train = cloud(300, 0, 1), rest = cloud(300, 0, 2);
  const auto out = anomalies_fit_on_real(entry("iforest"), train, rest, rest, 0, Seed(1));
  EXPECT_DOUBLE_EQ(*out.relative_error, 0);
  EXPECT_DOUBLE_EQ(*out.score_emd, 0);
}

TEST(Anomalies, LabelsGiveAnArea) {
  const auto train = cloud(500, 0, 1);
  auto rest = cloud(200, 0, 2);
  const auto strange = cloud(50, 50, 3);
  rest.features.values.insert(rest.features.values.end(), strange.features.values.begin(),
                              strange.features.values.end());
  rest.anomalous.assign(250, false);
  std::fill(rest.anomalous.begin() + 200, rest.anomalous.end(), true);
  const auto out = anomalies_fit_on_real(entry("pca"), train, rest, rest, 0, Seed(1));
  EXPECT_GT(*out.real_auc, 0.99);
  EXPECT_EQ(out.real_auc, out.synthetic_auc);
}

TEST(Anomalies, TheCapIsReported) {
  const auto real = cloud(800, 0, 1);
  const auto out = anomalies_fit_on_self(entry("ocsvm"), real, real, 100, Seed(1));
  EXPECT_EQ(out.real_training_flows, 100U);
  EXPECT_EQ(out.synthetic_training_flows, 100U);
  EXPECT_EQ(out.real_flows, 800U);
}

TEST(Anomalies, NoFlowsIsNotANumber) {
  const auto real = cloud(50, 0, 1);
  const auto self = anomalies_fit_on_self(entry("pca"), real, {}, 0, Seed(1));
  EXPECT_EQ(self.not_applicable, "0 usable flows in the synthetic trace");
  EXPECT_FALSE(self.relative_error.has_value());
  const auto fitted = anomalies_fit_on_real(entry("pca"), {}, real, real, 0, Seed(1));
  EXPECT_EQ(fitted.not_applicable, "0 usable flows in the real training trace");
}

TEST(NetmlVectors, SixModesOfASimulatedTrace) {
  const Trace trace = simulate("dc-surrogate", 4000, Seed(1));
  const auto vectors = netml_vectors(trace, {}, "label");
  ASSERT_EQ(vectors.size(), 6U);
  for (const FlowVectors& mode : vectors) {
    EXPECT_GT(mode.features.rows(), 20U);
    EXPECT_EQ(mode.features.rows(), vectors[0].features.rows());
    EXPECT_GE(*std::min_element(mode.features.values.begin(), mode.features.values.end()), 0);
  }
  // Vectors of another trace mean the same if they are made with this trace's scale.
  const NetmlScale scale = netml_flows(trace, {}).scale;
  const auto other = netml_vectors(simulate("dc-surrogate", 3000, Seed(2)), {}, "label", scale);
  for (size_t m = 0; m < other.size(); ++m) {
    EXPECT_EQ(other[m].features.columns, vectors[m].features.columns);
    const auto out = anomalies_fit_on_real(entry("iforest"), vectors[m], vectors[m], other[m], 0, Seed(3));
    EXPECT_EQ(out.not_applicable, "");
  }
}

TEST(NetmlVectors, ATraceWithoutTimeHasNone) {
  Trace trace = simulate("dc-surrogate", 200, Seed(1));
  trace.time.clear();
  for (const FlowVectors& mode : netml_vectors(trace, {}, "label")) EXPECT_EQ(mode.features.rows(), 0U);
}

}  // namespace
}  // namespace bench
