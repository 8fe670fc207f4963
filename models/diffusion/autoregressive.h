#pragma once
// Attributes one variable after another: a neural autoregressive distribution estimator (Larochelle and
// Murray, AISTATS 2011) over categories; bits are taken by eight, numbers are bins.

#include <memory>
#include <optional>

#include "models/diffusion/flow_parts.h"
#include "models/diffusion/variables.h"
#include "models/nn/parameters.h"

namespace bench {

/// Variable v of a row: h_v = relu(c + sum over u < v of W_u x_u), P(x_v | before) = softmax(b_v + U_v h_v).
/// Trained on - ln P(row), where a share `dropout` of the values is hidden from those behind them (Srivastava
/// et al. 2014), or rows are learned by heart.
class AutoregressiveAttributes : public AttributePart {
 public:
  AutoregressiveAttributes(const Layout& layout, int64_t units, double dropout, const at::Generator& init,
                           torch::Device device);
  AutoregressiveAttributes(const AutoregressiveAttributes&) = delete;
  std::vector<Named> sampled() const override { return {{"attributes", &learner_}}; }
  double step(const torch::Tensor& rows, const TrainingStep& step) override;
  torch::Tensor draw(const torch::Tensor& given, const at::Generator& generator) const override;
  /// - ln P of each row [n]; nothing is hidden without a generator.
  torch::Tensor loss(const torch::Tensor& rows, const at::Generator& dropout = {}) const;

 private:
  /// The variables of one head: of categories, or a number's bins.
  struct Group {
    Head head;
    std::optional<Variables> categories;
    int64_t count = 0, values = 0;
    torch::Tensor in, out, bias;  ///< [count, values, units], [count, units, values], [count, 1, values]
  };
  /// One-hots [count, n, values] of a group's columns [n, columns]; 0 behind a closed gate.
  static torch::Tensor one_hots(const Group& group, const torch::Tensor& columns);
  /// Columns [n, columns / count] of one variable's one-hots [n, values].
  static torch::Tensor columns_of(const Group& group, const torch::Tensor& x, const at::Generator& generator);

  int64_t given_, units_;
  double dropout_;
  mutable Learner learner_;
  torch::Tensor start_, from_given_;  ///< [units], [given, units]
  std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace bench
