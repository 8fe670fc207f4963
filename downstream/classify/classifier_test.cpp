#include "downstream/classify/classifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "downstream/classify/test_tables.h"

namespace bench {
namespace {

double share_right(const Classifier& classifier, const Labelled& rows) {
  const auto answers = classifier.predict(rows.features);
  size_t right = 0;
  for (size_t i = 0; i < answers.size(); ++i) right += answers[i] == rows.classes[i] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(answers.size());
}

class EveryClassifier : public testing::TestWithParam<size_t> {
 protected:
  std::unique_ptr<Classifier> classifier() const { return all_classifiers()[GetParam()].make(); }
};

TEST_P(EveryClassifier, SeparatesThreeClouds) {
  const Labelled train = three_clouds(150, 1), test = three_clouds(150, 2);
  const auto it = classifier();
  it->fit(train.features, train.classes, Seed(1));
  EXPECT_GT(share_right(*it, test), 0.96);
  EXPECT_TRUE(it->predict({2, {}}).empty());
}

TEST_P(EveryClassifier, RepeatsItself) {
  Labelled train = three_clouds(80, 3);
  for (size_t i = 0; i < train.size(); i += 7) train.classes[i] = (train.classes[i] + 1) % 3;
  const Labelled test = three_clouds(200, 4);
  const auto a = classifier();
  const auto b = classifier();
  a->fit(train.features, train.classes, Seed(5));
  b->fit(three_clouds(20, 1).features, three_clouds(20, 1).classes,
         Seed(9));  // replaced by the next training
  b->fit(train.features, train.classes, Seed(5));
  EXPECT_EQ(a->predict(test.features), b->predict(test.features));
}

TEST_P(EveryClassifier, LearnsTwoRows) {
  const FeatureTable rows{1, {-1, 1}};
  const auto it = classifier();
  it->fit(rows, std::vector<int32_t>{1, 0}, Seed(1));
  EXPECT_EQ(it->predict(rows).size(), 2U);
}

TEST_P(EveryClassifier, AConstantColumnDoesNoHarm) {
  Labelled train = three_clouds(100, 6);
  FeatureTable wide{3, {}};
  for (size_t i = 0; i < train.size(); ++i)
    wide.values.insert(wide.values.end(), {train.features.row(i)[0], 0, train.features.row(i)[1]});
  train.features = wide;
  const auto it = classifier();
  it->fit(train.features, train.classes, Seed(1));
  EXPECT_GT(share_right(*it, train), 0.96);
}

INSTANTIATE_TEST_SUITE_P(All, EveryClassifier, testing::Range(size_t{0}, all_classifiers().size()),
                         [](const auto& which) { return std::string(all_classifiers()[which.param].id); });

TEST(DecisionTree, GrowsToPureLeaves) {
  // Classes without any pattern: a full tree still knows each row.
  Labelled rows = three_clouds(100, 7);
  Rng rng(1);
  std::shuffle(rows.classes.begin(), rows.classes.end(), rng);
  const auto full = make_decision_tree(25);
  full->fit(rows.features, rows.classes, Seed(1));
  EXPECT_DOUBLE_EQ(share_right(*full, rows), 1);
  const auto stump = make_decision_tree(1);
  stump->fit(rows.features, rows.classes, Seed(1));
  auto answers = stump->predict(rows.features);
  std::sort(answers.begin(), answers.end());
  EXPECT_LE(std::unique(answers.begin(), answers.end()) - answers.begin(), 2);
}

TEST(NaiveBayes, CutsWhereTheDensitiesMeet) {
  // Two classes of variance 1 and 4 around 0: densities meet at x^2 = (8/3) ln 2.
  const FeatureTable rows{1, {-1, 1, -2, 2}};
  const auto bayes = make_naive_bayes();
  bayes->fit(rows, std::vector<int32_t>{0, 0, 1, 1}, Seed(1));
  const double cut = std::sqrt(8.0 / 3 * std::log(2.0));
  EXPECT_EQ(bayes->predict({1, {cut - 0.01, cut + 0.01, -cut - 0.01, 0}}),
            (std::vector<int32_t>{0, 1, 1, 0}));
}

TEST(Mlp, LearnsWhatNoLineSeparates) {
  Labelled rows;
  rows.features.columns = 2;
  Rng rng(2);
  std::uniform_real_distribution<double> draw(-1, 1);
  for (int i = 0; i < 2000; ++i) {
    const double x = draw(rng), y = draw(rng);
    rows.features.values.insert(rows.features.values.end(), {x, y});
    rows.classes.push_back(x * y > 0 ? 1 : 0);
  }
  const auto mlp = make_mlp();
  mlp->fit(rows.features, rows.classes, Seed(1));
  EXPECT_GT(share_right(*mlp, rows), 0.95);
  const auto line = make_logistic_regression();
  line->fit(rows.features, rows.classes, Seed(1));
  EXPECT_LT(share_right(*line, rows), 0.7);
}

TEST(TrainedClassifier, KeepsTheCodesOfTheClassesThatAreThere) {
  const Labelled clouds = three_clouds(50, 8);
  std::vector<int32_t> codes;
  for (const int32_t code : clouds.classes) codes.push_back(10 * code + 3);
  const TrainedClassifier trained(make_decision_tree(), clouds.features, codes, Seed(1));
  EXPECT_EQ(trained.predict(clouds.features), codes);
  const TrainedClassifier single(make_decision_tree(), clouds.features, std::vector<int32_t>(150, 7),
                                 Seed(1));
  EXPECT_EQ(single.predict(clouds.features), std::vector<int32_t>(150, 7));
}

}  // namespace
}  // namespace bench
