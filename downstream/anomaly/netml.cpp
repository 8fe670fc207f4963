#include "downstream/anomaly/netml.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>

#include "core/rank.h"
#include "datasets/labels.h"

namespace bench {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr double kWindowQuantile = 0.3;

using Rows = std::span<const size_t>;

void add_piece(FlowIndex& index, Rows rows) {
  index.rows.insert(index.rows.end(), rows.begin(), rows.end());
  index.offsets.push_back(index.rows.size());
}

FlowIndex no_pieces() { return {{0}, {}}; }

bool usable(const Trace& trace, size_t row) {
  const uint8_t proto = trace.proto[row];
  return (proto == kTcp || proto == kUdp) &&
         (trace.fragment_offset.empty() || trace.fragment_offset[row] == 0);
}

// Flows of the packets that NetML reads.
FlowIndex flows_of(const Trace& trace, size_t min_packets) {
  const FlowIndex all = group_flows(trace);
  FlowIndex out = no_pieces();
  std::vector<size_t> rows;
  for (size_t f = 0; f < all.size(); ++f) {
    rows.clear();
    std::copy_if(all.flow(f).begin(), all.flow(f).end(), std::back_inserter(rows),
                 [&](size_t row) { return usable(trace, row); });
    if (rows.size() >= min_packets) add_piece(out, rows);
  }
  return out;
}

// Cuts a flow at gaps longer than `longest_gap`. Times count in ns from the flow's first packet;
// anchor_after_cut(t) tells from where the gap after the first packet of a new piece, at t, is measured.
template <typename AnchorAfterCut>
void cut_flow(const Trace& trace, Rows flow, double longest_gap, const NetmlParams& params, FlowIndex& out,
              AnchorAfterCut&& anchor_after_cut) {
  const int64_t begin = trace.time[flow[0]];
  const auto at = [&](size_t i) { return static_cast<double>(trace.time[flow[i]] - begin); };
  size_t first = 0;
  double before = 0;
  for (size_t i = 1; i < flow.size(); ++i) {
    const double now = at(i);
    if (now - before > longest_gap) {
      if (i - first >= params.min_packets) add_piece(out, flow.subspan(first, i - first));
      first = i;
      before = anchor_after_cut(now);
    } else {
      before = now;
    }
  }
  const bool lost = params.rules == NetmlRules::compat && first > 0;
  if (!lost && flow.size() - first >= params.min_packets) add_piece(out, flow.subspan(first));
}

FlowIndex cut_by_timeout(const Trace& trace, const FlowIndex& flows, const NetmlParams& params) {
  FlowIndex out = no_pieces();
  for (size_t f = 0; f < flows.size(); ++f) {
    cut_flow(trace, flows.flow(f), static_cast<double>(params.timeout), params, out,
             [](double now) { return now; });
  }
  return out;
}

FlowIndex cut_by_interval(const Trace& trace, const FlowIndex& flows, double interval,
                          const NetmlParams& params) {
  FlowIndex out = no_pieces();
  for (size_t f = 0; f < flows.size(); ++f) {
    double anchor = 0;
    cut_flow(trace, flows.flow(f), interval, params, out, [&](double now) {
      if (params.rules == NetmlRules::strict || interval <= 0) return now;
      anchor += std::floor((now - anchor) / interval) * interval;
      return anchor;
    });
  }
  return out;
}

std::vector<double> durations(const Trace& trace, const FlowIndex& flows) {
  std::vector<double> out(flows.size());
  for (size_t f = 0; f < flows.size(); ++f) {
    out[f] = static_cast<double>(trace.time[flows.flow(f).back()] - trace.time[flows.flow(f).front()]);
  }
  return out;
}

std::vector<double> sizes(const FlowIndex& flows) {
  std::vector<double> out(flows.size());
  for (size_t f = 0; f < flows.size(); ++f) out[f] = static_cast<double>(flows.flow(f).size());
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

NetmlFlows netml_flows(const Trace& trace, const NetmlParams& params,
                       const std::optional<NetmlScale>& given) {
  assert(trace.kind == TraceKind::packets && trace.has_time() && params.min_packets >= 2);
  const FlowIndex flows = cut_by_timeout(trace, flows_of(trace, params.min_packets), params);
  NetmlFlows out{no_pieces(), given.value_or(NetmlScale{})};
  if (flows.size() == 0) return out;
  if (!given) out.scale.interval = quantile(durations(trace, flows), params.quantile);
  out.index = cut_by_interval(trace, flows, out.scale.interval, params);
  if (!given && out.size() > 0) {
    out.scale.packets = static_cast<size_t>(quantile(sizes(out.index), params.quantile));
    out.scale.window = quantile(durations(trace, out.index), kWindowQuantile);
  }
  return out;
}

std::vector<bool> netml_anomalous(const Trace& trace, const NetmlFlows& flows, std::string_view column,
                                  const std::vector<std::string>& normal) {
  const LabelColumn* label = find_label(trace, column);
  if (label == nullptr) return {};
  std::vector<bool> is_normal;
  for (const std::string& name : label->names) {
    is_normal.push_back(std::any_of(normal.begin(), normal.end(),
                                    [&](const std::string& other) { return lower(other) == lower(name); }));
  }
  std::vector<bool> out(flows.size());
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto rows = flows.index.flow(f);
    out[f] = std::any_of(rows.begin(), rows.end(),
                         [&](size_t row) { return !is_normal[static_cast<size_t>(label->codes[row])]; });
  }
  return out;
}

}  // namespace bench
