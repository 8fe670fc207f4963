#include "metrics/flow_features.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/stats.h"
#include "datasets/flows.h"
#include "metrics/held.h"
#include "metrics/row_keys.h"

namespace bench {
namespace {

// Rows by source, inside one in order of time.
FlowIndex group_sources(const Trace& trace) {
  FlowIndex out;
  out.rows = time_order(trace);
  std::stable_sort(out.rows.begin(), out.rows.end(),
                   [&](size_t a, size_t b) { return trace.srcip[a] < trace.srcip[b]; });
  for (size_t i = 0; i < out.rows.size(); ++i) {
    if (i == 0 || trace.srcip[out.rows[i]] != trace.srcip[out.rows[i - 1]]) out.offsets.push_back(i);
  }
  out.offsets.push_back(out.rows.size());
  return out;
}

RowKey group_key(const Trace& trace, size_t row, GroupBy by) {
  if (by == GroupBy::source) return {trace.srcip[row], 0};
  const FiveTuple key = five_tuple(trace, row);
  return {(static_cast<uint64_t>(key.srcip) << 32) | key.dstip,
          (static_cast<uint64_t>(key.srcport) << 24) | (static_cast<uint64_t>(key.dstport) << 8) | key.proto};
}

double log1p_of(int64_t value) { return std::log1p(static_cast<double>(value)); }

class Features {
 public:
  Features(const Trace& trace, std::span<const size_t> rows, FeatureColumns columns)
      : trace_(trace), rows_(rows) {
    out_.push_back(log1p_of(static_cast<int64_t>(rows.size())));
    distinct(trace.dstip);
    distinct(trace.dstport);
    out_.push_back(share(6));
    out_.push_back(share(17));
    if (trace.kind == TraceKind::packets) {
      moments([&](size_t row) { return log1p_of(trace.length[row]); });
    } else {
      moments([&](size_t row) { return log1p_of(trace.packets[row]); });
      moments([&](size_t row) { return log1p_of(trace.bytes[row]); });
      moments([&](size_t row) { return log1p_of(trace.duration[row]); });
    }
    if (columns.header && trace.kind == TraceKind::packets) {
      moments([&](size_t row) { return static_cast<double>(trace.tos[row]); });
      moments([&](size_t row) { return static_cast<double>(trace.ttl[row]); });
    }
    if (columns.time) add_gaps();
  }
  std::vector<double> take() { return std::move(out_); }

 private:
  template <typename Column>
  void distinct(const Column& column) {
    std::vector<uint32_t> values;
    for (const size_t row : rows_) values.push_back(column[row]);
    std::sort(values.begin(), values.end());
    out_.push_back(log1p_of(std::unique(values.begin(), values.end()) - values.begin()));
  }
  double share(uint8_t proto) const {
    const auto n =
        std::count_if(rows_.begin(), rows_.end(), [&](size_t row) { return trace_.proto[row] == proto; });
    return static_cast<double>(n) / static_cast<double>(rows_.size());
  }
  void add(std::span<const double> values) {
    out_.push_back(mean(values));
    out_.push_back(sample_sd(values));
  }
  template <typename Value>
  void moments(Value&& value) {
    std::vector<double> values;
    for (const size_t row : rows_) values.push_back(value(row));
    add(values);
  }
  void add_gaps() {
    std::vector<double> gaps;
    for (size_t i = 1; i < rows_.size(); ++i)
      gaps.push_back(log1p_of(held_difference(trace_.time[rows_[i]], trace_.time[rows_[i - 1]])));
    add(gaps);
  }

  const Trace& trace_;
  std::span<const size_t> rows_;
  std::vector<double> out_;
};

}  // namespace

std::vector<std::vector<double>> flow_features(const Trace& trace, GroupBy by, FeatureColumns columns,
                                               size_t at_most, Seed seed) {
  const FlowIndex groups = by == GroupBy::five_tuple ? group_flows(trace) : group_sources(trace);
  std::vector<RowKey> keys;
  for (size_t g = 0; g < groups.size(); ++g) keys.push_back(group_key(trace, groups.flow(g).front(), by));
  std::vector<std::vector<double>> out;
  for (const size_t g : draw(keys, at_most, seed)) {
    out.push_back(Features(trace, groups.flow(g), columns).take());
  }
  return out;
}

}  // namespace bench
