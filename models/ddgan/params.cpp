#include "models/ddgan/params.h"

namespace bench {

DdganParams::DdganParams() {
  ports = "onehot_bits";
  continuous = "calibrated";
  max_flow_len = 32;
}

void DdganParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  constexpr const char* kImages = "Xiao, Kreis, Vahdat 2022";
  v.integer({"iterations", "generator steps", "length of the training", ""}, iterations, 1, kMany);
  v.integer({"batch", "samples", "samples per step", kImages}, batch, 2, 1'000'000);
  v.integer({"steps", "", "diffusion steps T", "Xiao, Kreis, Vahdat 2022: 4; report: at most 8"}, steps, 1,
            8);
  v.number({"beta_min", "", "variance preserving schedule", kImages}, beta_min, 1e-6, 1);
  v.number({"beta_max", "", "variance preserving schedule", kImages}, beta_max, 1, 1000);
  v.text(
      {"attributes", "",
       "attributes and other categories by Gaussian noise on numbers -1 and 1; by multinomial noise; or as "
       "multinomial, with attributes from an autoregressive network",
       "report: gaussian"},
      attributes, {"gaussian", "multinomial", "separate"});
  v.number({"divergence", "", "multinomial: weight of the divergence from the true step back", "ours"},
           divergence, 0, 1e6);
  v.number(
      {"attribute_dropout", "", "separate: share of values that later ones do not see in training", "ours"},
      attribute_dropout, 0, 0.99);
  v.number({"lr", "", "learning rate of the denoisers (Adam, beta 0.5, 0.9)",
            "Xiao, Kreis, Vahdat 2022, CIFAR-10"},
           lr, 1e-12, 1e9);
  v.number(
      {"lr_discriminator", "", "learning rate of the discriminators", "Xiao, Kreis, Vahdat 2022, CIFAR-10"},
      lr_discriminator, 1e-12, 1e9);
  v.text({"lr_decay", "", "how the learning rates fall to 0 over the training", kImages}, lr_decay,
         {"none", "linear", "cosine"});
  v.number({"r1", "", "weight of the squared slope of the discriminators at real samples", kImages}, r1, 0,
           1e9);
  v.integer({"r1_every", "steps", "steps between two such terms, each then weighted by as much",
             "Xiao, Kreis, Vahdat 2022, CIFAR-10: 15, without the weight"},
            r1_every, 1, 10000);
  v.number(
      {"ema", "", "decay of the moving average of the weights that are sampled from; 0 = the last weights",
       "Xiao, Kreis, Vahdat 2022: 0.9999 over 1800 epochs"},
      ema, 0, 0.999999);
  v.integer({"latent", "", "noise inputs of a denoiser", "ours"}, latent, 1, 4096);
  v.integer({"row_units", "", "width of the attribute networks", "ours"}, row_units, 1, 65536);
  v.integer({"row_blocks", "", "their residual blocks", "ours"}, row_blocks, 1, 100);
  v.integer({"units", "", "width of the feature networks", "ours"}, units, 1, 65536);
  v.integer({"blocks", "", "their residual blocks: 2^(blocks+1) - 1 positions are seen", "ours"}, blocks, 1,
            20);
  describe_encoding(v);
  describe_chunks(v);
}

std::string DdganParams::contradiction() const {
  if (beta_min >= beta_max) return "beta_min is not below beta_max; a smaller one would be right";
  return FlowParams::contradiction();
}

}  // namespace bench
