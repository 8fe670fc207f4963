#include "datasets/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"
#include "datasets/flows.h"
#include "datasets/hdf5_trace.h"

namespace bench {
namespace {

/// The rows of `first` randomly drawn flows, and those of the others; each in the source's order.
std::array<std::vector<size_t>, 2> part_flows(const FlowIndex& flows, size_t first, Seed seed) {
  std::vector<size_t> order(flows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  Rng rng = seed.rng();
  std::shuffle(order.begin(), order.end(), rng);
  std::array<std::vector<size_t>, 2> rows;
  for (size_t i = 0; i < order.size(); ++i) {
    const auto flow = flows.flow(order[i]);
    auto& side = rows[i < first ? 0 : 1];
    side.insert(side.end(), flow.begin(), flow.end());
  }
  for (auto& side : rows) std::sort(side.begin(), side.end());
  return rows;
}

}  // namespace

TimeWindow time_window(const Trace& trace) {
  if (trace.time.empty()) return {};
  const auto [lo, hi] = std::minmax_element(trace.time.begin(), trace.time.end());
  return {*lo, *hi};
}

Trace inside(const Trace& trace, TimeWindow window) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < trace.size(); ++i)
    if (trace.time.empty() || (trace.time[i] >= window.begin && trace.time[i] <= window.end))
      rows.push_back(i);
  return select(trace, rows);
}

Split split_trace(const Trace& trace, double train_share, SplitOrder order, Seed seed) {
  const size_t n = trace.size();
  if (n < 2)
    fail(Kind::data,
         "a trace of {} records cannot be split into training and holdout; two or more are needed", n);
  if (order == SplitOrder::time && trace.time.empty()) {
    fail(Kind::data,
         "a trace without a time column cannot be split by time; split by file order or at random");
  }
  const auto cut =
      std::clamp<size_t>(static_cast<size_t>(std::llround(train_share * static_cast<double>(n))), 1, n - 1);
  std::vector<size_t> rows(n);
  std::iota(rows.begin(), rows.end(), size_t{0});
  if (order == SplitOrder::time) rows = time_order(trace);
  if (order == SplitOrder::random) {
    Rng rng = seed.child("split").rng();
    std::shuffle(rows.begin(), rows.end(), rng);
    std::sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(cut));
    std::sort(rows.begin() + static_cast<std::ptrdiff_t>(cut), rows.end());
  }
  const std::span<const size_t> all(rows);
  return {TrainingTrace(select(trace, all.first(cut))), select(trace, all.subspan(cut))};
}

Halves split_flows(const TrainingTrace& train, Seed seed) {
  const FlowIndex flows = group_flows(train.trace());
  const auto rows = part_flows(flows, flows.size() / 2, seed.child("split-flows"));
  return {select(train.trace(), rows[0]), select(train.trace(), rows[1])};
}

Slice slice_flows(const TrainingTrace& train, double share, Seed seed) {
  const FlowIndex flows = group_flows(train.trace());
  if (flows.size() < 2) {
    fail(Kind::data,
         "a training part of {} flows has no validation slice to give; two or more flows are needed",
         flows.size());
  }
  const auto wanted = static_cast<size_t>(std::llround(share * static_cast<double>(flows.size())));
  const auto rows = part_flows(flows, std::clamp<size_t>(wanted, 1, flows.size() - 1), seed.child("slice"));
  return {TrainingTrace(select(train.trace(), rows[1])), select(train.trace(), rows[0])};
}

void save_training(const TrainingTrace& train, const std::filesystem::path& path) {
  write_hdf5_trace(train.trace(), path, "training");
}

TrainingTrace load_training(const std::filesystem::path& path) {
  return TrainingTrace(read_hdf5_trace(path, "training"));
}

}  // namespace bench
