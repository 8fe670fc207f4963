#include "datasets/labels.h"

#include <algorithm>

namespace bench {

const LabelColumn* find_label(const Trace& trace, std::string_view name) {
  const auto it = std::find_if(trace.labels.begin(), trace.labels.end(),
                               [&](const LabelColumn& label) { return label.name == name; });
  return it == trace.labels.end() ? nullptr : &*it;
}

}  // namespace bench
