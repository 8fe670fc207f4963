#pragma once
// A vector of length 1 per byte, read as the nearest one of its place.

#include <vector>

#include "models/flow_wgan/byte_vectors.h"
#include "models/packet_bytes/digit_code.h"

namespace bench {

class VectorCode : public DigitCode {
 public:
  explicit VectorCode(const ByteVectorOptions& options) : options_(options) {}
  void fit(std::span<const uint8_t> digits, int64_t width, Seed seed) override;
  int64_t base() const override { return 256; }
  int64_t width() const override { return width_; }
  int64_t columns() const override { return width_ * options_.size; }
  torch::Tensor encode(const torch::Tensor& digits) const override;
  /// By the largest inner product.
  torch::Tensor nearest(const torch::Tensor& codes) const override;
  void save(H5Writer& file, const std::string& name) const override;
  void load(const H5Reader& file, const std::string& name) override;

 private:
  void index();
  ByteVectorOptions options_;
  int64_t width_ = 0;
  std::vector<float> vectors_;  ///< [width * 256, size]
  torch::Tensor table_;         ///< the same
  torch::Tensor known_;  ///< [width, size, most] vectors of the bytes that occurred, the first one repeated
  torch::Tensor bytes_;  ///< [width, most] their bytes
};

}  // namespace bench
