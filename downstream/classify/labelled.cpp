#include "downstream/classify/labelled.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.h"
#include "datasets/labels.h"

namespace bench {
namespace {

constexpr std::string_view kSmalls = "smalls";

const LabelColumn& label_column(const Trace& flows, std::string_view name) {
  if (const LabelColumn* label = find_label(flows, name)) return *label;
  fail(Kind::data, "a classifier needs the label column '{}', which the trace does not have", name);
}

// Whole passes over all rows, and a random part of them for the rest.
std::vector<size_t> draw(size_t available, size_t wanted, Seed seed) {
  assert(available > 0 || wanted == 0);
  std::vector<size_t> all(available);
  std::iota(all.begin(), all.end(), size_t{0});
  std::vector<size_t> out;
  while (out.size() + available <= wanted && wanted > 0) out.insert(out.end(), all.begin(), all.end());
  Rng rng = seed.rng();
  std::sample(all.begin(), all.end(), std::back_inserter(out), wanted - out.size(), rng);
  return out;
}

void append(Labelled& to, const Labelled& from, std::span<const size_t> rows) {
  if (rows.empty()) return;
  to.features.columns = from.features.columns;
  const FeatureTable chosen = select(from.features, rows);
  to.features.values.insert(to.features.values.end(), chosen.values.begin(), chosen.values.end());
  for (const size_t i : rows) to.classes.push_back(from.classes[i]);
}

size_t rounded(double count) { return static_cast<size_t>(std::llround(count)); }

}  // namespace

int32_t ClassList::code(std::string_view name) const {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end() && rare_merged) return static_cast<int32_t>(names.size()) - 1;
  return static_cast<int32_t>(it - names.begin());
}

ClassList class_list(const Trace& flows, std::string_view column, double rare_share) {
  const LabelColumn& label = label_column(flows, column);
  std::map<std::string, size_t> counts;
  for (const int32_t code : label.codes) ++counts[label.names[static_cast<size_t>(code)]];
  ClassList out;
  for (const auto& [name, count] : counts) {
    if (static_cast<double>(count) < rare_share * static_cast<double>(flows.size())) {
      out.rare_merged = true;
    } else {
      out.names.push_back(name);
    }
  }
  if (out.rare_merged) out.names.emplace_back(kSmalls);
  return out;
}

Labelled flow_features(const Trace& flows, std::string_view column, const ClassList& classes) {
  assert(flows.kind == TraceKind::flows);
  const LabelColumn& label = label_column(flows, column);
  std::vector<int32_t> codes;
  for (const std::string& name : label.names) codes.push_back(classes.code(name));
  Labelled out;
  out.features.columns = std::size(kFlowFeatures);
  out.features.values.reserve(flows.size() * out.features.columns);
  for (size_t i = 0; i < flows.size(); ++i) {
    const double row[] = {static_cast<double>(flows.srcport[i]), static_cast<double>(flows.dstport[i]),
                          static_cast<double>(flows.proto[i]),   static_cast<double>(flows.duration[i]) / 1e9,
                          static_cast<double>(flows.packets[i]), static_cast<double>(flows.bytes[i])};
    out.features.values.insert(out.features.values.end(), std::begin(row), std::end(row));
    out.classes.push_back(codes[static_cast<size_t>(label.codes[i])]);
  }
  return out;
}

Labelled balanced(const Labelled& rows, size_t per_class, Seed seed) {
  std::map<int32_t, std::vector<size_t>> by_class;
  for (size_t i = 0; i < rows.size(); ++i) by_class[rows.classes[i]].push_back(i);
  std::vector<size_t> kept;
  for (const auto& [code, members] : by_class) {
    Rng rng = seed.child("class", static_cast<uint64_t>(code)).rng();
    std::sample(members.begin(), members.end(), std::back_inserter(kept), per_class, rng);
  }
  std::sort(kept.begin(), kept.end());
  Labelled out;
  append(out, rows, kept);
  return out;
}

Labelled capped(const Labelled& rows, size_t most, Seed seed) {
  Labelled out;
  append(out, rows, draw(rows.size(), std::min(most, rows.size()), seed));
  return out;
}

Labelled augmented(const Labelled& real, const Labelled& synthetic, double ratio, Seed seed) {
  assert(ratio >= 0);
  Labelled out = real;
  const size_t wanted = rounded(ratio * static_cast<double>(real.size()));
  append(out, synthetic, draw(synthetic.size(), wanted, seed.child("synthetic")));
  return out;
}

Labelled mixed(const Labelled& real, const Labelled& synthetic, double synthetic_share, Seed seed) {
  assert(synthetic_share >= 0 && synthetic_share <= 1);
  const size_t wanted = rounded(synthetic_share * static_cast<double>(real.size()));
  Labelled out;
  append(out, real, draw(real.size(), real.size() - wanted, seed.child("real")));
  append(out, synthetic, draw(synthetic.size(), wanted, seed.child("synthetic")));
  return out;
}

}  // namespace bench
