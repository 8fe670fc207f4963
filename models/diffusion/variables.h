#pragma once
// The categories of a head as random variables.

#include <torch/torch.h>

#include "models/encode/layout.h"

namespace bench {

/// A head's categories as they are, or eight neighbouring two-way ones together as a byte of 256 values. Bits
/// that are drawn one by one do not belong together unless each is almost certain; of a byte's they do.
class Variables {
 public:
  /// `bytes`: two-way categories are taken by eight if their number can be divided so.
  Variables(const Head& head, bool bytes);
  int64_t count() const { return count_; }
  int64_t values() const { return values_; }
  /// Columns of the head [.., columns] -> one-hots [.., count, values]; 0 where no category is chosen, as
  /// behind a closed gate.
  torch::Tensor one_hots(const torch::Tensor& columns) const;
  /// Distributions [.., count, values] -> expected columns [.., columns]. one_hots() comes back from its
  /// result.
  torch::Tensor columns(const torch::Tensor& chances) const;

 private:
  int64_t count_, values_;
  torch::Tensor
      bits_;  ///< [256, 16] two columns for each bit, most significant first; undefined without bytes
};

/// One-hots of the likeliest values of distributions [.., K].
torch::Tensor mode_of(const torch::Tensor& chances);

}  // namespace bench
