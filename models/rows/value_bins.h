#pragma once
// Columns with many values as columns with few: frequent values by themselves, the others in bins.

#include <cstdint>
#include <vector>

#include "models/rows/record_table.h"

namespace bench {

/// For values 0 .. n-1 in order, with their counts: the bin of each. As many bins as values if `most` allows
/// it. Else a value with at least 1 / `most` of the rows is a bin of its own, and the others, in order, are
/// cut into bins of about equal mass; none of those spans `border` (a value; 0 for none). At most `most` + 1
/// bins, numbered in order of their first values.
std::vector<int32_t> value_bins(const std::vector<int64_t>& counts, int64_t most, size_t border = 0);

/// Of a category of ports, the first value from 1024 up: no bin spans it. 0 for every other category.
size_t port_border(const TableColumn& column);

}  // namespace bench
