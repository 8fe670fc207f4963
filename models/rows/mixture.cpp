#include "models/rows/mixture.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr double kConcentration = 0.001;
constexpr double kMeanPrecision = 1;
constexpr double kFreedom = 1;
constexpr double kAddedVariance = 1e-6;
constexpr double kLeastCount = 10 * 2.220446049250313e-16;
constexpr double kLeastWeight = 0.005;
constexpr double kTolerance = 1e-3;
constexpr int kIterations = 100, kClusterIterations = 300;
constexpr double kFloor = 1e-6;  ///< added to each kept responsibility

size_t nearest(const std::vector<double>& ascending, double value) {
  const auto above = std::lower_bound(ascending.begin(), ascending.end(), value);
  if (above == ascending.begin()) return 0;
  const auto i = static_cast<size_t>(above - ascending.begin());
  return i == ascending.size() || value - ascending[i - 1] <= ascending[i] - value ? i - 1 : i;
}

/// k-means (Lloyd 1982) from centres drawn as in Arthur and Vassilvitskii, "k-means++", 2007; the cluster of
/// each value, clusters ascending.
std::vector<size_t> clusters(std::span<const double> values, size_t count, Seed seed) {
  Rng rng = seed.rng();
  std::uniform_real_distribution<double> unit(0, 1);
  const auto pick = [&](size_t n) {
    return std::min(static_cast<size_t>(unit(rng) * static_cast<double>(n)), n - 1);
  };
  std::vector<double> centres{values[pick(values.size())]};
  std::vector<double> distance(values.size(), INFINITY);
  while (centres.size() < count) {
    double sum = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      const double away = values[i] - centres.back();
      distance[i] = std::min(distance[i], away * away);
      sum += distance[i];
    }
    double target = unit(rng) * sum;
    size_t chosen = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      if (distance[i] == 0) continue;
      chosen = i;
      target -= distance[i];
      if (target < 0) break;
    }
    centres.push_back(values[chosen]);
  }
  std::sort(centres.begin(), centres.end());
  std::vector<size_t> cluster(values.size(), 0);
  for (int iteration = 0; iteration < kClusterIterations; ++iteration) {
    bool moved = iteration == 0;
    std::vector<double> sum(count, 0), members(count, 0);
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t own = nearest(centres, values[i]);
      moved |= own != cluster[i];
      cluster[i] = own;
      sum[own] += values[i];
      ++members[own];
    }
    if (!moved) break;
    for (size_t k = 0; k < count; ++k) {
      if (members[k] > 0) centres[k] = sum[k] / members[k];
    }
  }
  return cluster;
}

}  // namespace

MixturePrior mixture_prior(std::span<const double> values) {
  assert(values.size() >= 2);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double square = 0;
  for (const double v : values) square += (v - mean) * (v - mean);
  return {mean, square / (n - 1)};
}

std::vector<double> MixturePosterior::weights() const {
  std::vector<double> out(size());
  double left = 1;
  for (size_t k = 0; k < size(); ++k) {
    const double whole = gamma1[k] + gamma2[k];
    out[k] = left * gamma1[k] / whole;
    left *= gamma2[k] / whole;
  }
  const double sum = std::accumulate(out.begin(), out.end(), 0.0);
  for (double& w : out) w /= sum;
  return out;
}

MixturePosterior maximise(std::span<const double> values, std::span<const double> responsibilities,
                          size_t components, const MixturePrior& prior) {
  assert(responsibilities.size() == values.size() * components);
  std::vector<double> count(components, 0), mean(components, 0), square(components, 0);
  for (size_t i = 0; i < values.size(); ++i) {
    const double* r = responsibilities.data() + i * components;
    for (size_t k = 0; k < components; ++k) {
      count[k] += r[k];
      mean[k] += r[k] * values[i];
    }
  }
  for (size_t k = 0; k < components; ++k) {
    count[k] += kLeastCount;
    mean[k] /= count[k];
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const double* r = responsibilities.data() + i * components;
    for (size_t k = 0; k < components; ++k) {
      const double away = values[i] - mean[k];
      square[k] += r[k] * away * away;
    }
  }
  MixturePosterior out;
  double behind = std::accumulate(count.begin(), count.end(), 0.0);
  for (size_t k = 0; k < components; ++k) {
    behind -= count[k];
    out.gamma1.push_back(1 + count[k]);
    out.gamma2.push_back(kConcentration + std::max(behind, 0.0));
    const double beta = kMeanPrecision + count[k], nu = kFreedom + count[k];
    out.beta.push_back(beta);
    out.nu.push_back(nu);
    out.mean.push_back((kMeanPrecision * prior.mean + count[k] * mean[k]) / beta);
    const double spread = square[k] / count[k] + kAddedVariance, shift = mean[k] - prior.mean;
    out.variance.push_back((prior.variance + count[k] * (spread + kMeanPrecision / beta * shift * shift)) /
                           nu);
  }
  return out;
}

MixtureLogits::MixtureLogits(const MixturePosterior& posterior) {
  using boost::math::digamma;
  double before = 0;
  for (size_t k = 0; k < posterior.size(); ++k) {
    const double both = digamma(posterior.gamma1[k] + posterior.gamma2[k]);
    const double log_weight = before + digamma(posterior.gamma1[k]) - both;
    before += digamma(posterior.gamma2[k]) - both;
    const double nu = posterior.nu[k], variance = posterior.variance[k];
    const double log_precision = std::numbers::ln2 + digamma(nu / 2) - std::log(nu);
    offset.push_back(log_weight - 0.5 * std::log(2 * std::numbers::pi * variance) +
                     0.5 * (log_precision - 1 / posterior.beta[k]));
    slope.push_back(0.5 / variance);
    mean.push_back(posterior.mean[k]);
  }
}

double MixtureLogits::responsibilities(double value, double* out) const {
  const size_t n = mean.size();
  double largest = -INFINITY;
  for (size_t k = 0; k < n; ++k) {
    const double away = value - mean[k];
    out[k] = offset[k] - slope[k] * away * away;
    largest = std::max(largest, out[k]);
  }
  double sum = 0, weighted = 0;
  for (size_t k = 0; k < n; ++k) {
    const double log_ratio = out[k] - largest;
    out[k] = std::exp(log_ratio);
    sum += out[k];
    weighted += out[k] * log_ratio;
  }
  for (size_t k = 0; k < n; ++k) out[k] /= sum;
  return weighted / sum - std::log(sum);
}

double lower_bound(const MixturePosterior& posterior, double entropy) {
  double out = entropy;
  for (size_t k = 0; k < posterior.size(); ++k) {
    const double nu = posterior.nu[k];
    const double half_log_precision = -0.5 * (std::log(posterior.variance[k]) + std::log(nu));
    out += nu * half_log_precision + nu / 2 * std::numbers::ln2 + std::lgamma(nu / 2);
    const double a = posterior.gamma1[k], b = posterior.gamma2[k];
    out += std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
    out -= 0.5 * std::log(posterior.beta[k]);
  }
  return out;
}

void Mixture::fit(std::span<const double> values, size_t components, Seed seed) {
  assert(components >= 1);
  std::vector<double> distinct(values.begin(), values.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  components = std::min(components, distinct.size());
  centre_ = distinct.empty() ? 0 : distinct.front();
  scale_ = 1;
  posterior_ = {{1}, {kConcentration}, {1}, {0}, {1}, {kAddedVariance}};
  if (distinct.size() > 1) {
    const MixturePrior of_values = mixture_prior(values);
    centre_ = of_values.mean;
    scale_ = std::sqrt(of_values.variance);
    std::vector<double> standard;
    for (const double v : values) standard.push_back((v - centre_) / scale_);
    const MixturePrior prior = mixture_prior(standard);
    std::vector<double> responsibilities(values.size() * components, 0);
    const std::vector<size_t> cluster = clusters(standard, components, seed);
    for (size_t i = 0; i < values.size(); ++i) responsibilities[i * components + cluster[i]] = 1;
    posterior_ = maximise(standard, responsibilities, components, prior);
    double bound = -INFINITY;
    for (int iteration = 0; iteration < kIterations; ++iteration) {
      const MixtureLogits logits(posterior_);
      double entropy = 0;
      for (size_t i = 0; i < values.size(); ++i)
        entropy -= logits.responsibilities(standard[i], responsibilities.data() + i * components);
      posterior_ = maximise(standard, responsibilities, components, prior);
      const double now = lower_bound(posterior_, entropy);
      if (std::abs(now - bound) < kTolerance) break;
      bound = now;
    }
  }
  finish();
}

void Mixture::finish() {
  logits_ = MixtureLogits(posterior_);
  kept_.clear();
  mean_.clear();
  deviation_.clear();
  weight_.clear();
  const std::vector<double> weights = posterior_.weights();
  for (size_t k = 0; k < weights.size(); ++k) {
    if (weights[k] <= kLeastWeight) continue;
    kept_.push_back(k);
    mean_.push_back(centre_ + scale_ * posterior_.mean[k]);
    deviation_.push_back(scale_ * std::sqrt(posterior_.variance[k]));
    weight_.push_back(weights[k]);
  }
}

size_t Mixture::draw(double value, double uniform) const {
  double all[64];
  assert(posterior_.size() <= 64);
  logits_.responsibilities((value - centre_) / scale_, all);
  double sum = 0;
  for (const size_t k : kept_) sum += all[k] + kFloor;
  double left = uniform * sum;
  for (size_t i = 0; i + 1 < kept_.size(); ++i) {
    left -= all[kept_[i]] + kFloor;
    if (left < 0) return i;
  }
  return kept_.size() - 1;
}

void Mixture::save(H5Writer& file, const std::string& name) const {
  std::vector<double> all{centre_, scale_};
  for (const auto* part : {&posterior_.gamma1, &posterior_.gamma2, &posterior_.beta, &posterior_.mean,
                           &posterior_.nu, &posterior_.variance})
    all.insert(all.end(), part->begin(), part->end());
  file.column(name, all);
}

void Mixture::load(const H5Reader& file, const std::string& name) {
  const auto all = file.column<double>(name);
  if (all.size() < 8 || (all.size() - 2) % 6 != 0)
    fail(Kind::data, "saved mixture {} has {} numbers; 2 and 6 for each component would be right", name,
         all.size());
  centre_ = all[0];
  scale_ = all[1];
  const size_t n = (all.size() - 2) / 6;
  auto next = all.begin() + 2;
  for (auto* part : {&posterior_.gamma1, &posterior_.gamma2, &posterior_.beta, &posterior_.mean,
                     &posterior_.nu, &posterior_.variance}) {
    part->assign(next, next + static_cast<std::ptrdiff_t>(n));
    next += static_cast<std::ptrdiff_t>(n);
  }
  finish();
}

}  // namespace bench
