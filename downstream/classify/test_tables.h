#pragma once
// Small labelled tables for the tests of this folder.

#include <random>

#include "downstream/classify/labelled.h"

namespace bench {

/// `per_class` rows of each of three classes, normal around (0, 0), (4, 0) and (0, 4).
inline Labelled three_clouds(size_t per_class, uint64_t seed) {
  Rng rng(seed);
  std::normal_distribution<double> draw(0, 0.7);
  Labelled out;
  out.features.columns = 2;
  for (size_t i = 0; i < 3 * per_class; ++i) {
    const auto code = static_cast<int32_t>(i % 3);
    out.features.values.push_back(draw(rng) + (code == 1 ? 4 : 0));
    out.features.values.push_back(draw(rng) + (code == 2 ? 4 : 0));
    out.classes.push_back(code);
  }
  return out;
}

/// Flow records whose class decides the destination port: class k of `names` has counts[k] records.
inline Trace labelled_flows(const std::vector<std::string>& names, const std::vector<int>& counts) {
  Trace trace;
  trace.kind = TraceKind::flows;
  LabelColumn label{"type", names, {}};
  for (size_t k = 0; k < names.size(); ++k) {
    for (int i = 0; i < counts[k]; ++i) {
      trace.srcip.push_back(1);
      trace.dstip.push_back(2);
      trace.srcport.push_back(static_cast<uint16_t>(1024 + i));
      trace.dstport.push_back(static_cast<uint16_t>(100 * k));
      trace.proto.push_back(k % 2 == 0 ? 6 : 17);
      trace.duration.push_back(i * 500'000'000LL);
      trace.packets.push_back(1 + i % 7);
      trace.bytes.push_back(60 * (1 + i % 7));
      label.codes.push_back(static_cast<int32_t>(k));
    }
  }
  trace.labels = {label};
  return trace;
}

}  // namespace bench
