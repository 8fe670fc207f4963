#pragma once
// Discrete Fourier transform of 2^m complex numbers, in place, for convolutions: frequencies stay in the
// order in which the transform leaves them. Roots of unity are computed one by one, so that an error does not
// grow along the table: a spectrum raised to the power 10^6 would show it.

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

class FourierTransform {
 public:
  /// `size` is a power of two, at least 2.
  explicit FourierTransform(size_t size);
  /// x_t -> sum over t of x_t e^(-2 pi i f t / size), the frequency f at the index that has f's bits
  /// reversed.
  void forward(std::span<std::complex<double>> x) const;
  /// Undoes forward(), from that order of frequencies.
  void backward(std::span<std::complex<double>> x) const;
  /// Index of frequency -f where `index` is that of f.
  static size_t mirror(size_t index);

 private:
  std::vector<std::complex<double>> roots_;  // e^(-2 pi i j / n) at n / 2 + j for every n = 2, 4 ... size
};

}  // namespace bench
