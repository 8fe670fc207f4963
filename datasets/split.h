#pragma once
// Train/holdout split. Generators take a TrainingTrace, which only split_trace, load_training and
// insert_canaries make, so that held-out records cannot reach a training by mistake.

#include <filesystem>
#include <string_view>

#include "core/seed.h"
#include "datasets/trace.h"

namespace bench {

enum class SplitOrder {
  file,   ///< first part of the records in the source's order
  time,   ///< first part in order of time; Error(data) without a time column
  random  ///< a random part of the records, each part in the source's order (sources sorted by class)
};

struct TimeWindow {
  int64_t begin = 0;  ///< ns, smallest time
  int64_t end = 0;    ///< ns, largest time
};

/// Clock of a trace; {0, 0} without time.
TimeWindow time_window(const Trace& trace);

/// The records with times from begin to end, in their order; all of a trace without time.
Trace inside(const Trace& trace, TimeWindow window);

class TrainingTrace {
 public:
  const Trace& trace() const { return trace_; }
  TimeWindow window() const { return time_window(trace_); }

 private:
  explicit TrainingTrace(Trace trace) : trace_(std::move(trace)) {}
  friend struct Split;
  friend struct Split split_trace(const Trace&, double, SplitOrder, Seed);
  friend struct Slice slice_flows(const TrainingTrace&, double, Seed);
  friend TrainingTrace insert_canaries(const TrainingTrace&, const struct Canaries&, Seed);
  friend TrainingTrace load_training(const std::filesystem::path&);
  Trace trace_;
};

struct Split {
  TrainingTrace train;
  Trace holdout;
};

/// The first `train_share` (0 < share < 1, at least one record on each side) against the rest.
/// Throws Error(data) if the trace has fewer than two records.
Split split_trace(const Trace& trace, double train_share, SplitOrder order, Seed seed);

/// Two random halves of the FLOWS (all records of a five-tuple stay together), each in the source's order.
struct Halves {
  Trace first;
  Trace second;
};
Halves split_flows(const TrainingTrace& train, Seed seed);

/// The training part without a validation slice, and the slice, each in the source's order.
struct Slice {
  TrainingTrace fit;
  Trace validation;
};
/// The slice is a random `share` (0 < share < 1) of the FLOWS, at least one on each side: choosing among
/// settings or states of a training on it never looks at held-out records. Throws Error(data) if the training
/// part has fewer than two flows.
Slice slice_flows(const TrainingTrace& train, double share, Seed seed);

/// HDF5 file that remembers it is a training part; load_training refuses any other file.
void save_training(const TrainingTrace& train, const std::filesystem::path& path);
TrainingTrace load_training(const std::filesystem::path& path);

}  // namespace bench
