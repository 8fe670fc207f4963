#pragma once
// The fields of a record that become feature columns, and how they are learned from a trace.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/flows.h"
#include "datasets/split.h"
#include "datasets/trace.h"
#include "models/encode/continuous.h"

namespace bench {

struct EncodeOptions;

inline constexpr double kNanosecondsPerSecond = 1e9;       ///< flow starts are coded in seconds
inline constexpr double kNanosecondsPerMicrosecond = 1e3;  ///< interarrivals in microseconds

/// A numeric field of a record that means the same in every chunk.
struct NumericField {
  std::string name;  ///< column of the Trace
  double unit = 1;   ///< what one unit of the coder is in units of the column, e.g. 1e9 for ns coded as s
  ContinuousCoder coder;
};

/// A field of a record with few values.
struct CategoryField {
  std::string name;             ///< column of the Trace, or "label:" and the name of a label
  std::vector<int64_t> values;  ///< ascending
  int64_t offset = 0;           ///< first of values.size() feature columns
};

/// What a chunk has for itself: its times, and how a network's outputs are distributed in it.
struct TimeScale {
  TimeWindow window;
  ContinuousCoder start;  ///< of a flow in this chunk, seconds since window.begin
  ContinuousCoder gap;    ///< interarrival, microseconds
  /// Distribution of all records' times, seconds since window.begin; only for EncodeOptions::record_times.
  ContinuousCoder records;
  /// Distributions of a network's codes for start, gap and the numeric fields in this order; empty without
  /// calibration.
  std::vector<ContinuousCoder> calibration;
};

/// A column by name as integers; empty if the trace has none of that name.
std::vector<int64_t> column_of(const Trace& trace, std::string_view name);
/// The same the other way round: sets the column, whose type holds the values, of the trace or its labels.
void put_column(Trace& trace, std::string_view name, const std::vector<int64_t>& values);
/// Time since the record before it in its flow, by row, ns; 0 for the first record of a flow.
std::vector<int64_t> interarrivals(const Trace& trace, const FlowIndex& flows);
/// Place of `value` among ascending `values`. Throws Error(data) if it is not there.
int64_t index_of(const std::vector<int64_t>& values, int64_t value);

/// Numeric fields with their scales. Counts in `clipped` what public ranges leave out, by field.
std::vector<NumericField> learn_numeric(const Trace& trace, const EncodeOptions& options,
                                        std::map<std::string, int64_t>& clipped);
std::vector<CategoryField> learn_categories(const Trace& trace);
/// Scale of interarrivals (us) as the options ask.
ContinuousCoder learn_gap(std::vector<double> gaps, TraceKind kind, const EncodeOptions& options);

/// True if at most 1 % of the records break the rule that headers set: the length of a packet, or the bytes
/// of a flow record, at least that of its headers.
bool keeps_header_rule(const Trace& trace);

}  // namespace bench
