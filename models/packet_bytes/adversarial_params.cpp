#include "models/packet_bytes/adversarial_params.h"

namespace bench {

void AdversarialParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.integer({"iterations", "generator steps", "length of the training", "our choice"}, iterations, 1, kMany);
  v.integer({"batch", "packets", "packets per step", "our choice"}, batch, 2, 1'000'000);
  v.integer({"critic_rounds", "", "critic steps per generator step", "WGAN: 5"}, critic_rounds, 1, 1000);
  v.number({"lr", "", "learning rate of both Adam optimisers (beta 0.5, 0.9)", "WGAN-GP: 1e-4"}, lr, 1e-12,
           1e9);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "published: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the generator that is sampled from; 0 = the last weights",
       "published: none"},
      ema, 0, 0.999999);
  v.integer({"latent", "", "noise inputs of the generator", "our choice"}, latent, 1, 65536);
  v.text({"loss", "",
          "Wasserstein distance with a penalty on the critic's slope, or with its weights clipped, or the "
          "cross-entropy of the first GANs",
          "WGAN-GP; WGAN; GAN (non-saturating)"},
         loss, {"wasserstein", "clipping", "standard"});
  v.number({"penalty", "", "wasserstein: weight of the penalty on the slope", "WGAN-GP: 10"}, penalty, 0,
           1e9);
  v.number({"clip", "", "clipping: largest absolute weight of the critic", "WGAN: 0.01"}, clip, 1e-9, 1e9);
  v.text(
      {"rounding", "",
       "straight_through: the critic sees generated packets as they will be decoded, and the gradient passes "
       "as if nothing had been rounded; none: it sees the generator's numbers",
       "published: none"},
      rounding, {"straight_through", "none"});
  v.flag({"calibrated", "",
          "numbers (length, tos, id, offset, TTL) and time are read by rank among the generator's own",
          "published: false"},
         calibrated);
  v.text({"time", "",
          "a further byte that is generated with the packet, or drawn by itself from a normal distribution "
          "fitted to the training times",
          "the papers make no time; NetShare's evaluation added it"},
         time, {"model", "gaussian"});
  privacy.describe(v);
}

std::string AdversarialParams::contradiction() const {
  if (const std::string problem = privacy.contradiction(); !problem.empty()) return problem;
  if (privacy.from_public() && calibrated)
    return "calibrated true touches the training part outside the budget; false would be right";
  return {};
}

}  // namespace bench
