#pragma once
// The privacy loss of one release of a sampled Gaussian, in both directions.

#include "models/privacy/rdp.h"

namespace bench {

/// P = (1 - q) N(0, sigma^2) + q N(1, sigma^2) against Q = N(0, sigma^2) where a flow is removed; Q against P
/// where one is added. The loss grows with the output x in the first case and falls in the second.
class StepLoss {
 public:
  /// 0 < q <= 1, sigma > 0.
  StepLoss(double q, double sigma, bool added) : q_(q), sigma_(sigma), added_(added) {}
  /// Probability of a loss of at most `loss`.
  double below(double loss) const;
  /// Mean of the losses in [lowest, highest], to about 1e-15 of the largest.
  double mean_within(double lowest, double highest) const;

 private:
  double log_ratio(double x) const;          // log(P / Q)
  double output_of(double log_ratio) const;  // its inverse; -infinity where no output has it
  double q_, sigma_;
  bool added_;
};

}  // namespace bench
