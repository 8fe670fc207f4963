#pragma once
// The part of summary.md on differential privacy.

#include <string>
#include <vector>

#include "experiments/store.h"

namespace bench {

/// What each row's training guarantees and what other accountings would say of it, one line per dataset and
/// row; empty if no cell that ended ok trained privately.
std::string privacy_section(const Sweep& sweep, const std::vector<CellStatus>& statuses);

}  // namespace bench
