#include "metrics/divergence.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "metrics/key_counts.h"

namespace bench {
namespace {

// Calls f(p, q) for the shares of every entry.
template <typename F>
void for_each_share(std::span<const int64_t> a, std::span<const int64_t> b, F&& f) {
  const auto total_a = static_cast<double>(std::accumulate(a.begin(), a.end(), int64_t{0}));
  const auto total_b = static_cast<double>(std::accumulate(b.begin(), b.end(), int64_t{0}));
  assert(total_a > 0 && total_b > 0);
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    f(i < a.size() ? static_cast<double>(a[i]) / total_a : 0,
      i < b.size() ? static_cast<double>(b[i]) / total_b : 0);
  }
}

// p ln(p / m) with m = (p + q) / 2.
double half_relative_entropy(double p, double q) { return p > 0 ? p * std::log(2 * p / (p + q)) : 0; }

}  // namespace

double jsd(std::span<const int64_t> a, std::span<const int64_t> b) {
  double sum = 0;
  for_each_share(a, b, [&](double p, double q) {
    if (p != q) sum += half_relative_entropy(p, q) + half_relative_entropy(q, p);
  });
  return std::clamp(sum / 2, 0.0, kLn2);
}

double jsd_distance(std::span<const int64_t> a, std::span<const int64_t> b) { return std::sqrt(jsd(a, b)); }

double total_variation(std::span<const int64_t> a, std::span<const int64_t> b) {
  double sum = 0;
  for_each_share(a, b, [&](double p, double q) { sum += std::abs(p - q); });
  return std::min(sum / 2, 1.0);
}

double hellinger(std::span<const int64_t> a, std::span<const int64_t> b) {
  double sum = 0;
  for_each_share(a, b, [&](double p, double q) {
    const double difference = std::sqrt(p) - std::sqrt(q);
    sum += difference * difference;
  });
  return std::min(std::sqrt(sum / 2), 1.0);
}

double jsd_of_keys(std::span<const uint64_t> a, std::span<const uint64_t> b) {
  assert(!a.empty() && !b.empty());
  double sum = 0;
  for_each_key(a, b, [&](uint64_t, size_t in_a, size_t in_b) {
    const double p = static_cast<double>(in_a) / static_cast<double>(a.size());
    const double q = static_cast<double>(in_b) / static_cast<double>(b.size());
    if (p != q) sum += half_relative_entropy(p, q) + half_relative_entropy(q, p);
  });
  return std::clamp(sum / 2, 0.0, kLn2);
}

double total_variation_of_keys(std::span<const uint64_t> a, std::span<const uint64_t> b) {
  assert(!a.empty() && !b.empty());
  double sum = 0;
  for_each_key(a, b, [&](uint64_t, size_t in_a, size_t in_b) {
    sum += std::abs(static_cast<double>(in_a) / static_cast<double>(a.size()) -
                    static_cast<double>(in_b) / static_cast<double>(b.size()));
  });
  return std::min(sum / 2, 1.0);
}

}  // namespace bench
