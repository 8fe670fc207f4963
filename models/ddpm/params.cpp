#include "models/ddpm/params.h"

namespace bench {

DdpmParams::DdpmParams() {
  ports = "onehot_bits";
  continuous = "calibrated";
  max_flow_len = 32;
}

void DdpmParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  constexpr const char* kImages = "Ho, Jain, Abbeel 2020";
  v.integer({"iterations", "steps", "length of the training", ""}, iterations, 1, kMany);
  v.integer({"batch", "samples", "samples per step", kImages}, batch, 2, 1'000'000);
  v.integer({"steps", "", "diffusion steps T", kImages}, steps, 1, 100'000);
  v.text({"schedule", "", "variances of the steps: linear from 1e-4 to 0.02, times 1000 / T; or cosine",
          "Ho, Jain, Abbeel 2020: linear; Nichol, Dhariwal 2021: cosine"},
         schedule, {"linear", "cosine"});
  v.number({"lr", "", "learning rate (Adam, beta 0.5, 0.9)", kImages}, lr, 1e-12, 1e9);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", kImages}, lr_decay,
         {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the weights that are sampled from; 0 = the last weights",
       kImages},
      ema, 0, 0.999999);
  v.integer({"row_units", "", "width of the attribute networks", "ours"}, row_units, 1, 65536);
  v.integer({"row_blocks", "", "their residual blocks", "ours"}, row_blocks, 1, 100);
  v.integer({"units", "", "width of the feature network", "ours"}, units, 1, 65536);
  v.integer({"blocks", "", "its residual blocks: 2^(blocks+1) - 1 positions are seen", "ours"}, blocks, 1,
            20);
  describe_encoding(v);
  describe_chunks(v);
}

}  // namespace bench
