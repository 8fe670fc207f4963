#include "metrics/two_sample.h"

#include <gtest/gtest.h>

#include <random>

namespace bench {
namespace {

// Three columns; the synthetic rows have `shift` more in the second one.
LabelledRows rows_with(float shift) {
  Rng rng(3);
  std::normal_distribution<float> normal;
  LabelledRows rows;
  rows.columns = 3;
  for (uint32_t i = 0; i < 1000; ++i) {
    const uint8_t synthetic = i % 2 == 0 ? 1 : 0;
    rows.values.insert(rows.values.end(),
                       {normal(rng), normal(rng) + (synthetic == 1 ? shift : 0), normal(rng)});
    rows.synthetic.push_back(synthetic);
    rows.fold.push_back(i / 2 % kFolds);
  }
  return rows;
}

TEST(TwoSample, FindsTheColumnThatDiffers) {
  const auto result = two_sample_test(rows_with(3), Seed(1));
  ASSERT_TRUE(result);
  EXPECT_GT(result->auc, 0.95);  // the best possible for two normals 3 apart is Phi(3 / sqrt 2) = 0.983
  EXPECT_LT(result->auc, 0.995);
  EXPECT_GT(result->gain[1], 0.7);
  EXPECT_NEAR(result->gain[0] + result->gain[1] + result->gain[2], 1, 1e-12);
}

TEST(TwoSample, EqualDistributionsCannotBeTold) {
  const auto result = two_sample_test(rows_with(0), Seed(1));
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->auc, 0.5, 0.08);
}

TEST(TwoSample, TheSameRowsGiveTheSameResult) {
  const auto first = two_sample_test(rows_with(1), Seed(1));
  const auto second = two_sample_test(rows_with(1), Seed(1));
  EXPECT_EQ(first->auc, second->auc);
  EXPECT_EQ(first->gain, second->gain);
}

TEST(TwoSample, CopiesInOneFoldGiveNothingToLearn) {
  LabelledRows rows;
  rows.columns = 1;
  for (uint32_t i = 0; i < 200; ++i) {
    rows.values.push_back(static_cast<float>(i / 2));
    rows.synthetic.push_back(i % 2 == 0 ? 1 : 0);
    rows.fold.push_back(i / 2 % kFolds);
  }
  const auto result = two_sample_test(rows, Seed(1));
  EXPECT_EQ(result->auc, 0.5);
  EXPECT_EQ(result->gain, std::vector<double>{0});
}

TEST(TwoSample, OneFoldCannotBeValidated) {
  LabelledRows rows{1, {1, 2, 3, 4}, {0, 1, 0, 1}, {2, 2, 2, 2}};
  EXPECT_FALSE(two_sample_test(rows, Seed(1)));
}

}  // namespace
}  // namespace bench
