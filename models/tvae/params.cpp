#include "models/tvae/params.h"

namespace bench {

void TvaeParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.text({"encoding", "",
          "addresses and ports: A numbers through the mixture, B each bit a two-valued category", "as ctgan"},
         encoding, {"A", "B"});
  v.integer({"modes", "", "most modes of a number", "TVAE: 10"}, modes, 1, 64);
  v.integer({"mixture_rows", "records", "records that the mixtures are fitted to; 0 = all", "TVAE: 0"},
            mixture_rows, 0, kMany);
  v.flag({"log1p", "", "durations, packets and bytes as log(1 + x)", "TVAE: false"}, log1p);
  v.flag(
      {"calibrate", "",
       "numbers are read by their rank among the generator's own, so that marginals follow the training part",
       "TVAE: false"},
      calibrate);
  v.integer({"epochs", "", "passes over the training records, where iterations is 0", "TVAE: 300"}, epochs, 1,
            1'000'000);
  v.integer({"iterations", "steps", "length of the training; 0 = by epochs", ""}, iterations, 0, kMany);
  v.integer({"batch", "records", "records per step", "TVAE: 500"}, batch, 2, 1'000'000);
  v.number({"lr", "", "learning rate of Adam (beta 0.9, 0.999)", "TVAE: 1e-3"}, lr, 1e-12, 1e3);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "TVAE: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number({"weight_decay", "", "of both networks", "TVAE: 1e-5"}, weight_decay, 0, 1);
  v.number({"ema", "", "decay of the moving average of the weights that are sampled from; 0 = the last ones",
            "TVAE: 0"},
           ema, 0, 0.999999);
  v.number({"loss_factor", "", "weight of the reconstruction against the divergence",
            "TVAE's program: 2; ELBO: 1"},
           loss_factor, 1e-3, 1e3);
  v.integer({"latent", "", "width of the latent row", "TVAE: 128"}, latent, 1, 65536);
  v.integer({"layers", "layers", "hidden layers of encoder and decoder", "TVAE: 2"}, layers, 0, 100);
  v.integer({"units", "", "their width", "TVAE: 128"}, units, 1, 65536);
  v.text({"init", "", "initial weights of linear layers", "TVAE: standard"}, init,
         {"normal", "xavier", "standard"});
  v.text({"categories", "", "drawn from the decoder's distribution, or the likeliest one",
          "paper: draw; its program: likeliest"},
         categories, {"draw", "likeliest"});
}

}  // namespace bench
