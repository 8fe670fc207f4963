#pragma once

#include <string_view>

#include "datasets/trace.h"

namespace bench {

/// The label column of that name; nullptr if the trace has none.
const LabelColumn* find_label(const Trace& trace, std::string_view name);

}  // namespace bench
