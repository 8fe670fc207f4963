#pragma once
// The values of an address or port that are not copied from a window: drawn without putting back.

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/seed.h"
#include "models/stan/attributes.h"

namespace bench {

/// Holds every value `times` as often as it was not copied in the training part; full again when empty.
class FreshValues {
 public:
  FreshValues() = default;
  FreshValues(const StanAttributes& attributes, const Attribute& attribute, int64_t times, Rng& rng);
  /// [bins]: 1 for a bin of which nothing is left.
  torch::Tensor empty_bins() const;
  /// A value of a bin; none if nothing of it is left.
  std::optional<int32_t> take(int64_t bin, Rng& rng);

 private:
  void fill(Rng& rng);

  std::vector<std::vector<int32_t>> values_;  ///< by bin, in random order
  std::vector<size_t> left_;                  ///< by bin
  size_t all_left_ = 0;
};

}  // namespace bench
