#pragma once
// Random draws of the simulator. Everything is computed from the 64-bit stream of Rng with Boost or closed
// forms, so a trace does not depend on the standard library's distributions.

#include <cstdint>
#include <span>
#include <vector>

#include "core/seed.h"

namespace bench::surrogate {

class Dice {
 public:
  explicit Dice(Seed seed) : rng_(seed.rng()) {}
  /// Uniform in [0, 1) with 53 bits.
  double uniform() { return static_cast<double>(rng_() >> 11) * 0x1p-53; }
  bool chance(double p) { return uniform() < p; }
  /// Uniform integer, lo <= result <= hi.
  int64_t integer(int64_t lo, int64_t hi);
  double normal();
  /// Mean > 0.
  double exponential(double mean);
  /// exp(N(log median, sd^2)).
  double log_normal(double median, double sd);

 private:
  Rng rng_;
};

/// Ranks 0 .. n-1 with probability proportional to 1 / (rank + 1)^slope.
class Zipf {
 public:
  Zipf(int n, double slope);
  /// The rank at cumulative probability u in [0, 1).
  int rank(double u) const;
  /// Probability of a rank.
  double share(int rank) const;

 private:
  std::vector<double> cumulative_;
};

/// Index 0 .. n-1 with probability proportional to weights (all >= 0, at least one > 0).
class Choice {
 public:
  explicit Choice(std::span<const double> weights);
  int draw(Dice& dice) const;

 private:
  std::vector<double> cumulative_;
};

/// Heavy-tailed count: 1 with probability `single`, else 1 + ceil of a log-normal, at most `most`.
struct Count {
  double single = 1;
  double median = 1;  ///< of what comes after the first
  double sd = 1;      ///< of its natural logarithm
  double most = 1e6;
  int64_t draw(Dice& dice) const;
  /// Expectation to about 1 %, by the midpoint rule over quantiles.
  double mean() const;
};

/// A fixed pseudo-random number in [0, 1) for up to four keys: the simulated world's unchanging choices.
double fixed_uniform(uint64_t a, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0);

}  // namespace bench::surrogate
