#include "models/tabddpm/params.h"

namespace bench {

void TabddpmParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.text({"encoding", "", "addresses and ports: A numbers, B each bit a two-valued category", "as ctgan"},
         encoding, {"A", "B"});
  v.integer({"steps", "", "diffusion steps T", "TabDDPM: 1000, or 100 as tuned"}, steps, 1, 100'000);
  v.text({"schedule", "", "variances of the steps: cosine, or linear from 1e-4 to 0.02 times 1000 / T",
          "TabDDPM: cosine"},
         schedule, {"cosine", "linear"});
  v.integer({"iterations", "steps", "length of the training", "TabDDPM: 1000, or 30,000 as tuned"},
            iterations, 1, kMany);
  v.integer({"batch", "records", "records per step", "TabDDPM: 1024"}, batch, 2, 1'000'000);
  v.number({"lr", "", "learning rate of Adam (beta 0.9, 0.999)", "TabDDPM: 0.002"}, lr, 1e-12, 1e3);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "TabDDPM: linear"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number({"weight_decay", "", "of the weights, apart from the gradient (Loshchilov, Hutter 2019)",
            "TabDDPM: 1e-4"},
           weight_decay, 0, 1);
  v.number(
      {"ema", "", "decay of the moving average of the weights that are sampled from; 0 = the last weights",
       "TabDDPM: 0.999"},
      ema, 0, 0.999999);
  v.number({"divergence", "", "weight of the categories' divergence against the numbers' error; 0 = steps",
            "TabDDPM: steps"},
           divergence, 0, 1e6);
  v.integer({"layers", "", "hidden layers behind the first", "TabDDPM: 2"}, layers, 1, 100);
  v.integer({"units", "", "their width", "TabDDPM: 128"}, units, 1, 65536);
  v.integer({"time_width", "", "width of the first layer and of what the network is told of the level",
             "TabDDPM: 128"},
            time_width, 4, 65536);
}

}  // namespace bench
