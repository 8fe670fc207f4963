#include "models/ctgan/params.h"

#include <fmt/format.h>

namespace bench {

void CtganParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.text(
      {"encoding", "", "addresses and ports: A numbers through the mixture, B each bit a two-valued category",
       "NetShare's evaluation names A and B; bits as in the same group's later code"},
      encoding, {"A", "B"});
  v.integer({"modes", "", "most modes of a number", "CTGAN: 10"}, modes, 1, 64);
  v.integer({"mixture_rows", "records", "records that the mixtures are fitted to; 0 = all", "CTGAN: 0"},
            mixture_rows, 0, kMany);
  v.flag({"log1p", "", "durations, packets and bytes as log(1 + x)", "CTGAN: false"}, log1p);
  v.flag(
      {"calibrate", "",
       "numbers are read by their rank among the generator's own, so that marginals follow the training part",
       "CTGAN: false"},
      calibrate);
  v.text(
      {"conditions", "",
       "condition vector: one category of one column, or protocol, ports and labels of one training record",
       "CTGAN: column"},
      conditions, {"column", "service"});
  v.flag({"log_frequency", "", "categories are drawn for training by log(1 + count) and not by count",
          "CTGAN: true"},
         log_frequency);
  v.text({"sample_frequency", "", "conditions = column: how categories are drawn for sampling",
          "paper: true; its later code: log"},
         sample_frequency, {"true", "log"});
  v.integer({"epochs", "", "passes over the training records, where iterations is 0", "CTGAN: 300"}, epochs,
            1, 1'000'000);
  v.integer({"iterations", "generator steps", "length of the training; 0 = by epochs", ""}, iterations, 0,
            kMany);
  v.integer({"batch", "records", "records per step", "CTGAN: 500"}, batch, 2, 1'000'000);
  v.integer({"pac", "records", "records that the critic sees side by side", "CTGAN: 10 (PacGAN)"}, pac, 1,
            1000);
  v.integer({"discriminator_steps", "", "critic steps per generator step", "CTGAN: 1"}, discriminator_steps,
            1, 1000);
  v.number({"lr", "", "learning rate of both Adam optimisers (beta 0.5, 0.9)", "CTGAN: 2e-4"}, lr, 1e-12,
           1e3);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "CTGAN: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number({"generator_decay", "", "weight decay of the generator", "CTGAN: 1e-6"}, generator_decay, 0, 1);
  v.number({"critic_decay", "", "weight decay of the critic", "CTGAN: 1e-6; its program: 0"}, critic_decay, 0,
           1);
  v.number(
      {"ema", "", "decay of the moving average of the generator that is sampled from; 0 = the last weights",
       "CTGAN: 0"},
      ema, 0, 0.999999);
  v.number({"tau", "", "temperature of the Gumbel softmax", "CTGAN: 0.2"}, tau, 1e-3, 1e3);
  v.number({"penalty", "", "weight of the gradient penalty", "WGAN-GP: 10"}, penalty, 0, 1e9);
  v.number({"dropout", "", "share of the critic's hidden units left out", "CTGAN: 0.5"}, dropout, 0, 0.95);
  v.number({"norm_momentum", "", "share of a batch in the running statistics of batch normalisation", "0.1"},
           norm_momentum, 0, 1);
  v.integer({"latent", "", "noise inputs of the generator", "CTGAN: 128"}, latent, 1, 65536);
  v.integer({"generator_layers", "layers", "hidden blocks of the generator", "CTGAN: 2"}, generator_layers, 0,
            100);
  v.integer({"generator_units", "", "width of a block", "CTGAN: 256"}, generator_units, 1, 65536);
  v.integer({"critic_layers", "layers", "hidden layers of the critic", "CTGAN: 2"}, critic_layers, 1, 100);
  v.integer({"critic_units", "", "width of its hidden layers", "CTGAN: 256"}, critic_units, 1, 65536);
  v.text({"init", "", "initial weights of linear layers", "CTGAN: standard"}, init,
         {"normal", "xavier", "standard"});
  v.text({"categories", "", "in sampling: drawn by the Gumbel softmax as in training, or the likeliest one",
          "CTGAN: draw"},
         categories, {"draw", "likeliest"});
  privacy.describe(v);
}

std::string CtganParams::leak() const {
  if (const std::string problem = privacy.contradiction(); !problem.empty()) return problem;
  if (!privacy.from_public()) return {};
  const std::string outside = " touches the training part outside the budget; ";
  if (calibrate) return "calibrate true" + outside + "false would be right";
  if (iterations == 0) return "a training by epochs" + outside + "iterations above 0 would be right";
  if (pac > 1) return "pac above 1 mixes records in one gradient; with privacy 1 would be right";
  if (conditions != "column")
    return "conditions \"" + conditions +
           "\" would hand out the services of the public data; with privacy \"column\" would be right";
  if (log_frequency)
    return "log_frequency true draws categories as no batch by chance has them; with privacy false would be "
           "right";
  return {};
}

std::string CtganParams::contradiction() const {
  if (batch % pac != 0)
    return fmt::format("batch {} is no multiple of pac {}; {} would be right", batch, pac,
                       (batch + pac - 1) / pac * pac);
  return leak();
}

}  // namespace bench
