// Columns of public data for a private trace: RecordColumns::move_to and encode_others.

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "datasets/labels.h"
#include "models/rows/record_table.h"

namespace bench {

void RecordColumns::move_to(TimeWindow window) {
  assert(!options_.gaps);
  const auto from = static_cast<double>(window_.end - window_.begin),
             to = static_cast<double>(window.end - window.begin);
  stretch_ = from > 0 ? to / from : 0;
  window_ = window;
  // Whole seconds are none any more.
  for (TableColumn& column : empty_.columns)
    if (column.name == "time" && stretch_ != 1) column.integral = false;
}

RecordTable RecordColumns::encode_others(const Trace& trace) const {
  if (trace.kind != like_.kind)
    fail(Kind::unsupported, "public data of {} cannot prepare a training on {}; data of one kind is needed",
         kind_name(like_.kind), kind_name(trace.kind));
  Trace own = trace;
  own.labels.clear();
  for (const LabelColumn& label : like_.labels) {
    const LabelColumn* theirs = find_label(trace, label.name);
    if (theirs == nullptr)
      fail(Kind::unsupported, "the public data has a label column \"{}\" and the trace has none", label.name);
    own.labels.push_back(recoded(*theirs, label));
  }
  return rows_of(own, Unknown::minus_one);
}

}  // namespace bench
