#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "core/error.h"
#include "models/encode/continuous.h"
#include "models/encode/layout.h"
#include "models/encode/ports.h"

namespace bench {
namespace {

TEST(Layout, MergesNeighboursOfOneShapeOnly) {
  Layout layout;
  EXPECT_EQ(layout.add(Head::Kind::category, 3, 2), 0);
  EXPECT_EQ(layout.add(Head::Kind::category, 1, 2), 6);
  EXPECT_EQ(layout.add(Head::Kind::category, 1, 2, 6), 8);
  EXPECT_EQ(layout.add(Head::Kind::unit, 2, 1), 10);
  EXPECT_EQ(layout.width, 12);
  ASSERT_EQ(layout.heads.size(), 3U);
  EXPECT_EQ(layout.heads[0].count, 4);
  EXPECT_EQ(layout.heads[1].gate, 6);
}

TEST(Bits, RoundTripAndOrder) {
  std::array<float, 64> row{};
  for (const uint32_t value : {0U, 1U, 1U << 31U, 0xFFFFFFFFU, 0x0A000001U}) {
    encode_bits(value, 32, row.data());
    EXPECT_EQ(decode_bits(row.data(), 32), value);
  }
  encode_bits(1U << 31U, 32, row.data());
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[1], 1);
  EXPECT_EQ(row[62], 1);
  EXPECT_EQ(row[63], 0);
}

TEST(Continuous, LinearAndLogHaveTheirClosedForms) {
  ContinuousCoder coder;
  coder.fit(Scale::linear, {10, 30, 20});
  EXPECT_FLOAT_EQ(coder.encode(15), 0.25F);
  EXPECT_DOUBLE_EQ(coder.decode(0.25F), 15);
  coder.fit(Scale::log, {0, std::expm1(4.0)});
  EXPECT_NEAR(coder.encode(std::expm1(1.0)), 0.25, 1e-7);
  EXPECT_NEAR(coder.decode(0.5F), std::expm1(2.0), 1e-6);
  coder.fit_range(Scale::linear, 0, 255);
  EXPECT_FLOAT_EQ(coder.encode(51), 0.2F);
}

TEST(Continuous, ClipsOutsideTheRange) {
  for (const Scale scale : {Scale::linear, Scale::log, Scale::quantile}) {
    ContinuousCoder coder;
    coder.fit(scale, {1, 2, 3});
    EXPECT_EQ(coder.encode(99), coder.encode(3));
    EXPECT_EQ(coder.encode(-5), coder.encode(1));
    EXPECT_EQ(coder.decode(7.0F), 3);
    EXPECT_EQ(coder.decode(-7.0F), 1);
  }
}

TEST(Continuous, ConstantAndEmptyFieldsAreRemembered) {
  for (const Scale scale : {Scale::linear, Scale::log, Scale::quantile}) {
    ContinuousCoder coder;
    coder.fit(scale, {7, 7, 7});
    EXPECT_EQ(coder.encode(7), 0);
    EXPECT_EQ(coder.decode(0.9F), 7);
    coder.fit(scale, {});
    EXPECT_EQ(coder.decode(0.9F), 0);
  }
}

TEST(Continuous, QuantileAtomOwnsItsShare) {
  // 0 is 60 % of the data, 5 is 20 %, the rest is 1000 different values (no atom).
  std::vector<double> values(3000, 0.0);
  values.insert(values.end(), 1000, 5.0);
  for (int i = 0; i < 1000; ++i) values.push_back(10 + i);
  ContinuousCoder coder;
  coder.fit(Scale::quantile, values);
  EXPECT_FLOAT_EQ(coder.encode(0), 0.3F);
  EXPECT_FLOAT_EQ(coder.encode(5), 0.7F);
  for (const float u : {0.0F, 0.1F, 0.3F, 0.599F}) EXPECT_EQ(coder.decode(u), 0);
  for (const float u : {0.601F, 0.7F, 0.799F}) EXPECT_EQ(coder.decode(u), 5);
  // Behind the atoms: u = .8 + .2 * (rank + 1/2) / 1000, and numbers between neighbours.
  EXPECT_NEAR(coder.encode(10 + 499), 0.8 + 0.2 * 499.5 / 1000, 1e-6);
  EXPECT_NEAR(coder.decode(0.9F), 509.5, 0.01);
}

TEST(Continuous, QuantileMakesUniformCodes) {
  std::mt19937_64 rng(5);
  std::lognormal_distribution<double> heavy(0, 3);
  std::vector<double> values(20000);
  for (double& v : values) v = heavy(rng);
  ContinuousCoder coder;
  coder.fit(Scale::quantile, values);
  std::array<int, 10> counts{};
  for (const double v : values) ++counts[std::min<size_t>(9, static_cast<size_t>(coder.encode(v) * 10))];
  for (const int count : counts) EXPECT_NEAR(count, 2000, 2);
  for (const double v : values) EXPECT_NEAR(coder.decode(coder.encode(v)), v, 0.01 * v + 1e-6);
}

}  // namespace
}  // namespace bench
