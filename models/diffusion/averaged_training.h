#pragma once
// The loop around the steps of a training whose networks are sampled from with averaged weights.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/progress.h"
#include "models/diffusion/denoising.h"

namespace bench {

/// Moving averages of the weights of several networks, which can stand in for the weights.
class Averages {
 public:
  /// New ones, from the raw weights; `decay` 0: none, the last weights are sampled from.
  void start(const std::vector<Learner*>& learners, double decay);
  void update();
  /// Weights and averages change places.
  void swap();
  /// The networks hold their raw weights.
  void restore();
  bool in_place() const { return in_place_; }

 private:
  std::vector<std::unique_ptr<nn::MovingAverage>> each_;
  bool in_place_ = false;
};

struct AveragedTraining {
  int64_t iterations = 0, snapshots = 1;
  std::string loss;  ///< what the loss is called in an error
};

/// `step` makes iteration i from 0 and returns its loss; `snapshot` (may be empty) sees the averages in
/// place, as they are at the end. Throws Error(cancelled), and Error(diverged) for a loss that is not finite.
void train_averaged(const AveragedTraining& training, Averages& averages, Progress& progress,
                    const std::function<double(int64_t)>& step, const std::function<void(int64_t)>& snapshot);

}  // namespace bench
