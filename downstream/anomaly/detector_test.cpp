#include "downstream/anomaly/detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace bench {
namespace {

FeatureTable gaussian(size_t rows, size_t columns, uint64_t seed) {
  Rng rng(seed);
  std::normal_distribution<double> draw;
  FeatureTable table{columns, std::vector<double>(rows * columns)};
  std::generate(table.values.begin(), table.values.end(), [&] { return draw(rng); });
  return table;
}

double flagged(const Detector& detector, const FeatureTable& rows) {
  const auto scores = detector.scores(rows);
  return static_cast<double>(std::count_if(scores.begin(), scores.end(),
                                           [&](double s) { return s > detector.threshold(); })) /
         static_cast<double>(scores.size());
}

class EveryDetector : public testing::TestWithParam<size_t> {
 protected:
  std::unique_ptr<Detector> detector() const { return all_detectors()[GetParam()].make(); }
};

TEST_P(EveryDetector, FlagsAFarPointAndItsShareOfTheTraining) {
  const FeatureTable rows = gaussian(1500, 3, 1);
  const auto it = detector();
  it->fit(rows, Seed(7));
  const bool svm = all_detectors()[GetParam()].id == "ocsvm";
  EXPECT_NEAR(flagged(*it, rows), svm ? 0.5 : 0.1, 0.01);
  const auto scores = it->scores({3, {0, 0, 0, 30, -30, 30}});
  EXPECT_LT(scores[0], scores[1]);
  EXPECT_GT(scores[1], it->threshold());
}

TEST_P(EveryDetector, RepeatsItself) {
  const FeatureTable rows = gaussian(600, 4, 2);
  const auto a = detector();
  const auto b = detector();
  a->fit(rows, Seed(3));
  b->fit(gaussian(50, 2, 9), Seed(1));  // a second training replaces the first
  b->fit(rows, Seed(3));
  EXPECT_EQ(a->scores(rows), b->scores(rows));
}

TEST_P(EveryDetector, EqualRowsAreEquallyStrange) {
  for (const size_t rows : {1, 40}) {
    const FeatureTable constant{2, std::vector<double>(rows * 2, 5.0)};
    const auto it = detector();
    it->fit(constant, Seed(1));
    const auto scores = it->scores(constant);
    for (const double score : scores) {
      EXPECT_TRUE(std::isfinite(score));
      EXPECT_EQ(score, scores[0]);
    }
    EXPECT_TRUE(it->scores({2, {}}).empty());
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryDetector, testing::Range(size_t{0}, all_detectors().size()),
                         [](const auto& which) { return std::string(all_detectors()[which.param].id); });

TEST(IsolationForest, OnlyRowsThatSplitMatter) {
  // Two training rows: every tree is one cut, which isolates both: path length 1 = c(2), score 2^-1.
  const auto forest = make_isolation_forest();
  forest->fit({1, {0, 1}}, Seed(1));
  for (const double score : forest->scores({1, {0, 1, 50}})) EXPECT_DOUBLE_EQ(score, 0.5);
}

TEST(PrincipalComponents, ResidualIsTheDistanceFromTheLine) {
  // y = x up to a little noise, so that one component holds 90 % of the variance.
  FeatureTable rows{2, {}};
  for (int i = -50; i <= 50; ++i) {
    const double noise = i % 2 == 0 ? 0.5 : -0.5;
    rows.values.insert(rows.values.end(), {i + noise, i - noise});
  }
  const auto pca = make_principal_components();
  pca->fit(rows, Seed(1));
  const ColumnScale scale = column_scale(rows);
  const auto scores = pca->scores({2, {scale.mean[0], scale.mean[1], 10, -10, 30, 30}});
  EXPECT_NEAR(scores[0], 0, 1e-12);
  const FeatureTable far = scale.apply({2, {10, -10}});
  const double along = (far.values[0] + far.values[1]) / std::sqrt(2.0);
  const double square = far.values[0] * far.values[0] + far.values[1] * far.values[1];
  EXPECT_NEAR(scores[1], square - along * along, 1e-9);
  EXPECT_LT(scores[2], 1e-2);
}

}  // namespace
}  // namespace bench
