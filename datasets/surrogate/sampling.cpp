#include "datasets/surrogate/sampling.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cassert>
#include <cmath>

namespace bench::surrogate {

namespace {

/// Index of the first cumulative value above u.
int upper_index(const std::vector<double>& cumulative, double u) {
  const auto at = std::upper_bound(cumulative.begin(), cumulative.end() - 1, u);
  return static_cast<int>(at - cumulative.begin());
}

void normalise(std::vector<double>& weights) {
  double sum = 0;
  for (double& w : weights) w = sum += w;
  assert(sum > 0);
  for (double& w : weights) w /= sum;
}

/// Output function of the SplitMix64 generator (Steele, Lea, Flood 2014).
uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

int64_t Dice::integer(int64_t lo, int64_t hi) {
  return boost::random::uniform_int_distribution<int64_t>(lo, hi)(rng_);
}

double Dice::normal() { return boost::random::normal_distribution<double>()(rng_); }

double Dice::exponential(double mean) { return -mean * std::log1p(-uniform()); }

double Dice::log_normal(double median, double sd) { return median * std::exp(sd * normal()); }

Zipf::Zipf(int n, double slope) : cumulative_(static_cast<size_t>(n)) {
  assert(n > 0);
  for (int i = 0; i < n; ++i) cumulative_[static_cast<size_t>(i)] = std::pow(i + 1, -slope);
  normalise(cumulative_);
}

int Zipf::rank(double u) const { return upper_index(cumulative_, u); }

double Zipf::share(int rank) const {
  const auto r = static_cast<size_t>(rank);
  return cumulative_[r] - (r == 0 ? 0 : cumulative_[r - 1]);
}

Choice::Choice(std::span<const double> weights) : cumulative_(weights.begin(), weights.end()) {
  normalise(cumulative_);
}

int Choice::draw(Dice& dice) const { return upper_index(cumulative_, dice.uniform()); }

int64_t Count::draw(Dice& dice) const {
  if (dice.chance(single)) return 1;
  return 1 + static_cast<int64_t>(std::ceil(std::min(dice.log_normal(median, sd), most - 1)));
}

double Count::mean() const {
  constexpr int steps = 2000;
  const boost::math::normal_distribution<double> standard;
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    const double z = boost::math::quantile(standard, (i + 0.5) / steps);
    sum += std::ceil(std::min(median * std::exp(sd * z), most - 1));
  }
  return 1 + (1 - single) * sum / steps;
}

double fixed_uniform(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  return static_cast<double>(mix(mix(mix(mix(a) ^ b) ^ c) ^ d) >> 11) * 0x1p-53;
}

}  // namespace bench::surrogate
