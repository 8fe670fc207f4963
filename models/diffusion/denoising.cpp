#include "models/diffusion/denoising.h"

namespace bench {
namespace {

/// Two neighbouring levels of a batch.
struct Pair {
  torch::Tensor t;  ///< [n]
  StepShares shares;
  torch::Tensor x, next;
};

torch::Tensor masked(const torch::Tensor& x, const torch::Tensor& exists) {
  return exists.defined() ? x * exists : x;
}

Pair draw_pair(const Channels& channels, const StepTable& steps, const CleanBatch& batch,
               const at::Generator& generator) {
  const torch::NoGradGuard no_grad;
  Pair out;
  out.t =
      torch::randint(steps.steps(), {batch.state.size(0)}, generator, torch::kInt64).to(batch.state.device());
  out.shares = steps.at(out.t, batch.state.dim());
  out.x = masked(channels.noised(batch.state, out.shares.kept, generator), batch.exists);
  out.next = masked(channels.noised(out.x, out.shares.step, generator), batch.exists);
  return out;
}

torch::Tensor latent_noise(int64_t n, int64_t latent, const at::Generator& generator, torch::Device device) {
  return normal_noise({n, latent}, generator, device);
}

/// Mean over samples, or over the positions that exist, of [n] or [n, length].
torch::Tensor mean_of(const torch::Tensor& values, const torch::Tensor& exists) {
  return exists.defined() ? (values * exists.squeeze(2)).sum() / exists.sum() : values.mean();
}

}  // namespace

void Learner::build(nn::Init init, const at::Generator& generator, torch::Device device, double beta1,
                    double beta2) {
  parameters.build(init, generator, device);
  adam = std::make_unique<nn::Adam>(parameters, beta1, beta2);
}

void Learner::step(const torch::Tensor& loss, double rate) {
  adam->step(nn::gradient_of(loss, parameters), rate);
}

double adversarial_step(const Channels& channels, const StepTable& steps, const CleanBatch& batch,
                        const Denoiser& denoise, const Discriminator& judge, Learner& denoiser,
                        Learner& discriminator, const AdversarialOptions& options, int64_t iteration,
                        const at::Generator& generator) {
  const torch::AutoGradMode gradients_on(true);
  const int64_t n = batch.state.size(0);
  const auto device = batch.state.device();
  const auto drawn = [&](const Pair& pair, torch::Tensor* predicted) {
    *predicted =
        channels.predicted(denoise(pair.next, latent_noise(n, options.latent, generator, device), pair.t),
                           pair.next, pair.shares, Prediction::clean);
    return masked(channels.step_back(*predicted, pair.next, pair.shares, Prediction::clean, generator),
                  batch.exists);
  };

  const Pair real = draw_pair(channels, steps, batch, generator);
  torch::Tensor predicted, fake;
  {
    const torch::NoGradGuard no_grad;
    fake = drawn(real, &predicted);
  }
  const bool slope = options.r1 > 0 && iteration % options.r1_every == 0;
  const torch::Tensor x = real.x.detach().clone().requires_grad_(slope);
  const torch::Tensor score = judge(x, real.next, real.t);
  torch::Tensor loss =
      torch::softplus(-score).mean() + torch::softplus(judge(fake, real.next, real.t)).mean();
  if (slope) {
    const torch::Tensor slopes = torch::autograd::grad({score.sum()}, {x}, {}, true, true)[0];
    loss = loss + options.r1 / 2 * static_cast<double>(options.r1_every) * slopes.square().sum() /
                      static_cast<double>(n);
  }
  discriminator.step(loss, options.discriminator_rate);

  const Pair pair = draw_pair(channels, steps, batch, generator);
  const torch::Tensor made = drawn(pair, &predicted);
  torch::Tensor goal = torch::softplus(-judge(made, pair.next, pair.t)).mean();
  if (options.divergence > 0 && channels.multinomial()) {
    goal =
        goal + options.divergence *
                   mean_of(channels.divergence(batch.state, predicted, pair.next, pair.shares), batch.exists);
  }
  denoiser.step(goal, options.rate);
  return loss.item<double>();
}

double noise_step(const Channels& channels, const StepTable& steps, const CleanBatch& batch,
                  const Denoiser& denoise, Learner& denoiser, double rate, const at::Generator& generator,
                  double divergence) {
  const torch::AutoGradMode gradients_on(true);
  const Pair pair = draw_pair(channels, steps, batch, generator);
  const torch::Tensor raw = denoise(pair.next, {}, pair.t);
  torch::Tensor loss = mean_of(channels.noise_error(batch.state, raw, pair.next, pair.shares), batch.exists);
  if (channels.multinomial()) {
    const torch::Tensor predicted = channels.predicted(raw, pair.next, pair.shares, Prediction::noise);
    loss = loss + divergence * mean_of(channels.divergence(batch.state, predicted, pair.next, pair.shares),
                                       batch.exists);
  }
  denoiser.step(loss, rate);
  return loss.item<double>();
}

torch::Tensor draw_states(const Channels& channels, const StepTable& steps, at::IntArrayRef leading,
                          const torch::Tensor& exists, const Denoiser& denoise, Prediction prediction,
                          int64_t latent, const at::Generator& generator, torch::Device device) {
  const torch::NoGradGuard no_grad;
  torch::Tensor x = masked(channels.prior(leading, generator, device), exists);
  const auto dimensions = static_cast<int64_t>(leading.size()) + 1;
  for (int64_t t = steps.steps() - 1; t >= 0; --t) {
    const torch::Tensor level =
        torch::full({leading[0]}, t, torch::TensorOptions().dtype(torch::kInt64).device(device));
    const torch::Tensor z =
        latent > 0 ? latent_noise(leading[0], latent, generator, device) : torch::Tensor();
    const StepShares shares = steps.at(level, dimensions);
    const torch::Tensor clean = channels.predicted(denoise(x, z, level), x, shares, prediction);
    x = masked(channels.step_back(clean, x, shares, prediction, generator), exists);
  }
  return x;
}

}  // namespace bench
