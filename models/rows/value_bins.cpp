#include "models/rows/value_bins.h"

#include <algorithm>

namespace bench {

std::vector<int32_t> value_bins(const std::vector<int64_t>& counts, int64_t most, size_t border) {
  const auto n = static_cast<int64_t>(counts.size());
  std::vector<int32_t> out(counts.size());
  int32_t bins = 0;
  if (n <= most) {
    for (int32_t& bin : out) bin = bins++;
    return out;
  }
  int64_t rows = 0, rest = 0;
  for (const int64_t count : counts) rows += count;
  const auto own = [&](int64_t count) { return count * most >= rows; };
  int64_t frequent = 0;
  for (const int64_t count : counts) own(count) ? ++frequent : rest += count;
  const int64_t groups = std::max<int64_t>(1, most - frequent);
  int64_t seen = 0, group = -1;
  bool above = false;  // the present group is on the other side of the border
  int32_t present = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (own(counts[i])) {
      out[i] = bins++;
      continue;
    }
    // The group in which the middle of this value's rows falls.
    const int64_t its = std::min(groups - 1, (2 * seen + counts[i]) * groups / (2 * rest));
    const bool over = border > 0 && i >= border;
    if (its != group || over != above) present = bins++;
    group = its;
    above = over;
    out[i] = present;
    seen += counts[i];
  }
  return out;
}

size_t port_border(const TableColumn& column) {
  constexpr int64_t kFirstHighPort = 1024;
  if (column.name != "srcport" && column.name != "dstport") return 0;
  const auto place = std::lower_bound(column.values.begin(), column.values.end(), kFirstHighPort);
  return static_cast<size_t>(place - column.values.begin());
}

}  // namespace bench
