#include "models/marginal_dp/pair_scores.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <random>

namespace bench {
namespace {

/// E|X - mean| of a Poisson variable: 2 exp(-m) m^(k+1) / k!, k the whole part of m.
double poisson_deviation(double mean) {
  if (mean <= 0) return 0;
  const double whole = std::floor(mean);
  return 2 * std::exp((whole + 1) * std::log(mean) - mean - std::lgamma(whole + 1));
}

template <typename F>
double over_cells(const BinnedColumn& a, const BinnedColumn& b, double records, F&& f) {
  double sum = 0;
  for (size_t x = 0; x < a.masses.size(); ++x)
    for (size_t y = 0; y < b.masses.size(); ++y)
      sum += f(x * b.masses.size() + y, a.masses[x] * b.masses[y] / records);
  return sum;
}

}  // namespace

double pair_distance(const BinnedColumn& a, const BinnedColumn& b, double records) {
  assert(a.codes.size() == b.codes.size() && records > 0);
  std::vector<double> counts(a.masses.size() * b.masses.size(), 0);
  for (size_t i = 0; i < a.codes.size(); ++i)
    ++counts[static_cast<size_t>(a.codes[i]) * b.masses.size() + static_cast<size_t>(b.codes[i])];
  return over_cells(a, b, records,
                    [&](size_t cell, double expected) { return std::abs(counts[cell] - expected); });
}

double chance_distance(const BinnedColumn& a, const BinnedColumn& b, double records) {
  return over_cells(a, b, records, [](size_t, double expected) { return poisson_deviation(expected); });
}

double pairs_sensitivity(size_t columns) {
  return std::sqrt(static_cast<double>(columns * (columns - 1) / 2));
}

std::vector<std::vector<double>> pair_scores(const std::vector<BinnedColumn>& columns, double records,
                                             double sigma, Rng& rng) {
  std::vector<std::vector<double>> out(columns.size(), std::vector<double>(columns.size(), 0));
  std::normal_distribution<double> noise(0, 1);
  for (size_t a = 0; a < columns.size(); ++a) {
    for (size_t b = a + 1; b < columns.size(); ++b) {
      const double noisy = pair_distance(columns[a], columns[b], records) + sigma * noise(rng);
      out[a][b] = out[b][a] = noisy - chance_distance(columns[a], columns[b], records);
    }
  }
  return out;
}

ColumnOrder order_columns(const std::vector<std::vector<double>>& scores, double least, size_t first) {
  const size_t n = scores.size();
  ColumnOrder out{{}, std::vector<std::vector<size_t>>(n)};
  std::vector<bool> stands(n, false);
  size_t next = first;
  while (out.order.size() < n) {
    std::vector<size_t>& its = out.candidates[next];
    for (const size_t c : out.order)
      if (scores[next][c] > least) its.push_back(c);
    std::stable_sort(its.begin(), its.end(),
                     [&](size_t a, size_t b) { return scores[next][a] > scores[next][b]; });
    stands[next] = true;
    out.order.push_back(next);
    double most = -INFINITY;
    for (size_t c = 0; c < n; ++c) {
      for (const size_t before : out.order) {
        if (stands[c] || scores[c][before] <= most) continue;
        most = scores[c][before];
        next = c;
      }
    }
  }
  return out;
}

}  // namespace bench
