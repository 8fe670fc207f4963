#include "metrics/density_coverage.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bench {
namespace {

MixedPoints on_a_line(std::vector<double> at) { return {at.size(), 1, 0, std::move(at), {}}; }

// Radii to the nearest neighbour: 1, 1, 2, 3, 4, so balls [-1, 1], [0, 2], [1, 5], [3, 9], [6, 14]. The point
// 0.5 lies in two of them, 7 in two, 20 in none: density 4 / (1 * 3), coverage 4 of 5.
TEST(DensityCoverage, DrawnByHand) {
  const auto found = density_coverage(on_a_line({0, 1, 3, 6, 10}), on_a_line({0.5, 7, 20}), 1);
  EXPECT_DOUBLE_EQ(found.density, 4.0 / 3);
  EXPECT_DOUBLE_EQ(found.coverage, 0.8);
}

// Two points of the plane a category apart: the square of the distance is 2.
TEST(DensityCoverage, CategoriesAreOneHot) {
  const MixedPoints real{2, 1, 1, {0, 0}, {80, 53}};
  const auto at = [](double number, uint32_t category) { return MixedPoints{1, 1, 1, {number}, {category}}; };
  EXPECT_EQ(density_coverage(real, at(1.4, 80), 1).coverage, 0.5);  // 1.4^2 < 2; from the other 1.4^2 + 2
  EXPECT_EQ(density_coverage(real, at(1.5, 80), 1).coverage, 0);
  EXPECT_EQ(density_coverage(real, at(0, 443), 1).coverage, 1);
}

// Reference: the published definition (Naeem et al. 2020) in Python on the same 40 + 30 points.
TEST(DensityCoverage, AgreesWithThePublishedDefinitionWithoutTies) {
  int64_t state = 1;
  const auto next = [&] {
    state = (1103515245 * state + 12345) % (int64_t{1} << 31);
    return static_cast<double>(state) / static_cast<double>(int64_t{1} << 31);
  };
  MixedPoints real{40, 3, 0, std::vector<double>(120), {}};
  MixedPoints synthetic{30, 3, 0, std::vector<double>(90), {}};
  for (double& value : real.number) value = next();
  for (double& value : synthetic.number) value = 0.2 + 0.7 * next();
  EXPECT_NEAR(density_coverage(real, synthetic, 1).density, 0.8, 1e-12);
  EXPECT_NEAR(density_coverage(real, synthetic, 1).coverage, 0.3, 1e-12);
  EXPECT_NEAR(density_coverage(real, synthetic, 5).density, 1.3133333333333332, 1e-12);
  EXPECT_NEAR(density_coverage(real, synthetic, 5).coverage, 0.925, 1e-12);
}

// Half of the points are copies of one, on both sides: the published formula gives their balls of radius 0 no
// inside at all. With places shared on the surface each counts what a ball counts elsewhere, k.
TEST(DensityCoverage, CopiesShareTheSurface) {
  const auto found =
      density_coverage(on_a_line(std::vector<double>(101, 3)), on_a_line(std::vector<double>(100, 3)), 5);
  EXPECT_NEAR(found.density, 101.0 * 100 * (5.0 / 100) / (5 * 100), 1e-12);
  EXPECT_EQ(found.coverage, 1);
}

TEST(DensityCoverage, ASideAgainstItselfIsCoveredAndNoLessDense) {
  for (const std::vector<double>& at : {std::vector<double>{1, 2, 4, 8, 16, 32, 64},
                                        std::vector<double>{1, 1, 1, 1, 1, 1, 1, 5, 5, 9, 9, 9}}) {
    const auto found = density_coverage(on_a_line(at), on_a_line(at), 5);
    EXPECT_GE(found.density, 1);
    EXPECT_EQ(found.coverage, 1);
  }
}

TEST(DensityCoverage, OneRepeatedRecordIsDenseButCoversLittle) {
  const auto found =
      density_coverage(on_a_line({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), on_a_line(std::vector<double>(10, 4.5)), 1);
  EXPECT_GE(found.density, 1);
  EXPECT_DOUBLE_EQ(found.coverage, 0.2);
}

}  // namespace
}  // namespace bench
