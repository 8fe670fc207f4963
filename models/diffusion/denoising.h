#pragma once
// Training steps and sampling of networks that take noise away, for any network and any channels.

#include <torch/torch.h>

#include <functional>
#include <memory>

#include "models/diffusion/channels.h"
#include "models/nn/parameters.h"

namespace bench {

/// Networks of one batch, their condition bound. `t` [n] is the lower level of the step, int64.
/// Raw outputs for the clean state, from level t + 1 and noise [n, latent].
using Denoiser = std::function<torch::Tensor(const torch::Tensor& next, const torch::Tensor& latent,
                                             const torch::Tensor& t)>;
/// Logits [n, 1] that `x` at level t belongs to a real pair with `next` at level t + 1.
using Discriminator =
    std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& next, const torch::Tensor& t)>;

/// Parameters with their optimiser.
struct Learner {
  nn::Parameters parameters;
  std::unique_ptr<nn::Adam> adam;
  /// `beta1`, `beta2` of Adam.
  void build(nn::Init init, const at::Generator& generator, torch::Device device, double beta1 = 0.5,
             double beta2 = 0.9);
  void step(const torch::Tensor& loss, double rate);
};

struct AdversarialOptions {
  int64_t latent = 64;
  double r1 = 0.05;       ///< weight of the squared slope of the discriminator at real samples
  int64_t r1_every = 1;   ///< steps between two such terms, each then weighted by as much
  double divergence = 0;  ///< weight of the multinomial divergence in the denoiser's loss
  double rate = 1e-4, discriminator_rate = 1e-4;  ///< of learning
};

/// What a batch is: the clean state [n, width] or [n, length, width]; for sequences `exists` [n, length, 1].
struct CleanBatch {
  torch::Tensor state, exists;
};

/// One step of the discriminator and one of the denoiser (Xiao, Kreis, Vahdat 2022: non-saturating, levels
/// uniform, fresh pairs for each). `iteration` counts from 0. Returns the discriminator's loss.
double adversarial_step(const Channels& channels, const StepTable& steps, const CleanBatch& batch,
                        const Denoiser& denoise, const Discriminator& judge, Learner& denoiser,
                        Learner& discriminator, const AdversarialOptions& options, int64_t iteration,
                        const at::Generator& generator);

/// One step on the noise of numbers and the divergence of multinomial categories, each a mean over channels;
/// the latter times `divergence` (Ho et al. 2020; Kotelnikov et al. 2023). Returns the loss.
double noise_step(const Channels& channels, const StepTable& steps, const CleanBatch& batch,
                  const Denoiser& denoise, Learner& denoiser, double rate, const at::Generator& generator,
                  double divergence = 1);

/// Clean states from level T to level 0. `exists` is undefined for rows; `leading` is [n] or [n, length].
torch::Tensor draw_states(const Channels& channels, const StepTable& steps, at::IntArrayRef leading,
                          const torch::Tensor& exists, const Denoiser& denoise, Prediction prediction,
                          int64_t latent, const at::Generator& generator, torch::Device device);

}  // namespace bench
