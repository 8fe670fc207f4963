#include "models/privacy/prv.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numbers>
#include <utility>

#include "core/error.h"
#include "models/privacy/fft.h"
#include "models/privacy/loss_step.h"

namespace bench {
namespace {

using Complex = std::complex<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr size_t kFewestPoints = size_t{1} << 12, kMostPoints = size_t{1} << 23;

/// Equal releases together; Gaussian mechanisms compose to one whose 1 / sigma^2 is the sum.
std::vector<SampledGaussian> merged(std::span<const SampledGaussian> releases) {
  std::map<std::pair<double, double>, int64_t> counts;
  double precision = 0;
  for (const SampledGaussian& release : releases) {
    assert(release.q >= 0 && release.q <= 1 && release.sigma > 0 && release.count >= 0);
    if (release.q == 0 || release.count == 0) continue;
    if (release.q == 1) {
      precision += static_cast<double>(release.count) / (release.sigma * release.sigma);
    } else {
      counts[{release.q, release.sigma}] += release.count;
    }
  }
  std::vector<SampledGaussian> out;
  if (precision > 0) out.push_back({1, 1 / std::sqrt(precision), 1});
  for (const auto& [key, count] : counts) out.push_back({key.first, key.second, count});
  return out;
}

Complex power(Complex base, int64_t exponent) {
  const double norm = std::norm(base);
  if (exponent == 1 || norm == 0) return base;
  const auto k = static_cast<double>(exponent);
  const double log_length = 0.5 * k * std::log(norm);
  if (log_length < -90) return 0;  // 1e-39
  return std::polar(std::exp(log_length), k * std::arg(base));
}

/// Two spectra of real sequences a and b, held as that of a + ib.
struct Pair {
  Complex a, b;
  Pair(const std::vector<Complex>& packed, size_t at, size_t mirror) {
    const Complex z = packed[at], w = std::conj(packed[mirror]);
    a = 0.5 * (z + w);
    b = Complex(0, -0.5) * (z - w);
  }
  void store(std::vector<Complex>& packed, size_t at, size_t mirror) const {
    packed[at] = a + Complex(0, 1) * b;
    packed[mirror] = std::conj(a) + Complex(0, 1) * std::conj(b);
  }
};

/// total *= step^count for both spectra.
void multiply(std::vector<Complex>& total, const std::vector<Complex>& step, int64_t count) {
  for (size_t i = 0; i < total.size(); ++i) {
    const size_t mirror = FourierTransform::mirror(i);
    if (mirror < i) continue;
    Pair product(total, i, mirror);
    const Pair factor(step, i, mirror);
    product.a *= power(factor.a, count);
    product.b *= power(factor.b, count);
    product.store(total, i, mirror);
  }
}

/// Where the point `first` + j lies on a circle of `size` points, a power of two.
size_t on_circle(int64_t first, size_t j, size_t size) {
  return (static_cast<size_t>(first) + j) & (size - 1);
}

/// Masses of the losses nearest to each multiple of `step`, from `first` on.
std::vector<double> rounded(const StepLoss& loss, int64_t first, size_t size, double step) {
  std::vector<double> mass(size);
  const double base = loss.below((static_cast<double>(first) - 0.5) * step);
  double before = base;
  for (size_t j = 0; j < size; ++j) {
    const double upto = loss.below((static_cast<double>(first + static_cast<int64_t>(j)) + 0.5) * step);
    mass[j] = upto - before;
    before = upto;
  }
  for (double& m : mass) m /= before - base;
  return mass;
}

double mean_of(const std::vector<double>& mass, int64_t first, double step) {
  double sum = 0;
  for (size_t j = 0; j < mass.size(); ++j)
    sum += mass[j] * static_cast<double>(first + static_cast<int64_t>(j));
  return sum * step;
}

}  // namespace

// The sum of all losses exceeds `upper`, or lies below -`lower`, with probability `tail` at most each; so
// does any single one.
struct PrivacyLoss::Tails {
  double lower = 0, upper = 0;

  Tails(const std::vector<SampledGaussian>& releases, double count, double tail) {
    include(rdp_composed(releases, fine_orders()), tail);
    for (const SampledGaussian& release : releases) {
      const SampledGaussian once{release.q, release.sigma, 1};
      include(rdp_composed({&once, 1}, fine_orders()), tail / count);
    }
  }

  // Markov's inequality on e^(loss (order - 1)) and e^(-loss order), whose means RDP bounds in both
  // directions.
  void include(const std::vector<double>& rdp, double tail) {
    const std::vector<double>& orders = fine_orders();
    double least_upper = kInfinity, least_lower = -std::log(tail);
    for (size_t i = 0; i < orders.size(); ++i) {
      const double order = orders[i];
      least_upper = std::min(least_upper, rdp[i] - std::log(tail) / (order - 1));
      least_lower = std::min(least_lower, ((order - 1) * rdp[i] - std::log(tail)) / order);
    }
    upper = std::max(upper, least_upper);
    lower = std::max(lower, least_lower);
  }
};

void PrivacyLoss::choose_grid(const Tails& tails, double tail, double count, double error) {
  // Hoeffding: n independent errors of mean 0 in intervals of length h exceed h sqrt(n / 2 log(1 / tail))
  // with probability `tail`. The grid holds the losses between the tails and so much more on each side.
  const double blur = std::sqrt(-0.5 * count * std::log(tail));
  const auto step_for = [&](size_t points) {
    return (tails.lower + tails.upper) / (static_cast<double>(points) - 2 * blur - 2);
  };
  size_ = std::max(kFewestPoints, std::bit_ceil(static_cast<size_t>(4 * blur)));
  while (size_ < kMostPoints && step_for(size_) * blur > error) size_ *= 2;
  step_ = step_for(size_);
  epsilon_error_ = step_ * blur;
  // Cut off from steps (2), blurred (1), around the circle (2 of the sum, 2 cut off, 2 blurred); and the
  // rounding of spectra, which the powers amplify.
  const double rounding = 8 * std::numeric_limits<double>::epsilon();
  delta_error_ = 9 * tail + rounding * (count + std::log2(static_cast<double>(size_)));
}

PrivacyLoss::PrivacyLoss(std::span<const SampledGaussian> releases, double least_delta, double error) {
  assert(least_delta > 0 && least_delta < 1 && error > 0);
  const std::vector<SampledGaussian> distinct = merged(releases);
  assert(!distinct.empty());
  double count = 0;
  for (const SampledGaussian& release : distinct) count += static_cast<double>(release.count);
  if (count > 1e12)
    fail(Kind::config, "{:.0f} releases are too many for the numerical composition: use Renyi orders", count);
  const double tail = 1e-4 * least_delta;
  const Tails tails(distinct, count, tail);
  choose_grid(tails, tail, count, error);

  const auto first = -static_cast<int64_t>(std::ceil((tails.lower + epsilon_error_) / step_));
  const FourierTransform transform(size_);
  std::vector<Complex> total(size_, Complex(1, 1)), spectrum(size_);  // the spectra 1 and 1, packed
  double shift[2] = {0, 0};
  for (const SampledGaussian& release : distinct) {
    for (const bool added : {false, true}) {
      const StepLoss loss(release.q, release.sigma, added);
      const std::vector<double> mass = rounded(loss, first, size_, step_);
      const double lowest = (static_cast<double>(first) - 0.5) * step_;
      const double mean = loss.mean_within(lowest, lowest + static_cast<double>(size_) * step_);
      shift[added] += static_cast<double>(release.count) * (mean - mean_of(mass, first, step_));
      for (size_t j = 0; j < size_; ++j) {
        Complex& z = spectrum[on_circle(first, j, size_)];
        z = added ? Complex(z.real(), mass[j]) : Complex(mass[j], 0);
      }
    }
    transform.forward(spectrum);
    multiply(total, spectrum, release.count);
  }
  transform.backward(total);

  for (const bool added : {false, true}) {
    OnGrid& out = directions_[added];
    const auto origin =
        static_cast<int64_t>(std::ceil((-tails.lower - epsilon_error_ - shift[added]) / step_));
    out.first = static_cast<double>(origin) * step_ + shift[added];
    out.mass.resize(size_);
    for (size_t j = 0; j < size_; ++j) {
      const Complex z = total[on_circle(origin, j, size_)];
      out.mass[j] = added ? z.imag() : z.real();
    }
  }
}

double PrivacyLoss::epsilon_on_grid(const OnGrid& loss, double delta) const {
  if (delta <= 0) return kInfinity;
  if (delta >= 1) return 0;
  // With losses y_j: delta(epsilon) = sum of m_i - e^(epsilon - y_j) sum of m_i e^(y_j - y_i) over i >= j,
  // for epsilon in [y_(j-1), y_j].
  const double fall = std::exp(-step_);
  double sum = 0, weighted = 0;
  for (size_t j = loss.mass.size(); j-- > 0;) {
    const double y = loss.first + static_cast<double>(j) * step_;
    if (y <= 0) return 0;
    sum += loss.mass[j];
    weighted = weighted * fall + loss.mass[j];
    if (sum - fall * weighted >= delta) return std::max(0.0, y + std::log((sum - delta) / weighted));
  }
  return 0;
}

double PrivacyLoss::delta_on_grid(const OnGrid& loss, double epsilon) const {
  double sum = 0;
  for (size_t j = loss.mass.size(); j-- > 0;) {
    const double y = loss.first + static_cast<double>(j) * step_;
    if (y <= epsilon) break;
    sum -= loss.mass[j] * std::expm1(epsilon - y);
  }
  return sum;
}

LossBounds PrivacyLoss::epsilon(double delta) const {
  LossBounds bounds{0, 0, 0};
  for (const OnGrid& loss : directions_) {
    bounds.low = std::max(bounds.low, epsilon_on_grid(loss, delta + delta_error_) - epsilon_error_);
    bounds.estimate = std::max(bounds.estimate, epsilon_on_grid(loss, delta));
    bounds.high = std::max(bounds.high, epsilon_on_grid(loss, delta - delta_error_) + epsilon_error_);
  }
  return bounds;
}

LossBounds PrivacyLoss::delta(double epsilon) const {
  LossBounds bounds{0, 0, 0};
  for (const OnGrid& loss : directions_) {
    bounds.low = std::max(bounds.low, delta_on_grid(loss, epsilon + epsilon_error_) - delta_error_);
    bounds.estimate = std::max(bounds.estimate, delta_on_grid(loss, epsilon));
    bounds.high = std::max(bounds.high, delta_on_grid(loss, epsilon - epsilon_error_) + delta_error_);
  }
  bounds.high = std::min(bounds.high, 1.0);
  return bounds;
}

LossBounds prv_epsilon(std::span<const SampledGaussian> releases, double delta, double error) {
  assert(error > 0 && error < 1);
  if (merged(releases).empty()) return {0, 0, 0};
  const double by_renyi_orders = rdp_epsilon(releases, delta).epsilon;
  const LossBounds bounds = PrivacyLoss(releases, delta, error * by_renyi_orders).epsilon(delta);
  const double goal = error * bounds.estimate;
  if (goal <= 0 || bounds.high - bounds.estimate <= 1.5 * goal) return bounds;
  return PrivacyLoss(releases, delta, goal).epsilon(delta);
}

double gaussian_delta(double sigma, double epsilon) {
  assert(sigma > 0 && epsilon >= 0);
  const auto below = [](double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); };
  return below(0.5 / sigma - epsilon * sigma) - std::exp(epsilon) * below(-0.5 / sigma - epsilon * sigma);
}

}  // namespace bench
