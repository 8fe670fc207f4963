#include "models/netshare/params.h"

namespace bench {

void NetShareParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.integer({"iterations", "generator steps", "length of the training", "NetShare TF 1.15 configs: 200000"},
            iterations, 1, kMany);
  v.integer({"batch", "samples", "samples per step", "NetShare configs"}, batch, 2, 1'000'000);
  v.integer({"d_rounds", "", "critic steps per generator step", "NetShare configs"}, d_rounds, 1, 1000);
  v.number({"lr", "", "learning rate of the three Adam optimisers (beta 0.5, 0.999)", "NetShare configs"}, lr,
           1e-12, 1e9);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "published: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the generator that is sampled from; 0 = the last weights",
       "published: none"},
      ema, 0, 0.999999);
  v.text({"init", "", "initial weights of linear layers", "NetShare camera-ready: N(0, 0.02)"}, init,
         {"normal", "xavier", "standard"});
  v.integer({"attribute_layers", "layers", "attribute generator, output layer included", "NetShare configs"},
            attribute_layers, 1, 100);
  v.integer({"attribute_units", "", "width of its hidden layers", "NetShare configs"}, attribute_units, 1,
            65536);
  v.integer({"attribute_latent", "", "its noise inputs", "DoppelGANger"}, attribute_latent, 1, 4096);
  v.integer({"lstm_units", "", "width of the feature generator's LSTM", "DoppelGANger"}, lstm_units, 1,
            65536);
  v.integer({"feature_latent", "", "noise inputs per LSTM step", "DoppelGANger"}, feature_latent, 1, 4096);
  v.integer({"sample_len", "records", "records that one LSTM step emits", "paper: 1 to 100 tried"},
            sample_len, 1, 100000);
  v.integer({"critic_layers", "layers", "both critics, output layer included", "NetShare configs"},
            critic_layers, 1, 100);
  v.integer({"critic_units", "", "width of their hidden layers", "NetShare configs"}, critic_units, 1, 65536);
  v.flag({"aux_critic", "", "a second critic that sees the attributes only", "DoppelGANger"}, aux_critic);
  v.number({"penalty", "", "weight of the gradient penalty", "WGAN-GP: 10"}, penalty, 0, 1e9);
  v.text({"gp_alpha", "", "where the penalty is taken: between real and fake, or at the fake",
          "WGAN-GP: uniform; NetShare's PyTorch code: fake"},
         gp_alpha, {"uniform", "fake"});
  v.text({"z", "", "fresh noise and real batch in every critic step, or one for the whole iteration",
          "NetShare code: reused"},
         z, {"fresh", "reused"});
  v.text({"mask", "",
          "what follows a flow's end inside a block of sample_len records: nothing, or unmasked outputs",
          "NetShare code: block"},
         mask, {"position", "block"});
  v.number({"norm_momentum", "", "share of a batch in the running statistics of batch normalisation",
            "NetShare camera-ready: 0.1; its PyTorch code: 0.9"},
           norm_momentum, 0, 1);
  v.text(
      {"critic", "",
       "features as one long row, or each record through a shared layer and then mean and maximum over the "
       "records that exist",
       "NetShare: flat"},
      critic, {"flat", "pooled"});
  v.integer({"packing", "samples", "samples that the critics see side by side", "PacGAN; NetShare: 1"},
            packing, 1, 1000);
  v.text({"precision", "", "of the critics' products", "published: float32"}, precision,
         {"float32", "bfloat16"});
  describe_encoding(v);
  describe_chunks(v);
  privacy.describe(v);
}

std::string NetShareParams::contradiction() const {
  if (packing > batch / 2)
    return "packing leaves fewer than two packs of a batch; a smaller one would be right";
  if (mask == "block" && structure == "given")
    return "mask \"block\" concerns generation flags, which structure \"given\" has none of; mask "
           "\"position\" "
           "would be right";
  if (const std::string problem = leak(); !problem.empty()) return problem;
  return FlowParams::contradiction();
}

}  // namespace bench
