// An encoder of public data for a private trace: FlowEncoder::move_to and covered.

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "datasets/labels.h"
#include "models/encode/flow_encoder.h"

namespace bench {

std::optional<TimeWindow> FlowEncoder::declared_window() const {
  if (!moved_ || !has_time_) return std::nullopt;
  return TimeWindow{time_scales_.front().window.begin, time_scales_.back().window.end};
}

void FlowEncoder::move_to(const Trace& trace, TimeWindow window) {
  assert(!options_.quantile && !options_.record_times);
  assert(options_.chunks == 1 || options_.split == ChunkSplit::fixed_time);
  const Chunks chunks =
      split_chunks(trace, options_.chunks, options_.split, has_time_ ? std::optional(window) : std::nullopt);
  moved_ = true;
  chunk_records_ = chunks.records;
  for (size_t c = 0; c < chunks.size(); ++c) {
    TimeScale& scale = time_scales_[c];
    scale.window = chunks.windows[c];
    const double length = static_cast<double>(scale.window.end - scale.window.begin) / kNanosecondsPerSecond;
    if (has_time_) scale.start.fit_range(Scale::linear, 0, std::max(length, 1 / kNanosecondsPerSecond));
  }
}

void FlowEncoder::set_chunk_records(std::vector<int64_t> records) {
  assert(records.size() == time_scales_.size());
  chunk_records_ = std::move(records);
}

Trace FlowEncoder::covered(const Trace& trace) const {
  if (trace.kind != kind_)
    fail(Kind::unsupported, "public data of {} cannot prepare a training on {}; data of one kind is needed",
         kind_name(kind_), kind_name(trace.kind));
  if (has_time_ && !trace.has_time())
    fail(Kind::unsupported, "the public data has times and the trace has none; public data without would do");
  Trace out = trace;
  out.labels.clear();
  std::vector<bool> keep(trace.size(), true);
  for (const LabelColumn& ours : labels_) {
    const LabelColumn* theirs = find_label(trace, ours.name);
    if (theirs == nullptr)
      fail(Kind::unsupported, "the public data has a label column \"{}\" and the trace has none", ours.name);
    LabelColumn column = recoded(*theirs, ours);
    for (size_t i = 0; i < trace.size(); ++i) {
      if (column.codes[i] < 0) keep[i] = false;
      column.codes[i] = std::max(column.codes[i], 0);
    }
    out.labels.push_back(std::move(column));
  }
  for (size_t i = 0; i < trace.size(); ++i)
    if (!services_.covers({trace.srcport[i], trace.dstport[i], trace.proto[i]})) keep[i] = false;
  for (const CategoryField& field : categories_) {
    const auto values = column_of(out, field.name);
    if (values.size() != trace.size())
      fail(Kind::unsupported, "the public data has a column {} and the trace has none", field.name);
    for (size_t i = 0; i < trace.size(); ++i)
      if (!std::binary_search(field.values.begin(), field.values.end(), values[i])) keep[i] = false;
  }
  for (const NumericField& field : numeric_) {
    if (column_of(out, field.name).size() != trace.size())
      fail(Kind::unsupported, "the public data has a column {} and the trace has none", field.name);
  }
  std::vector<size_t> rows;
  for (size_t i = 0; i < trace.size(); ++i)
    if (keep[i]) rows.push_back(i);
  return select(out, rows);
}

}  // namespace bench
