// What the guarantee rests on: conversion, sensitivities, noise.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/noisy_counts.h"
#include "models/marginal_dp/noisy_table.h"
#include "models/marginal_dp/pair_scores.h"
#include "models/marginal_dp/public_domain.h"
#include "models/marginal_dp/release.h"
#include "models/test_traces.h"

namespace bench {
namespace {

double normal_cdf(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

/// The least delta of the Gaussian mechanism with rho-zCDP: Balle and Wang, ICML 2018, theorem 8.
double exact_delta(double rho, double epsilon) {
  const double shift = std::sqrt(2 * rho);
  return normal_cdf(shift / 2 - epsilon / shift) -
         std::exp(epsilon) * normal_cdf(-shift / 2 - epsilon / shift);
}

TEST(MarginalDpBudget, EpsilonCoversTheGaussianMechanismAndIsNoLooserThanTheSimpleBound) {
  for (const double delta : {1e-9, 1e-5, 1e-3}) {
    double before = 0;
    for (const double rho : {1e-3, .01, .1, 1., 10., 100.}) {
      const double epsilon = epsilon_of_rho(rho, delta);
      EXPECT_GT(epsilon, before);
      EXPECT_LE(epsilon, rho + 2 * std::sqrt(rho * std::log(1 / delta)));
      EXPECT_LE(exact_delta(rho, epsilon), delta);
      // The bound is a minimum over orders: no order of a grid is below it.
      for (double order = 1.01; order < 500; order *= 1.01) {
        EXPECT_GE(order * rho - (std::log(delta) + std::log(order)) / (order - 1) + std::log1p(-1 / order),
                  epsilon - 1e-9);
      }
      EXPECT_NEAR(rho_of_epsilon(epsilon, delta), rho, 1e-6 * rho);
      before = epsilon;
    }
  }
}

TEST(MarginalDpBudget, SharesAddUpAndNoiseFollowsFromThem) {
  NoiseBudget budget(.02);
  EXPECT_DOUBLE_EQ(budget.spend("a", .25, 1), 1 / std::sqrt(2 * .25 * .02));
  EXPECT_DOUBLE_EQ(budget.spend("b", .5, 3), 3 / std::sqrt(2 * .5 * .02));
  EXPECT_NEAR(budget.spent(), .015, 1e-15);
  budget.spend("c", .25, 1);
  EXPECT_NEAR(budget.spent(), .02, 1e-15);
  for (const auto& [what, rho, sensitivity, sigma] : budget.releases())
    EXPECT_NEAR(rho, sensitivity * sensitivity / (2 * sigma * sigma), 1e-15);
  EXPECT_EQ(NoiseBudget(INFINITY).spend("free", .1, 1), 0);
}

TEST(PublicDomain, EveryValueIsInOneCellAndOneOfItsParts) {
  const TimeWindow window{kClockOrigin, kClockOrigin + 1'234'567};
  const std::map<std::string, std::vector<int64_t>> values{
      {"srcip", {0, 65535, 65536, 0x0A000001, 0xFFFFFFFF}},
      {"dstport", {0, 1, 80, 1023, 1024, 2047, 2048, 65535}},
      {"time", {0, 1, 19'290, 19'291, 1'234'566, 1'234'567}},
      {"proto", {0, 6, 17, 255}},
      {"length", {1, 2, 40, 1500, 65535}},
      {"duration", {0, 999, 1000, 1'500'000, 3'600'000'000'000}},
      {"bytes", {0, 1, 3, 40, 1500, 123'456'789}},
      {"label:type", {0, 1, 2}}};
  for (const auto& [column, its] : values) {
    const PublicDomain domain = PublicDomain::of(column, window, 3);
    for (const int64_t value : its) {
      const size_t cell = domain.cell_of(value);
      const int64_t part = domain.part_of(cell, value);
      EXPECT_LT(part, domain.parts(cell));
      EXPECT_LE(domain.range(cell, part).lo, value) << column;
      EXPECT_GT(domain.range(cell, part).hi, value) << column;
    }
    // Cells follow each other without gaps, and so do the parts of a cell.
    for (size_t cell = 0; cell < domain.cells(); cell += 1 + domain.cells() / 100) {
      int64_t at = domain.range(cell).lo;
      for (int64_t part = 0; part < domain.parts(cell); ++part) {
        ASSERT_EQ(domain.range(cell, part).lo, at);
        at = domain.range(cell, part).hi;
        ASSERT_GT(at, domain.range(cell, part).lo);
      }
      ASSERT_EQ(at, domain.range(cell).hi);
      if (cell + 1 < domain.cells()) {
        ASSERT_EQ(at, domain.range(cell + 1).lo);
      }
    }
  }
}

TEST(MarginalDpSensitivity, OneEntryChangesOneCountByOne) {
  const std::vector<uint64_t> cells{5, 2, 5, 9, 2, 5};
  const auto whole = count_cells(cells);
  EXPECT_EQ(whole, (std::vector<CellCount>{{2, 2}, {5, 3}, {9, 1}}));
  for (size_t left_out = 0; left_out < cells.size(); ++left_out) {
    auto fewer = cells;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
    std::map<uint64_t, double> difference;
    for (const auto& [cell, count] : whole) difference[cell] += count;
    for (const auto& [cell, count] : count_cells(fewer)) difference[cell] -= count;
    double squares = 0;
    for (const auto& [cell, change] : difference) squares += change * change;
    EXPECT_EQ(squares, 1);
  }
}

TEST(MarginalDpSensitivity, OneRecordChangesTheVectorOfScoresByNoMoreThanStated) {
  // Released masses, here three columns of 3, 2 and 4 bins, stay as they are; records come and go.
  const double records = 11;
  std::vector<BinnedColumn> columns(3);
  columns[0].masses = {5, 4, 2};
  columns[1].masses = {8, 3};
  columns[2].masses = {.5, 6, 3.5, 1};
  Rng rng = Seed(7).rng();
  for (int i = 0; i < 10; ++i)
    for (BinnedColumn& column : columns)
      column.codes.push_back(static_cast<int32_t>(rng() % column.masses.size()));
  double largest = 0;
  for (int32_t a = 0; a < 3; ++a) {
    for (int32_t b = 0; b < 2; ++b) {
      for (int32_t c = 0; c < 4; ++c) {
        auto more = columns;
        more[0].codes.push_back(a);
        more[1].codes.push_back(b);
        more[2].codes.push_back(c);
        double squares = 0;
        for (size_t i = 0; i < 3; ++i) {
          for (size_t j = i + 1; j < 3; ++j) {
            const double change =
                pair_distance(more[i], more[j], records) - pair_distance(columns[i], columns[j], records);
            EXPECT_LE(std::abs(change), 1 + 1e-12);
            squares += change * change;
          }
        }
        largest = std::max(largest, std::sqrt(squares));
      }
    }
  }
  EXPECT_LE(largest, pairs_sensitivity(3) + 1e-12);
  EXPECT_GT(largest, .9 * pairs_sensitivity(3));  // and it is reached
}

TEST(MarginalDpSensitivity, AFlowChangesNoMoreRecordsThanTheLimit) {
  const Trace trace = packet_trace(30, Seed(3));
  for (const int64_t most : {1, 2, 3}) {
    const Trace capped = first_records_of_flows(trace, most);
    for (const int64_t size : flow_sizes(capped)) EXPECT_LE(size, most);
    const FiveTuple gone = five_tuple(trace, 4);
    std::vector<size_t> others, capped_others;
    for (size_t i = 0; i < trace.size(); ++i)
      if (five_tuple(trace, i) != gone) others.push_back(i);
    for (size_t i = 0; i < capped.size(); ++i)
      if (five_tuple(capped, i) != gone) capped_others.push_back(i);
    EXPECT_EQ(first_records_of_flows(select(trace, others), most), select(capped, capped_others));
  }
}

TEST(NoisyCells, AreDistributedAsIfEveryCellHadBeenDrawn) {
  const std::vector<CellCount> counts{{3, 100}, {40, 20}};
  const uint64_t cells = 64;
  const double sigma = 8, least = noise_threshold(sigma, cells);
  constexpr int kTrials = 20'000;
  Rng rng = Seed(5).rng();
  double sum = 0, squares = 0, empty = 0, empty_sum = 0, small = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    for (const auto& [cell, count] : noisy_cells(counts, cells, sigma, rng)) {
      EXPECT_GE(count, least);
      EXPECT_LT(cell, cells);
      if (cell == 3) {
        sum += count;
        squares += (count - 100) * (count - 100);
      } else if (cell == 40) {
        ++small;
      } else {
        ++empty;
        empty_sum += count;
      }
    }
  }
  EXPECT_NEAR(sum / kTrials, 100, 5 * sigma / std::sqrt(kTrials));
  EXPECT_NEAR(squares / kTrials, sigma * sigma, 5 * sigma * sigma * std::sqrt(2. / kTrials));
  const double t = least / sigma, tail = normal_cdf(-t);
  EXPECT_NEAR(empty, 62 * tail * kTrials, 5 * std::sqrt(62 * tail * kTrials));
  // Mean of a normal variable above t: density over tail.
  const double mean = sigma * std::exp(-t * t / 2) / std::sqrt(2 * std::acos(-1)) / tail;
  EXPECT_NEAR(empty_sum / empty, mean, 5 * sigma / std::sqrt(empty));
  const double passes = normal_cdf((20 - least) / sigma);
  EXPECT_NEAR(small / kTrials, passes, 5 * std::sqrt(passes * (1 - passes) / kTrials));
  EXPECT_EQ(noisy_cells(counts, cells, 0, rng), counts);
}

TEST(NoisyCells, EmptyCellsPassAlsoWhereThereAreTooManyForDoubles) {
  // 1 - p is 1 for the chance p of a cell.
  const uint64_t cells = 100'000'000'000'000'000;
  const double expected = static_cast<double>(cells) * normal_cdf(-noise_threshold(1, cells));
  constexpr int kTrials = 20'000;
  Rng rng = Seed(6).rng();
  double passed = 0;
  for (int trial = 0; trial < kTrials; ++trial)
    passed += static_cast<double>(noisy_cells({}, cells, 1, rng).size());
  EXPECT_NEAR(passed, kTrials * expected, 5 * std::sqrt(kTrials * expected));
}

std::vector<double> counts_of(const std::vector<int32_t>& codes, size_t values) {
  std::vector<double> out(values, 0);
  for (const int32_t code : codes) ++out[static_cast<size_t>(code)];
  return out;
}

TEST(NoisyTable, WithoutNoiseItHasTheCountsOfEveryContextAndUnderNoiseTheMarginal) {
  // x is the parent's value in 3 of 4 records, else 2.
  std::vector<int32_t> x, parent;
  for (int32_t i = 0; i < 400; ++i) {
    parent.push_back(i / 4 % 2);
    x.push_back(i % 4 == 3 ? 2 : parent.back());
  }
  const std::vector<NoisyTable::Codes> parents{parent};
  for (const double sigma : {0., 1e6}) {
    Rng rng = Seed(2).rng();
    NoisyTable table(counts_of(x, 3), {}, 1);
    table.add_level(2, x, parents, parents, 1, sigma, rng);
    const auto drawn = table.draw(parent.size(), parents, rng);
    const auto marginal = counts_of(drawn, 3), expected = counts_of(x, 3);
    for (size_t v = 0; v < 3; ++v) EXPECT_NEAR(marginal[v], expected[v], 1) << sigma;
    int agree = 0;
    for (size_t i = 0; i < drawn.size(); ++i) agree += drawn[i] == parent[i];
    // 300 of 400 as in the records; half of the 300 that are not 2 by chance.
    EXPECT_NEAR(agree, sigma == 0 ? 300 : 150, sigma == 0 ? 0 : 45);
  }
}

TEST(NoisyTable, WhatDoesNotStandOutGetsTheRestOfTheMarginal) {
  // Context 0 has 1000 times value 0, and each other context one of the values 1 to 4 once: light cells.
  std::vector<int32_t> x(1000, 0), parent(1000, 0);
  for (int32_t i = 0; i < 200; ++i) {
    x.push_back(1 + i % 4);
    parent.push_back(1 + i);
  }
  const std::vector<NoisyTable::Codes> parents{parent};
  Rng rng = Seed(2).rng();
  NoisyTable table(counts_of(x, 5), {}, 1);
  table.add_level(201, x, parents, parents, 1, 2, rng);
  const auto drawn = table.draw(x.size(), parents, rng);
  for (size_t i = 0; i < drawn.size(); ++i) {
    if (parent[i] == 0) {
      EXPECT_EQ(drawn[i], 0);
    }
  }
  // The count of (0, 0) has noise; what it leaves of value 0 is a few records.
  const auto light = counts_of({drawn.begin() + 1000, drawn.end()}, 5);
  EXPECT_LT(light[0], 20);
  for (size_t v = 1; v < 5; ++v) EXPECT_NEAR(light[v], 50, 6);
}

TEST(NoisyTable, ValuesWithoutMassGetNothingInAnUnknownContext) {
  // Value i % 30 in context i % 3, value 30 never; a draw asks for context 3, which no record has.
  std::vector<int32_t> x, parent;
  for (int32_t i = 0; i < 300; ++i) {
    x.push_back(i % 30);
    parent.push_back(i % 3);
  }
  const std::vector<NoisyTable::Codes> parents{parent};
  std::vector<double> base = counts_of(x, 31);
  for (double& mass : base) mass *= 1 + 1e-15;  // and rounding leaves some of every value
  Rng rng = Seed(2).rng();
  NoisyTable table(base, {}, 1);
  table.add_level(4, x, parents, parents, 1, 0, rng);
  const std::vector<int32_t> unknown(300, 3);
  const auto drawn = counts_of(table.draw(300, {unknown}, rng), 31);
  for (size_t v = 0; v < 30; ++v) EXPECT_NEAR(drawn[v], 10, 1);
  EXPECT_EQ(drawn[30], 0);
}

TEST(ColumnOrder, IsPrimsAndKeepsTheBestBefore) {
  // A chain 0 - 2 - 1, and 3 that belongs to nobody.
  std::vector<std::vector<double>> scores(4, std::vector<double>(4, -5));
  scores[0][2] = scores[2][0] = 50;
  scores[1][2] = scores[2][1] = 90;
  scores[0][1] = scores[1][0] = 40;
  const ColumnOrder order = order_columns(scores, 10, 0);
  EXPECT_EQ(order.order, (std::vector<size_t>{0, 2, 1, 3}));
  EXPECT_EQ(order.candidates[1], (std::vector<size_t>{2, 0}));
  EXPECT_TRUE(order.candidates[0].empty() && order.candidates[3].empty());
}

}  // namespace
}  // namespace bench
