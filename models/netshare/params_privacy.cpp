// The parameters of private training.

#include <charconv>
#include <cmath>
#include <limits>

#include "models/netshare/params.h"

namespace bench {

void NetShareParams::describe_privacy(FieldVisitor& v) {
  v.text({"privacy", "",
          "dp: critics see the training part through clipped gradients with noise only (DP-SGD); ranges, "
          "vocabulary and first weights come from the row's public data",
          "NetShare with DP"},
         privacy, {"none", "dp"});
  v.text({"epsilon", "",
          "dp: the budget of the whole training at delta, a number above 0, or inf: no clipping and no noise",
          "our choice"},
         epsilon, {});
  v.number({"delta", "", "dp: chance that the guarantee does not hold", "NetShare code: 1e-5"}, delta, 1e-15,
           0.5);
  v.number({"noise_multiplier", "",
            "dp: noise of a critic's step in units of clip, in place of what epsilon needs; 0 = from epsilon",
            "NetShare: .01 to 4"},
           noise_multiplier, 0, 1e6);
  v.number({"clip", "", "dp: longest gradient of one flow in one critic", "NetShare: 1"}, clip, 1e-9, 1e9);
  v.number({"count_sigma", "flows", "dp: noise on the number of flows of a chunk",
            "our choice; NetShare: 1, which costs more than its critics"},
           count_sigma, 0.01, 1e9);
  v.integer({"public_iterations", "generator steps",
             "dp: pre-training on the public data; 0 = ranges and vocabulary only",
             "NetShare: naive, same, "
             "different"},
            public_iterations, 0, 1'000'000'000);
  v.flag({"public_labels", "",
          "dp: label columns are learned, by the names that the public data has; false leaves them out, for "
          "public data of another kind of network",
          "our choice"},
         public_labels);
}

double NetShareParams::epsilon_value() const {
  if (epsilon == "inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(epsilon.data(), epsilon.data() + epsilon.size(), value);
  return error == std::errc() && end == epsilon.data() + epsilon.size() ? value : -1;
}

bool NetShareParams::finite_budget() const { return noise_multiplier > 0 || std::isfinite(epsilon_value()); }

std::string NetShareParams::leak() const {
  if (!(epsilon_value() > 0)) return "epsilon \"" + epsilon + "\" is not a number above 0 or \"inf\"";
  if (privacy == "none") return {};
  const std::string outside = " touches the training part outside the budget; ";
  if (ranges != "public") return "ranges \"" + ranges + "\"" + outside + "\"public\" would be right";
  if (continuous != "minmax")
    return "continuous \"" + continuous + "\"" + outside + "\"minmax\" would be right";
  if (ports == "ip2vec") return "ports \"ip2vec\"" + outside + "another encoding would be right";
  if (structure != "generated")
    return "structure \"" + structure + "\"" + outside + "\"generated\" would be right";
  if (max_flow_len == 0 || long_flows != "truncate")
    return "a flow of any length" + outside +
           "max_flow_len above 0 with long_flows \"truncate\" would be right";
  if (chunks > 1 && split != "fixed_time")
    return "split \"" + split + "\"" + outside + "\"fixed_time\" would be right";
  if (snapshot_count > 1) return "the choice among snapshots" + outside + "snapshot_count 1 would be right";
  if (packing > 1) return "packing mixes flows in one gradient; with privacy 1 would be right";
  if (z != "fresh")
    return "z \"reused\" meets one batch in several steps; with privacy \"fresh\" would be right";
  if (precision != "float32")
    return "precision \"" + precision +
           "\" rounds beyond the clipping; with privacy \"float32\" would be right";
  return {};
}

}  // namespace bench
