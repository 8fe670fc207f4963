#include "models/marginal_dp/noisy_counts.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <random>
#include <set>

namespace bench {
namespace {

bool before(const CellCount& a, const CellCount& b) { return a.cell < b.cell; }

/// Standard normal above `least` > 0. Marsaglia, "Generating a variable from the tail of the normal
/// distribution", Technometrics 1964.
double normal_tail(double least, Rng& rng) {
  std::uniform_real_distribution<double> unit(0, 1);
  while (true) {
    const double x = std::sqrt(least * least - 2 * std::log(1 - unit(rng)));
    if (unit(rng) * x < least) return x;
  }
}

/// How many of `n` happen, each with chance `p`. Where 1 - p loses digits the standard library's draw would
/// be 0 too often, in the end always; a Poisson number differs from a binomial one with a chance below p.
int64_t binomial(int64_t n, double p, Rng& rng) {
  constexpr double kTiny = 1e-9;
  if (p > kTiny) return std::binomial_distribution<int64_t>(n, p)(rng);
  return n == 0 ? 0 : std::poisson_distribution<int64_t>(static_cast<double>(n) * p)(rng);
}

}  // namespace

std::vector<CellCount> count_cells(std::vector<uint64_t> cells) {
  std::sort(cells.begin(), cells.end());
  std::vector<CellCount> out;
  for (const uint64_t cell : cells) {
    if (out.empty() || out.back().cell != cell) out.push_back({cell, 0});
    ++out.back().count;
  }
  return out;
}

double noise_threshold(double sigma, uint64_t cells) {
  return sigma * std::sqrt(2 * std::log(static_cast<double>(std::max<uint64_t>(cells, 2))));
}

std::vector<CellCount> noisy_cells(const std::vector<CellCount>& counts, uint64_t cells, double sigma,
                                   Rng& rng) {
  assert(counts.size() <= cells && std::is_sorted(counts.begin(), counts.end(), before));
  if (sigma == 0) return counts;
  const double least = noise_threshold(sigma, cells);
  std::vector<CellCount> out;
  std::normal_distribution<double> noise(0, sigma);
  for (const CellCount& cell : counts) {
    const double noisy = cell.count + noise(rng);
    if (noisy >= least) out.push_back({cell.cell, noisy});
  }
  const auto empty = static_cast<int64_t>(cells - counts.size());
  const double passes = std::erfc(least / sigma / std::sqrt(2.0)) / 2;
  const int64_t passed = binomial(empty, passes, rng);
  std::uniform_int_distribution<uint64_t> any(0, cells - 1);
  std::set<uint64_t> taken;
  while (static_cast<int64_t>(taken.size()) < passed) {
    const uint64_t cell = any(rng);
    if (std::binary_search(counts.begin(), counts.end(), CellCount{cell, 0}, before)) continue;
    if (taken.insert(cell).second) out.push_back({cell, sigma * normal_tail(least / sigma, rng)});
  }
  std::sort(out.begin(), out.end(), before);
  return out;
}

double significant_rest(double whole, double part, size_t kept, double sigma, double variance) {
  const double rest = whole - part;
  return rest > std::sqrt(static_cast<double>(kept) * sigma * sigma + variance) ? rest : 0;
}

}  // namespace bench
