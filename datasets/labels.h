#pragma once

#include <string_view>

#include "datasets/trace.h"

namespace bench {

/// The label column of that name; nullptr if the trace has none.
const LabelColumn* find_label(const Trace& trace, std::string_view name);

/// `theirs` by the name and the codes of `ours`; -1 for a value that `ours` has no name for.
LabelColumn recoded(const LabelColumn& theirs, const LabelColumn& ours);

}  // namespace bench
