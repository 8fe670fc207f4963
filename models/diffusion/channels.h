#pragma once
// The columns of a layout as channels that a diffusion model adds noise to and takes it away from.

#include <torch/torch.h>

#include "models/diffusion/schedule.h"
#include "models/diffusion/variables.h"
#include "models/encode/layout.h"

namespace bench {

/// What categories become on the way to noise.
enum class CategoryNoise {
  gaussian,    ///< numbers -1 and 1 with Gaussian noise, rounded at the end
  multinomial  ///< other categories, drawn uniformly
};

/// The clean state of a number u in [0, 1].
enum class NumberState {
  bounded,  ///< 2 u - 1
  normal    ///< the normal distribution's quantile at u
};

/// What the raw outputs for numbers (and categories with Gaussian noise) are.
enum class Prediction {
  clean,  ///< the clean state, through tanh
  noise   ///< the standard normal noise in the level above (Ho et al. 2020)
};

/// Coefficients of the step between the levels t and t + 1, one per sample: [n, 1], or [n, 1, 1] for channels
/// [n, length, width].
struct StepShares {
  torch::Tensor of_clean, of_next, deviation;  ///< Posterior; deviation = sqrt(variance)
  torch::Tensor step;                          ///< 1 - beta(t + 1)
  torch::Tensor kept, kept_next;               ///< Schedule::kept(t), kept(t + 1)
};

/// The coefficients of all levels as tensors.
class StepTable {
 public:
  StepTable(const Schedule& schedule, torch::Device device);
  /// `t` [n] in 0 .. T - 1, int64. `dimensions` of the result: 2 or 3.
  StepShares at(const torch::Tensor& t, int64_t dimensions) const;
  int64_t steps() const { return table_.size(0); }

 private:
  torch::Tensor table_;  ///< [T, 6]
};

/// Leading dimensions are free: rows [n, width] or sequences [n, length, width].
class Channels {
 public:
  /// The columns begin .. end - 1 of the layout. `bytes`: multinomial noise is on eight bits together where
  /// it can be (Variables).
  Channels(const Layout& layout, int64_t begin, int64_t end, CategoryNoise noise,
           NumberState numbers = NumberState::bounded, bool bytes = true);
  int64_t width() const { return end_ - begin_; }
  /// Outputs of a network: multinomial categories may need more than they have columns (Variables).
  int64_t raw_width() const { return raw_width_; }
  bool multinomial() const { return noise_ == CategoryNoise::multinomial; }

  /// Rows of the layout [.., layout width] -> clean state [.., width()]. A category behind a closed gate has
  /// no value; it gets one by chance.
  torch::Tensor state(const torch::Tensor& rows, const at::Generator& generator) const;
  /// Level t from the clean state (`kept` of level t), or level t + 1 from level t (`kept` = 1 - beta).
  torch::Tensor noised(const torch::Tensor& state, const torch::Tensor& kept,
                       const at::Generator& generator) const;
  /// Level T: standard normal and uniform.
  torch::Tensor prior(at::IntArrayRef leading, const at::Generator& generator, torch::Device device) const;
  /// Raw outputs [.., raw_width()] of a network for `next` -> a prediction of the clean state of the same
  /// width: numbers no further out than a clean state can be, distributions for multinomial categories.
  torch::Tensor predicted(const torch::Tensor& raw, const torch::Tensor& next, const StepShares& shares,
                          Prediction prediction) const;
  /// Level t drawn given a prediction and level t + 1; level 0 of a prediction of the clean state is its
  /// mode, not drawn. Gradients reach the prediction: through the mean, and for categories straight through
  /// the draw (Bengio et al. 2013).
  torch::Tensor step_back(const torch::Tensor& predicted, const torch::Tensor& next, const StepShares& shares,
                          Prediction prediction, const at::Generator& generator) const;
  /// Mean over the multinomial categories of KL(q(v_t | v_{t+1}, clean) | the same with the prediction), by
  /// sample [..]; 0 without any.
  torch::Tensor divergence(const torch::Tensor& clean, const torch::Tensor& predicted,
                           const torch::Tensor& next, const StepShares& shares) const;
  /// Mean over the other channels of (noise in `next` - raw output)^2, by sample [..]; 0 without any.
  torch::Tensor noise_error(const torch::Tensor& clean, const torch::Tensor& raw, const torch::Tensor& next,
                            const StepShares& shares) const;
  /// Level 0 -> columns begin .. end - 1 of rows as encoders make them, categories as one-hots. `before`
  /// [.., begin] are the columns in front, where gates may be.
  torch::Tensor rows(const torch::Tensor& state, const torch::Tensor& before) const;

 private:
  struct Channel {
    Head head;
    Variables variables;
    int64_t raw;  ///< first of its raw outputs
    bool multinomial;
    int64_t raw_columns() const {
      return multinomial ? variables.count() * variables.values() : head.columns();
    }
  };
  torch::Tensor part_of(const torch::Tensor& state, const Channel& channel) const;
  static torch::Tensor raw_of(const torch::Tensor& raw, const Channel& channel);
  /// [.., count, values] of a multinomial channel's raw outputs or distributions.
  static torch::Tensor chances_of(const torch::Tensor& raw, const Channel& channel);

  std::vector<Channel> channels_;
  int64_t raw_width_ = 0;
  int64_t begin_, end_;
  CategoryNoise noise_;
  NumberState numbers_;
};

/// Standard normal numbers drawn on the CPU.
torch::Tensor normal_noise(at::IntArrayRef shape, const at::Generator& generator, torch::Device device);

}  // namespace bench
