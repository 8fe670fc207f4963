#pragma once
// How the digits of packets (bytes, half bytes or bits) stand as numbers that networks see.

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/h5.h"
#include "core/seed.h"

namespace bench {

class DigitCode {
 public:
  virtual ~DigitCode() = default;
  /// Learns from the digits of training packets [any, width], each below base().
  virtual void fit(std::span<const uint8_t> digits, int64_t width, Seed seed) = 0;
  virtual int64_t base() const = 0;     ///< 2, 16 or 256
  virtual int64_t width() const = 0;    ///< digits of a packet
  virtual int64_t columns() const = 0;  ///< numbers of a packet
  /// Digits [rows, width] of training packets as int64 -> codes [rows, columns].
  virtual torch::Tensor encode(const torch::Tensor& digits) const = 0;
  /// Any numbers [rows, columns] -> the digits [rows, width] whose code is nearest, each one that occurred at
  /// its place in training. Has no gradient.
  virtual torch::Tensor nearest(const torch::Tensor& codes) const = 0;
  virtual void save(H5Writer& file, const std::string& name) const = 0;
  /// Throws Error(data).
  virtual void load(const H5Reader& file, const std::string& name) = 0;
};

}  // namespace bench
