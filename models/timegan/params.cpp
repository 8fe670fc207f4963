#include "models/timegan/params.h"

namespace bench {

TimeganParams::TimeganParams() {
  ports = "onehot_bits";
  continuous = "calibrated";
  max_flow_len = 32;
}

void TimeganParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  constexpr const char* kOwn = "TimeGAN's published code";
  v.integer({"iterations", "steps",
             "length of the training: a third each for reconstruction, for prediction, and for all",
             "TimeGAN's published code: 10,000 each"},
            iterations, 3, kMany);
  v.integer({"batch", "samples", "samples per step", kOwn}, batch, 2, 1'000'000);
  v.number({"gamma", "", "weight of the supervised loss for the embedder, relative to reconstruction", kOwn},
           gamma, 0, 1e6);
  v.number({"eta", "", "weight of the supervised loss for the generator", "Yoon et al. 2019: 10"}, eta, 0,
           1e6);
  v.number({"enough", "", "the discriminator rests while its loss is below this", kOwn}, enough, 0, 1e6);
  v.number({"lr", "", "learning rate of Adam (beta 0.9, 0.999)", kOwn}, lr, 1e-12, 1e9);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training",
          "TimeGAN's published code: none"},
         lr_decay, {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the weights that are sampled from; 0 = the last weights",
       "TimeGAN's published code: 0"},
      ema, 0, 0.999999);
  v.integer({"units", "", "width of a latent record", kOwn}, units, 1, 65536);
  v.integer({"row_units", "", "width of latent attributes and of hidden layers", "ours"}, row_units, 1,
            65536);
  describe_encoding(v);
  describe_chunks(v);
}

}  // namespace bench
