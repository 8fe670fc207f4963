#include "metrics/tables.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace bench {
namespace {

using Codes = std::vector<uint32_t>;
const double kLog2 = std::log(2.0);

TEST(Entropy, OfSharesByHand) {
  EXPECT_DOUBLE_EQ(entropy(Codes{5, 7, 5, 7}), kLog2);
  EXPECT_EQ(entropy(Codes{9, 9, 9}), 0);
  EXPECT_DOUBLE_EQ(entropy(Codes{1, 2, 3, 4}), 2 * kLog2);
  EXPECT_DOUBLE_EQ(entropy(Codes{1, 1, 1, 4}), -0.75 * std::log(0.75) - 0.25 * std::log(0.25));
}

TEST(Tables, ByHand) {
  // Real cells (0,0) 1/2 and (1,1) 1/2; synthetic 1/4 each of the four.
  const DiscretePair x{"x", true, {0, 0, 1, 1}, {0, 0, 1, 1}};
  const DiscretePair y{"y", true, {0, 0, 1, 1}, {0, 1, 0, 1}};
  const TableDifference table = compare_tables(x, y);
  EXPECT_DOUBLE_EQ(table.total_variation, 0.5);
  EXPECT_DOUBLE_EQ(table.frobenius, 0.5);
  EXPECT_DOUBLE_EQ(table.joint_entropy_real, kLog2);
  EXPECT_DOUBLE_EQ(table.joint_entropy_synthetic, 2 * kLog2);
}

TEST(Tables, DisjointTablesAreAtTheirLargest) {
  const DiscretePair x{"x", true, {0, 0}, {1}};
  const DiscretePair y{"y", true, {4, 4}, {4}};
  EXPECT_DOUBLE_EQ(compare_tables(x, y).total_variation, 1);
  EXPECT_DOUBLE_EQ(compare_tables(x, y).frobenius, std::sqrt(2.0));
}

// Mutual information of a 2x2 table with cells 3/8, 1/8, 1/8, 3/8: both marginals are even.
TEST(Tables, MutualInformationOfATwoByTwoTable) {
  const DiscretePair x{"x", true, {0, 0, 0, 0, 1, 1, 1, 1}, {0, 0, 1, 1}};
  const DiscretePair y{"y", true, {0, 0, 0, 1, 0, 1, 1, 1}, {0, 1, 0, 1}};  // synthetic: independent
  const double expected = 2 * 0.375 * std::log(0.375 / 0.25) + 2 * 0.125 * std::log(0.125 / 0.25);
  const TableSummary summary = compare_all_tables({x, y});
  EXPECT_NEAR(summary.mi_differences[0], expected, 1e-15);
  EXPECT_EQ(summary.mi_differences[1], summary.mi_differences[0]);
}

TEST(Tables, MutualInformationDoesNotSeeNames) {
  const DiscretePair x{"x", true, {0, 0, 1, 1}, {7, 7, 3, 3}};
  const DiscretePair y{"y", true, {0, 0, 1, 1}, {2, 2, 9, 9}};
  EXPECT_EQ(compare_all_tables({x, y}).mi_differences[0], 0);
  EXPECT_EQ(compare_all_tables({x, y}).mean_variation, 1);
}

TEST(Tables, MeansAreOverPairsOfCategories) {
  const DiscretePair same{"a", true, {0, 1}, {0, 1}};
  const DiscretePair crossed{"b", true, {0, 1}, {1, 0}};  // with `same`: disjoint diagonals
  const DiscretePair number{"n", false, {0, 1}, {5, 5}};
  const TableSummary summary = compare_all_tables({same, crossed, same, number});
  EXPECT_DOUBLE_EQ(summary.mean_variation, 2.0 / 3);  // 1, 0, 1
  EXPECT_DOUBLE_EQ(summary.mean_frobenius, 2.0 / 3);  // sqrt(4/4), 0, 1
  EXPECT_DOUBLE_EQ(summary.mi_differences[3], kLog2);
  EXPECT_EQ(compare_all_tables({number}).mean_variation, 0);
}

TEST(ConditionalVariation, ByHand) {
  // x = 0 (3/4 of the real records): y is a, a, b against b: variation 2/3; x = 1 has no synthetic record: 1.
  const DiscretePair x{"x", true, {0, 0, 0, 1}, {0, 2, 2}};
  const DiscretePair y{"y", true, {10, 10, 11, 10}, {11, 10, 10}};
  EXPECT_DOUBLE_EQ(conditional_variation(x, y), 0.75 * 2 / 3 + 0.25);
}

TEST(ConditionalVariation, IgnoresTheMarginalOfTheCondition) {
  const DiscretePair x{"x", true, {0, 0, 1, 1}, {0, 1, 1, 1, 1, 0, 1, 1}};
  const DiscretePair y{"y", true, {4, 5, 6, 6}, {4, 6, 6, 6, 6, 5, 6, 6}};
  EXPECT_EQ(conditional_variation(x, y), 0);
}

rc::Gen<Codes> codes(size_t n) { return rc::gen::container<Codes>(n, rc::gen::inRange<uint32_t>(0, 4)); }

RC_GTEST_PROP(Tables, AgreeWithBruteForce, ()) {
  const size_t n = *rc::gen::inRange<size_t>(1, 30);
  const size_t m = *rc::gen::inRange<size_t>(1, 30);
  const DiscretePair x{"x", true, *codes(n), *codes(m)};
  const DiscretePair y{"y", true, *codes(n), *codes(m)};
  std::map<std::pair<uint32_t, uint32_t>, double> p, q;
  std::map<uint32_t, double> px, qx;
  for (size_t i = 0; i < n; ++i) p[{x.real[i], y.real[i]}] += 1.0 / static_cast<double>(n);
  for (size_t i = 0; i < n; ++i) px[x.real[i]] += 1.0 / static_cast<double>(n);
  for (size_t i = 0; i < m; ++i) q[{x.synthetic[i], y.synthetic[i]}] += 1.0 / static_cast<double>(m);
  for (size_t i = 0; i < m; ++i) qx[x.synthetic[i]] += 1.0 / static_cast<double>(m);
  double variation = 0, squares = 0, conditional = 0;
  for (uint32_t a = 0; a < 4; ++a) {
    double given = 0;
    for (uint32_t b = 0; b < 4; ++b) {
      variation += std::abs(p[{a, b}] - q[{a, b}]) / 2;
      squares += std::pow(p[{a, b}] - q[{a, b}], 2);
      if (px[a] > 0 && qx[a] > 0) given += std::abs(p[{a, b}] / px[a] - q[{a, b}] / qx[a]) / 2;
    }
    conditional += px[a] * (qx[a] > 0 ? given : 1);
  }
  RC_ASSERT(std::abs(compare_tables(x, y).total_variation - variation) < 1e-12);
  RC_ASSERT(std::abs(compare_tables(x, y).frobenius - std::sqrt(squares)) < 1e-12);
  RC_ASSERT(std::abs(conditional_variation(x, y) - conditional) < 1e-12);
}

}  // namespace
}  // namespace bench
