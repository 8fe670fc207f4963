#include "models/privacy/rdp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <utility>

namespace bench {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

/// log(e^a + e^b).
double log_add(double a, double b) {
  const auto [low, high] = std::minmax(a, b);
  return low == kMinusInfinity ? high : high + std::log1p(std::exp(low - high));
}

/// log(e^x - 1), x > 0.
double log_expm1(double x) { return x > 30 ? x + std::log1p(-std::exp(-x)) : std::log(std::expm1(x)); }

/// log(erfc(x)); the asymptotic series where erfc would leave the range of a double.
double log_erfc(double x) {
  if (x < 26) return std::log(std::erfc(x));
  const double r = 1 / (2 * x * x);
  return -x * x - std::log(x * std::sqrt(std::numbers::pi)) +
         std::log1p(-r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r)))));
}

/// log of E[(1 - q + q e^((2x - 1) / (2 sigma^2)))^order] for x ~ N(0, sigma^2). The probabilities of
/// Binomial(order, q) sum to 1, so the excess over 1 is a sum of positive terms: nothing cancels.
double log_moment_integer(double q, double sigma, int64_t order) {
  double log_excess = kMinusInfinity, log_choose = 0;
  const double log_q = std::log(q), log_rest = std::log1p(-q);
  for (int64_t k = 1; k <= order; ++k) {
    const auto i = static_cast<double>(k), rest = static_cast<double>(order - k);
    log_choose += std::log((rest + 1) / i);
    if (k == 1) continue;
    const double exponent = i * (i - 1) / (2 * sigma * sigma);
    log_excess = log_add(log_excess, log_choose + rest * log_rest + i * log_q + log_expm1(exponent));
  }
  return log_add(0, log_excess);
}

/// Sum of terms of alternating sign whose first is `logs[0]` and positive, by Euler's transformation; logs in
/// and out.
double log_alternating_sum(std::span<const double> logs) {
  std::vector<double> differences;
  for (const double log_term : logs) differences.push_back(std::exp(log_term - logs[0]));
  double sum = 0, weight = 0.5;
  for (size_t left = differences.size(); left > 0; --left) {
    sum += weight * differences[0];
    weight /= 2;
    for (size_t i = 0; i + 1 < left; ++i) differences[i] -= differences[i + 1];
  }
  return logs[0] + std::log(sum);
}

/// The same for any order. The expectation is cut at z, where both addends are equal, and each half expanded
/// by the binomial series about the larger one. Beyond the order the terms alternate, and beyond z they fall
/// only like i^-(order + 2), but smoothly.
double log_moment_fractional(double q, double sigma, double order) {
  const double z = sigma * sigma * std::log(1 / q - 1) + 0.5;
  const double log_q = std::log(q), log_rest = std::log1p(-q), scale = std::numbers::sqrt2 * sigma;
  constexpr size_t kTail = 16;
  double log_positive = kMinusInfinity, log_negative = kMinusInfinity;
  std::vector<double> tail;
  double log_choose = -std::numbers::ln2, sign = 1;  // of the halved binomial coefficient
  for (double i = 0; tail.size() < kTail; ++i) {
    const double j = order - i;
    const double below =
        j * log_rest + i * log_q + i * (i - 1) / (2 * sigma * sigma) + log_erfc((i - z) / scale);
    const double above =
        i * log_rest + j * log_q + j * (j - 1) / (2 * sigma * sigma) + log_erfc((z - j) / scale);
    const double term = log_choose + log_add(below, above);
    if (i > order && term < std::max(log_positive, log_negative) - 40) break;
    if (i > order + std::abs(z) + 60) {
      tail.push_back(term);
    } else {
      double& side = sign > 0 ? log_positive : log_negative;
      side = log_add(side, term);
      if (j < 0) sign = -sign;
    }
    log_choose += std::log(std::abs(j) / (i + 1));
  }
  if (!tail.empty()) {
    double& side = sign > 0 ? log_positive : log_negative;
    side = log_add(side, log_alternating_sum(tail));
  }
  return log_positive + std::log1p(-std::exp(log_negative - log_positive));
}

std::vector<double> make_fine_orders() {
  std::vector<double> orders;
  for (double excess = 0.001; excess < 9; excess *= 1.04) orders.push_back(1 + excess);
  double order = 10;
  while (order <= 2048) {
    orders.push_back(order);
    order = std::max(order + 1, std::floor(order * 1.02));
  }
  return orders;
}

}  // namespace

double rdp_of_release(double q, double sigma, double order) {
  assert(q >= 0 && q <= 1 && sigma > 0 && order > 1);
  if (q == 0) return 0;
  if (q == 1) return order / (2 * sigma * sigma);
  const double log_moment = order == std::floor(order)
                                ? log_moment_integer(q, sigma, static_cast<int64_t>(order))
                                : log_moment_fractional(q, sigma, order);
  return std::max(0.0, log_moment / (order - 1));
}

std::vector<double> rdp_composed(std::span<const SampledGaussian> releases, std::span<const double> orders) {
  std::map<std::pair<double, double>, double> counts;
  for (const SampledGaussian& release : releases) {
    assert(release.count >= 0);
    if (release.count > 0) counts[{release.q, release.sigma}] += static_cast<double>(release.count);
  }
  std::vector<double> sum(orders.size());
  for (const auto& [mechanism, count] : counts) {
    for (size_t i = 0; i < orders.size(); ++i)
      sum[i] += count * rdp_of_release(mechanism.first, mechanism.second, orders[i]);
  }
  return sum;
}

const std::vector<double>& usual_orders() {
  static const std::vector<double> orders = [] {
    std::vector<double> list{1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5};
    for (int order = 5; order < 64; ++order) list.push_back(order);
    list.insert(list.end(), {128, 256, 512});
    return list;
  }();
  return orders;
}

const std::vector<double>& fine_orders() {
  static const std::vector<double> orders = make_fine_orders();
  return orders;
}

RdpEpsilon epsilon_of_rdp(std::span<const double> orders, std::span<const double> rdp, double delta,
                          RdpConversion conversion) {
  assert(!orders.empty() && orders.size() == rdp.size() && delta > 0 && delta < 1);
  RdpEpsilon best{std::numeric_limits<double>::infinity(), orders[0]};
  for (size_t i = 0; i < orders.size(); ++i) {
    const double order = orders[i];
    const double epsilon =
        conversion == RdpConversion::classic
            ? rdp[i] - std::log(delta) / (order - 1)
            : rdp[i] - (std::log(delta) + std::log(order)) / (order - 1) + std::log1p(-1 / order);
    if (epsilon < best.epsilon) best = {std::max(0.0, epsilon), order};
  }
  return best;
}

RdpEpsilon rdp_epsilon(std::span<const SampledGaussian> releases, double delta,
                       std::span<const double> orders, RdpConversion conversion) {
  return epsilon_of_rdp(orders, rdp_composed(releases, orders), delta, conversion);
}

}  // namespace bench
