#include "metrics/flow_times.h"

#include <algorithm>

#include "core/emd.h"
#include "datasets/chunks.h"
#include "datasets/flows.h"
#include "metrics/held.h"

namespace bench {
namespace {

// Differences of neighbours of an ascending list, ascending.
std::vector<int64_t> gaps_between(const std::vector<int64_t>& times) {
  std::vector<int64_t> gaps;
  for (size_t i = 1; i < times.size(); ++i) gaps.push_back(held_difference(times[i], times[i - 1]));
  return ascending(std::move(gaps));
}

int64_t end_of(const Trace& trace, size_t row) {
  return trace.kind == TraceKind::flows ? held_sum(trace.time[row], trace.duration[row]) : trace.time[row];
}

void add_volumes(const Trace& trace, const FlowIndex& flows, FlowTimes& out) {
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    int64_t packets = 0;
    int64_t bytes = 0;
    for (const size_t row : rows) {
      const bool record = trace.kind == TraceKind::flows;
      packets = held_sum(packets, record ? trace.packets[row] : 1);
      bytes = held_sum(bytes, record ? trace.bytes[row] : trace.length[row]);
    }
    out.packets.push_back(packets);
    out.bytes.push_back(bytes);
  }
}

void add_times(const Trace& trace, const FlowIndex& flows, FlowTimes& out) {
  const Chunks chunks = split_chunks(trace, kPersistenceChunks, ChunkSplit::fixed_time);
  std::vector<int64_t> starts;
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.flow(f);
    Span span{trace.time[rows.front()], end_of(trace, rows.front())};
    for (size_t i = 1; i < rows.size(); ++i) {
      span.last = std::max(span.last, end_of(trace, rows[i]));
      out.gaps_in_flows.push_back(held_difference(trace.time[rows[i]], trace.time[rows[i - 1]]));
    }
    starts.push_back(span.first);
    out.duration.push_back(held_difference(span.last, span.first));
    if (trace.kind == TraceKind::packets) out.spans.push_back(span);
    out.persistent += chunks.of_row[rows.front()] != chunks.of_row[rows.back()] ? 1 : 0;
  }
  if (trace.kind == TraceKind::flows) {
    for (size_t i = 0; i < trace.size(); ++i) out.spans.push_back({trace.time[i], end_of(trace, i)});
  }
  out.gaps = gaps_between(ascending(trace.time));
  out.gaps_of_flows = gaps_between(starts);
}

}  // namespace

FlowTimes flow_times(const Trace& trace) {
  const FlowIndex flows = group_flows(trace);
  FlowTimes out;
  add_volumes(trace, flows, out);
  if (!trace.time.empty()) add_times(trace, flows, out);
  out.packets = ascending(std::move(out.packets));
  out.bytes = ascending(std::move(out.bytes));
  out.duration = ascending(std::move(out.duration));
  out.gaps_in_flows = ascending(std::move(out.gaps_in_flows));
  return out;
}

}  // namespace bench
