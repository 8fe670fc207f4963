#pragma once
// A long short-term memory cell over a sequence (Hochreiter and Schmidhuber 1997, with forget gates), with
// back-propagation through time by hand. Its input is one part that is the same at every step and one that
// changes. Gates in the order input, forget, output, candidate.

#include <torch/torch.h>

#include <string>

#include "models/nn/parameters.h"

namespace bench::nn {

class Lstm {
 public:
  Lstm(Parameters& parameters, const std::string& name, int64_t fixed, int64_t changing, int64_t units);
  Lstm(const Lstm&) = delete;
  /// Forget gates start open: their bias is 1. After Parameters::build().
  void open_forget_gates();

  /// A sequence of `rows` samples; buffers are kept from one sequence to the next and may have room for more
  /// steps.
  struct Pass {
    torch::Tensor fixed_input;
    torch::Tensor fixed;  ///< [rows, 4 units], what the fixed input and the bias add to the gates
    torch::Tensor state;  ///< [steps + 1, rows, units + changing]: hidden state before each step, its input
    torch::Tensor cell;   ///< [steps + 1, rows, units]
    torch::Tensor gates;  ///< [steps, rows, 4 units]
    torch::Tensor squashed;  ///< [steps, rows, units]: tanh of the cell after the step
  };
  /// Starts a sequence: fixed input [rows, fixed], first states [rows, units].
  void begin(Pass& pass, const torch::Tensor& fixed, const torch::Tensor& hidden,
             const torch::Tensor& cell) const;
  /// Steps first .. first + n - 1 on `inputs` [n, rows, changing].
  void run(Pass& pass, int64_t first, const torch::Tensor& inputs) const;
  /// Hidden states after the steps first .. first + n - 1, as rows [n * rows, units].
  torch::Tensor hidden(const Pass& pass, int64_t first, int64_t n) const;
  /// Gradients of the parameters for the samples from `row` on, from `d_hidden` [steps, rows - row, units],
  /// which is overwritten. `gradients` are views that start at this network's first parameter.
  void backward(const Pass& pass, int64_t row, torch::Tensor& d_hidden, const torch::Tensor* gradients) const;
  /// One step without a record for backward(): state [rows, units + changing], of which the hidden part is
  /// replaced, and cell [rows, units]; `fixed` [rows, 4 units] as in Pass; `gates` and `squashed` are
  /// scratch.
  void step(const torch::Tensor& fixed, torch::Tensor& state, torch::Tensor& cell, torch::Tensor& gates,
            torch::Tensor& squashed) const;
  /// What the fixed input [rows, fixed] adds to the gates: [rows, 4 units].
  torch::Tensor fixed_part(const torch::Tensor& input) const;
  int64_t units() const { return units_; }
  static constexpr size_t kTensors = 3;  ///< among Parameters::tensors()

 private:
  void gate(const torch::Tensor& gates, const torch::Tensor& before, torch::Tensor cell,
            torch::Tensor squashed, torch::Tensor hidden) const;

  int64_t units_, changing_;
  torch::Tensor from_fixed_;  ///< [fixed, 4 units]
  torch::Tensor from_state_;  ///< [units + changing, 4 units]
  torch::Tensor bias_;        ///< [4 units]
};

}  // namespace bench::nn
