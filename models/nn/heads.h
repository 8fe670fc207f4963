#pragma once
// Raw outputs of a network -> rows of a layout, all heads together, with the gradient by hand.

#include <torch/torch.h>

#include <vector>

#include "models/encode/layout.h"

namespace bench::nn {

/// The columns begin .. end-1 of a layout. Its gates may be columns before `begin`.
class Heads {
 public:
  Heads(const Layout& layout, int64_t begin, int64_t end);
  int64_t columns() const { return end_ - begin_; }
  /// `raw` [rows, end - begin] becomes the activations before the gates; columns begin .. end-1 of `row`
  /// [rows, width] those after them. Softmax, sigmoid and tanh as the heads say.
  void activate(torch::Tensor& raw, torch::Tensor& row) const;
  /// Gradient with respect to the raw outputs from `d_row` [rows, width], which is overwritten; adds to
  /// `d_row` at gates before `begin`. `soft` and `row` are what activate() left.
  void backward(const torch::Tensor& soft, const torch::Tensor& row, torch::Tensor& d_row,
                torch::Tensor& d_raw) const;
  /// Every category replaced by the one-hot of its largest column, times the gate, in place.
  void discretise(torch::Tensor& row) const;

 private:
  std::vector<Head> heads_;
  int64_t begin_, end_;
};

}  // namespace bench::nn
