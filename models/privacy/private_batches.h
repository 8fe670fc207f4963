#pragma once
// What the critic of a private training of rows is given at each step. Real rows change neither how many
// made ones there are nor what these are: batch normalisation would let one of them move all.

#include <torch/torch.h>

#include <vector>

#include "models/nn/row_critic.h"
#include "models/privacy/poisson_batches.h"
#include "models/privacy/privacy_params.h"

namespace bench {

class PrivateBatches {
 public:
  /// `rows` real ones, of which there may be none; `batch` of them on average, as far as steps.rate knows.
  PrivateBatches(int64_t rows, const PrivateSteps& steps, int64_t batch, Seed seed);
  /// Indices of real rows; none now and then.
  std::vector<size_t> next() { return batches_.next(); }
  /// Rows to make for each batch: a batch seldom has more real ones.
  int64_t made() const { return made_; }
  /// Those that meet n real rows: indices below made(), int64 [n].
  torch::Tensor partners(int64_t n) const;

 private:
  PoissonBatches batches_;
  int64_t made_;
};

/// As an index for LibTorch, int64 [rows.size()].
torch::Tensor row_index(const std::vector<size_t>& rows);
/// Clipping and noise of `steps`, for `batch` examples on average.
DpSgdOptions dp_sgd_options(const PrivateSteps& steps, int64_t batch);
/// All further steps of the critic meet batches by chance of `batch` rows on average, as `steps` say.
void make_private(nn::RowCritic& critic, const PrivateSteps& steps, int64_t batch, Seed seed);

}  // namespace bench
