#include "datasets/chunks.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "datasets/flows.h"

namespace bench {

Chunks split_chunks(const Trace& trace, int64_t count, ChunkSplit split,
                    const std::optional<TimeWindow>& declared) {
  assert(count >= 1 && count <= std::numeric_limits<uint16_t>::max());
  Chunks out;
  const auto n = static_cast<size_t>(count);
  out.of_row.assign(trace.size(), 0);
  out.records.assign(n, 0);
  out.windows.assign(n, {0, 0});
  if (trace.size() == 0 && !declared) return out;
  const bool timed = !trace.time.empty();
  if (timed && split == ChunkSplit::fixed_time) {
    const TimeWindow window = declared ? *declared : time_window(trace);
    // Interval c is [edge(c), edge(c + 1)), the last one closed.
    const auto edge = [&](size_t c) {
      const __int128 length = static_cast<__int128>(window.end) - window.begin;
      return static_cast<int64_t>(window.begin + length * static_cast<int64_t>(c) / count);
    };
    std::vector<int64_t> edges;
    for (size_t c = 0; c < n; ++c) edges.push_back(edge(c));
    for (size_t i = 0; i < trace.size(); ++i) {
      const auto after = std::upper_bound(edges.begin(), edges.end(), trace.time[i]);
      out.of_row[i] = static_cast<uint16_t>(after - edges.begin() - 1);
    }
    for (size_t c = 0; c < n; ++c)
      out.windows[c] = {edges[c], c + 1 < n ? std::max(edges[c], edges[c + 1] - 1) : window.end};
  } else {
    const auto order = time_order(trace);
    const size_t each = (trace.size() + n - 1) / n;
    for (size_t i = 0; i < order.size(); ++i) {
      const size_t c = i / each;
      out.of_row[order[i]] = static_cast<uint16_t>(c);
      if (!timed) continue;
      const int64_t time = trace.time[order[i]];
      if (i % each == 0) out.windows[c].begin = time;
      out.windows[c].end = time;
    }
  }
  for (const uint16_t c : out.of_row) ++out.records[c];
  return out;
}

std::vector<size_t> rows_of_first_chunks(const Trace& trace, const Chunks& chunks) {
  std::vector<size_t> out;
  const FlowIndex flows = group_flows(trace);
  for (size_t f = 0; f < flows.size(); ++f) {
    const uint16_t first = chunks.of_row[flows.flow(f)[0]];
    for (const size_t row : flows.flow(f))
      if (chunks.of_row[row] == first) out.push_back(row);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace bench
