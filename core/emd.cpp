#include "core/emd.h"

#include <algorithm>
#include <bit>
#include <boost/sort/spreadsort/spreadsort.hpp>
#include <cassert>
#include <cmath>
#include <functional>

namespace bench {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

// Unsigned keys in the order of the values. Boost's own keys are signed, and their differences overflow for
// values far apart or doubles of both signs.
uint64_t ordered_bits(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }
uint64_t ordered_bits(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

double gap(double from, double to) { return to - from; }
// Exact for any two integers, from <= to.
double gap(int64_t from, int64_t to) {
  return static_cast<double>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
}

template <typename T>
double emd_merge(std::span<const T> a, std::span<const T> b) {
  assert(!a.empty() && !b.empty());
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  // balance = n m (F - G) just right of `at`; exact while n m < 2^53.
  double balance = 0;
  double sum = 0;
  T at = std::min(a[0], b[0]);
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const bool from_a = a[i] <= b[j];
    const T next = from_a ? a[i] : b[j];
    sum += std::abs(balance) * gap(at, next);
    balance += from_a ? m : -n;
    i += from_a ? 1 : 0;
    j += from_a ? 0 : 1;
    at = next;
  }
  const auto rest = i < a.size() ? a.subspan(i) : b.subspan(j);
  const double step = i < a.size() ? m : -n;
  for (const T next : rest) {
    sum += std::abs(balance) * gap(at, next);
    balance += step;
    at = next;
  }
  return sum / (n * m);
}

template <typename T>
double ks_merge(std::span<const T> a, std::span<const T> b) {
  assert(!a.empty() && !b.empty());
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  double largest = 0;
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const T at = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == at) ++i;
    while (j < b.size() && b[j] == at) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) * m - static_cast<double>(j) * n));
  }
  return largest / (n * m);
}

}  // namespace

std::vector<double> ascending(std::vector<double> values) {
  const auto key = [](double value, unsigned shift) { return ordered_bits(value) >> shift; };
  boost::sort::spreadsort::integer_sort(values.begin(), values.end(), key, std::less<>());
  return values;
}

std::vector<int64_t> ascending(std::vector<int64_t> values) {
  const auto key = [](int64_t value, unsigned shift) { return ordered_bits(value) >> shift; };
  boost::sort::spreadsort::integer_sort(values.begin(), values.end(), key, std::less<>());
  return values;
}

std::vector<uint64_t> ascending(std::vector<uint64_t> values) {
  boost::sort::spreadsort::integer_sort(values.begin(), values.end());
  return values;
}

double emd_of_sorted(std::span<const double> a, std::span<const double> b) { return emd_merge(a, b); }
double emd_of_sorted(std::span<const int64_t> a, std::span<const int64_t> b) { return emd_merge(a, b); }

double emd(std::span<const double> a, std::span<const double> b) {
  const auto sorted_a = ascending(std::vector<double>(a.begin(), a.end()));
  const auto sorted_b = ascending(std::vector<double>(b.begin(), b.end()));
  return emd_of_sorted(sorted_a, sorted_b);
}

double ks_of_sorted(std::span<const double> a, std::span<const double> b) { return ks_merge(a, b); }
double ks_of_sorted(std::span<const int64_t> a, std::span<const int64_t> b) { return ks_merge(a, b); }

}  // namespace bench
