#include "models/rows/number_scale.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

TEST(NumberScale, EveryValueOwnsItsShare) {
  NumberScale scale;
  scale.fit({5, 1, 1, 2, 1, 9, 5, 1});
  ASSERT_EQ(scale.size(), 4U);
  EXPECT_EQ(scale.lo(0), 0);
  EXPECT_EQ(scale.hi(0), .5);
  EXPECT_EQ(scale.hi(1), .625);
  EXPECT_EQ(scale.hi(3), 1);
  for (const double value : {1., 2., 5., 9.}) {
    const size_t place = scale.index(value);
    EXPECT_EQ(scale.value(scale.middle(place)), value);
    EXPECT_EQ(scale.value(scale.lo(place) + 1e-9), value);
  }
  EXPECT_EQ(scale.value(-1), 1);
  EXPECT_EQ(scale.value(2), 9);
  EXPECT_EQ(scale.value(1), 9);
}

TEST(NumberScale, RareValuesAreInterpolated) {
  std::vector<double> values(1000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i * i);
  NumberScale scale;
  scale.fit(values);
  for (double unit = .0015; unit < 1; unit += .01) {
    const double root = std::sqrt(scale.value(unit));
    EXPECT_NEAR(root, unit * 1000 - 1, .6);
  }
}

}  // namespace
}  // namespace bench
