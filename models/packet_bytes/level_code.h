#pragma once
// One number in [0, 1] per digit.

#include <vector>

#include "models/packet_bytes/digit_code.h"

namespace bench {

enum class Levels {
  linear,    ///< digit / (base - 1)
  equalised  ///< by the digit's distribution at its place: the share of training packets with a smaller digit
             ///< plus half of its own, so that a frequent digit owns a wide interval
};

class LevelCode : public DigitCode {
 public:
  LevelCode(int64_t base, Levels levels) : base_(base), levels_(levels) {}
  void fit(std::span<const uint8_t> digits, int64_t width, Seed seed) override;
  int64_t base() const override { return base_; }
  int64_t width() const override { return width_; }
  int64_t columns() const override { return width_; }
  torch::Tensor encode(const torch::Tensor& digits) const override;
  /// The digit in whose interval the number falls: its share of the mass if equalised, else up to half way to
  /// the next digit that occurred.
  torch::Tensor nearest(const torch::Tensor& codes) const override;
  void save(H5Writer& file, const std::string& name) const override;
  void load(const H5Reader& file, const std::string& name) override;

 private:
  void index();
  int64_t base_, width_ = 0;
  Levels levels_;
  std::vector<int64_t> counts_;  ///< [width, base] occurrences in training
  torch::Tensor centres_;        ///< [width * base]
  torch::Tensor edges_;  ///< [width, base] upper ends of the intervals of `seen_`, the last ones beyond 1
  torch::Tensor seen_;   ///< [width, base] digits that occurred, ascending; the last one repeated
};

}  // namespace bench
