#include "datasets/labels.h"

#include <algorithm>

namespace bench {

const LabelColumn* find_label(const Trace& trace, std::string_view name) {
  const auto it = std::find_if(trace.labels.begin(), trace.labels.end(),
                               [&](const LabelColumn& label) { return label.name == name; });
  return it == trace.labels.end() ? nullptr : &*it;
}

LabelColumn recoded(const LabelColumn& theirs, const LabelColumn& ours) {
  std::vector<int32_t> map;
  for (const std::string& name : theirs.names) {
    const auto it = std::find(ours.names.begin(), ours.names.end(), name);
    map.push_back(it == ours.names.end() ? -1 : static_cast<int32_t>(it - ours.names.begin()));
  }
  LabelColumn out{ours.name, ours.names, {}};
  for (const int32_t code : theirs.codes) out.codes.push_back(map[static_cast<size_t>(code)]);
  return out;
}

}  // namespace bench
