#include "models/privacy/fft.h"

#include <bit>
#include <cassert>
#include <numbers>

namespace bench {
namespace {

using Complex = std::complex<double>;

/// Without the checks for infinities that operator* makes.
Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// Halves first, depth first: small blocks stay in the cache.
void split(Complex* x, size_t n, const Complex* roots) {
  const size_t half = n / 2;
  for (size_t j = 0; j < half; ++j) {
    const Complex a = x[j], b = x[j + half];
    x[j] = a + b;
    x[j + half] = times(a - b, roots[half + j]);
  }
  if (half == 1) return;
  split(x, half, roots);
  split(x + half, half, roots);
}

void join(Complex* x, size_t n, const Complex* roots) {
  const size_t half = n / 2;
  if (half > 1) {
    join(x, half, roots);
    join(x + half, half, roots);
  }
  for (size_t j = 0; j < half; ++j) {
    const Complex a = x[j], b = times(x[j + half], std::conj(roots[half + j]));
    x[j] = a + b;
    x[j + half] = a - b;
  }
}

}  // namespace

FourierTransform::FourierTransform(size_t size) : roots_(size) {
  assert(std::has_single_bit(size) && size >= 2);
  const size_t half = size / 2;
  for (size_t j = 0; j < half; ++j) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(size);
    roots_[half + j] = {std::cos(angle), -std::sin(angle)};
  }
  for (size_t i = half; i-- > 1;) roots_[i] = roots_[2 * i];
}

void FourierTransform::forward(std::span<Complex> x) const {
  assert(x.size() == roots_.size());
  split(x.data(), x.size(), roots_.data());
}

void FourierTransform::backward(std::span<Complex> x) const {
  assert(x.size() == roots_.size());
  join(x.data(), x.size(), roots_.data());
  const double scale = 1 / static_cast<double>(x.size());
  for (Complex& value : x) value *= scale;
}

size_t FourierTransform::mirror(size_t index) { return index == 0 ? 0 : index ^ (std::bit_floor(index) - 1); }

}  // namespace bench
