#include "models/privacy/fft.h"

#include <gtest/gtest.h>

#include <bit>
#include <numbers>
#include <random>

namespace bench {
namespace {

using Complex = std::complex<double>;

std::vector<Complex> noise(size_t size) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<Complex> x(size);
  for (Complex& value : x) value = {uniform(random), uniform(random)};
  return x;
}

size_t reversed(size_t index, size_t size) {
  size_t out = 0;
  for (size_t bit = 1; bit < size; bit *= 2) out = 2 * out + ((index & bit) != 0 ? 1 : 0);
  return out;
}

TEST(FourierTransform, IsTheSumOfItsDefinition) {
  for (const size_t size : {2, 4, 64}) {
    const std::vector<Complex> x = noise(size);
    std::vector<Complex> spectrum = x;
    FourierTransform(size).forward(spectrum);
    for (size_t f = 0; f < size; ++f) {
      Complex sum = 0;
      for (size_t t = 0; t < size; ++t)
        sum += x[t] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(f * t % size) /
                                          static_cast<double>(size));
      EXPECT_LT(std::abs(spectrum[reversed(f, size)] - sum), 1e-13 * static_cast<double>(size));
      EXPECT_EQ(FourierTransform::mirror(reversed(f, size)), reversed((size - f) % size, size));
    }
  }
}

TEST(FourierTransform, IsUndone) {
  const std::vector<Complex> x = noise(1 << 14);
  std::vector<Complex> back = x;
  const FourierTransform transform(x.size());
  transform.forward(back);
  transform.backward(back);
  for (size_t i = 0; i < x.size(); ++i) EXPECT_LT(std::abs(back[i] - x[i]), 1e-14);
}

TEST(FourierTransform, TurnsProductsIntoConvolutions) {
  constexpr size_t kSize = 32;
  const std::vector<Complex> a = noise(kSize);
  std::vector<Complex> b(a.rbegin(), a.rend()), fa = a, fb = b;
  const FourierTransform transform(kSize);
  transform.forward(fa);
  transform.forward(fb);
  for (size_t i = 0; i < kSize; ++i) fa[i] *= fb[i];
  transform.backward(fa);
  for (size_t t = 0; t < kSize; ++t) {
    Complex sum = 0;
    for (size_t i = 0; i < kSize; ++i) sum += a[i] * b[(t + kSize - i) % kSize];
    EXPECT_LT(std::abs(fa[t] - sum), 1e-13);
  }
}

}  // namespace
}  // namespace bench
