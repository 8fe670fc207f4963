#pragma once
// What the five-tuples of a trace last, carry and leave between their records.

#include <cstdint>
#include <vector>

#include "datasets/trace.h"
#include "metrics/count_series.h"

namespace bench {

inline constexpr int64_t kPersistenceChunks = 10;

/// All lists ascend but `spans`. Without a time column only packets and bytes are filled.
struct FlowTimes {
  std::vector<int64_t> packets, bytes;  ///< per five-tuple
  std::vector<int64_t> duration;        ///< ns, first record's start to last record's end, per five-tuple
  std::vector<int64_t> gaps;            ///< ns between records that follow each other in time
  std::vector<int64_t> gaps_in_flows;   ///< the same inside five-tuples
  std::vector<int64_t> gaps_of_flows;   ///< ns between the first records of five-tuples
  std::vector<Span> spans;              ///< when each five-tuple of packets, or each flow record, is active
  int64_t persistent =
      0;  ///< five-tuples in more than one of kPersistenceChunks equal parts of the trace's time
};

FlowTimes flow_times(const Trace& trace);

}  // namespace bench
