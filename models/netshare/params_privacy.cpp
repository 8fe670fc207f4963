// What a private training may not do.

#include "models/netshare/params.h"

namespace bench {

std::string NetShareParams::leak() const {
  if (const std::string problem = privacy.contradiction(); !problem.empty()) return problem;
  if (!privacy.from_public()) return {};
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
