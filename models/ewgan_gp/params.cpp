#include "models/ewgan_gp/params.h"

namespace bench {

void EwganParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.integer({"word_size", "", "components of a word vector", "Ring et al. 2019: 20"}, word_size, 2, 1000);
  v.integer({"word_epochs", "epochs", "passes of the words' training over the records", "IP2Vec: 10"},
            word_epochs, 1, 10000);
  v.text({"numbers", "",
          "durations, sizes and header fields: words of their bins, or numbers between their extremes",
          "Ring et al. 2019: words"},
         numbers, {"words", "minmax"});
  v.integer({"bins", "bins", "numbers = words: bins of equal mass", ""}, bins, 2, 100'000);
  v.integer({"rare_ports", "records",
             "ports that occur less often in their column share one word, decoded as one of them", ""},
            rare_ports, 0, kMany);
  v.flag(
      {"calibrate", "",
       "numbers are read by their rank among the generator's own, so that marginals follow the training part",
       "published: false"},
      calibrate);
  v.integer({"iterations", "generator steps", "length of the training", ""}, iterations, 1, kMany);
  v.integer({"batch", "records", "records per step", "WGAN-GP: 64"}, batch, 2, 1'000'000);
  v.integer({"critic_steps", "", "critic steps per generator step", "WGAN-GP: 5"}, critic_steps, 1, 1000);
  v.number({"lr", "", "learning rate of the generator's Adam (beta 0.5, 0.9)", "WGAN-GP: 1e-4"}, lr, 1e-12,
           1e3);
  v.number({"critic_lr", "", "learning rate of the critic's Adam; Ring et al. use two time scales",
            "WGAN-GP: 1e-4"},
           critic_lr, 1e-12, 1e3);
  v.text({"lr_decay", "", "how both rates fall to 0 over the training", "published: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the generator that is sampled from; 0 = the last weights",
       "published: 0"},
      ema, 0, 0.999999);
  v.number({"penalty", "", "weight of the gradient penalty", "WGAN-GP: 10"}, penalty, 0, 1e9);
  v.number({"norm_momentum", "", "share of a batch in the running statistics of batch normalisation", "0.1"},
           norm_momentum, 0, 1);
  v.integer({"latent", "", "noise inputs of the generator", ""}, latent, 1, 65536);
  v.integer({"generator_layers", "layers", "generator, output layer included", ""}, generator_layers, 1, 100);
  v.integer({"generator_units", "", "width of its hidden layers", ""}, generator_units, 1, 65536);
  v.integer({"critic_layers", "layers", "hidden layers of the critic", ""}, critic_layers, 1, 100);
  v.integer({"critic_units", "", "width of its hidden layers", ""}, critic_units, 1, 65536);
  v.text({"init", "", "initial weights of linear layers", ""}, init, {"normal", "xavier", "standard"});
  privacy.describe(v);
}

std::string EwganParams::contradiction() const {
  if (const std::string problem = privacy.contradiction(); !problem.empty()) return problem;
  if (privacy.from_public() && calibrate)
    return "calibrate true touches the training part outside the budget; false would be right";
  return {};
}

}  // namespace bench
