#include "downstream/feature_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

TEST(FeatureTable, SelectsRowsInOrder) {
  const FeatureTable table{2, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(table.rows(), 3U);
  EXPECT_EQ(select(table, std::vector<size_t>{2, 0, 2}), (FeatureTable{2, {5, 6, 1, 2, 5, 6}}));
  EXPECT_EQ(FeatureTable{}.rows(), 0U);
}

TEST(ColumnScale, GivesMeanZeroAndPopulationVarianceOne) {
  const FeatureTable table{2, {1, 7, 3, 7, 5, 7}};
  const ColumnScale scale = column_scale(table);
  EXPECT_DOUBLE_EQ(scale.mean[0], 3);
  EXPECT_DOUBLE_EQ(scale.sd[0], std::sqrt(8.0 / 3));
  EXPECT_DOUBLE_EQ(scale.sd[1], 1);
  const FeatureTable other = scale.apply({2, {3, 8}});
  EXPECT_DOUBLE_EQ(other.values[0], 0);
  EXPECT_DOUBLE_EQ(other.values[1], 1);
}

TEST(ColumnScale, RoundingIsNoSpread) {
  const FeatureTable constant{1, std::vector<double>(7, 1e15 + 0.3)};
  EXPECT_DOUBLE_EQ(column_scale(constant).sd[0], 1);
}

}  // namespace
}  // namespace bench
