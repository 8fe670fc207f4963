#pragma once
// One-dimensional Gaussian mixture by variational Bayes with a Dirichlet-process prior: Bishop, "Pattern
// recognition and machine learning", 2006, section 10.2, with the sticks of Blei and Jordan, "Variational
// inference for Dirichlet process mixtures", 2006. Priors as CTGAN uses them (Xu et al. 2019, section 4.2):
// concentration 0.001; mean's precision 1; degrees of freedom 1; mean and variance of the data.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"

namespace bench {

class H5Reader;
class H5Writer;

struct MixturePrior {
  double mean = 0, variance = 1;
};
/// Mean and unbiased variance of at least two values.
MixturePrior mixture_prior(std::span<const double> values);

/// Posterior of each component: stick Beta(gamma1, gamma2); mean N(mean, variance / beta); `variance` is the
/// inverse of the expected precision, with `nu` degrees of freedom.
struct MixturePosterior {
  std::vector<double> gamma1, gamma2, beta, mean, nu, variance;
  size_t size() const { return mean.size(); }
  /// Expected weights: gamma1 / (gamma1 + gamma2) times what the sticks before leave, summing to 1.
  std::vector<double> weights() const;
};

/// One maximisation: the posterior for responsibilities [values, components], row by row.
MixturePosterior maximise(std::span<const double> values, std::span<const double> responsibilities,
                          size_t components, const MixturePrior& prior);

/// Log of each component's unnormalised responsibility as a quadratic: offset - slope (x - mean)^2.
struct MixtureLogits {
  explicit MixtureLogits(const MixturePosterior& posterior);
  /// Responsibilities of all components for one value into out [components]; returns sum r log r.
  double responsibilities(double value, double* out) const;
  std::vector<double> offset, slope, mean;
};

/// Evidence lower bound up to a constant; `entropy` is -sum r log r over all values.
double lower_bound(const MixturePosterior& posterior, double entropy);

/// A fitted mixture: the components whose weight exceeds 0.005.
class Mixture {
 public:
  /// Alternates expectation and maximisation from a k-means clustering, at most 100 times, until the bound
  /// changes by less than 1e-3. At most `components`, and no more than there are different values. Works on
  /// standardised values; 1e-6 is added to the variances there. Equal or no values give one component.
  void fit(std::span<const double> values, size_t components, Seed seed);
  size_t size() const { return kept_.size(); }
  double mean(size_t k) const { return mean_[k]; }
  double deviation(size_t k) const { return deviation_[k]; }
  double weight(size_t k) const { return weight_[k]; }
  /// One of the kept components in proportion to its responsibility + 1e-6; `uniform` is in [0, 1).
  size_t draw(double value, double uniform) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  void finish();
  double centre_ = 0, scale_ = 1;
  MixturePosterior posterior_;
  MixtureLogits logits_{posterior_};
  std::vector<size_t> kept_;
  std::vector<double> mean_, deviation_, weight_;
};

}  // namespace bench
