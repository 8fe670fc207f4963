#pragma once
// A trace cut into parts by time, for trainings that work on one part each (Yin et al., SIGCOMM 2022,
// section 4.2).

#include <cstdint>
#include <optional>
#include <vector>

#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

enum class ChunkSplit {
  fixed_time,  ///< equal intervals between the first and the last record
  fixed_size   ///< equally many records each, in order of time
};

/// Every record belongs to one chunk; chunks follow each other in time. A chunk without records keeps its
/// place.
struct Chunks {
  std::vector<uint16_t> of_row;     ///< chunk of each record
  std::vector<int64_t> records;     ///< in each chunk
  std::vector<TimeWindow> windows;  ///< ns; times of a chunk's records lie inside; {0, 0} without time
  size_t size() const { return records.size(); }
};

/// `count` in 1 .. 65535. A trace without time is cut into equally many records in the source's order. With
/// `window` the equal intervals are those of this window, in which all times lie; else of the trace's own.
Chunks split_chunks(const Trace& trace, int64_t count, ChunkSplit split,
                    const std::optional<TimeWindow>& window = {});

/// The rows, ascending, that lie in the chunk of their flow's first record: what is left when every flow may
/// be in one chunk only.
std::vector<size_t> rows_of_first_chunks(const Trace& trace, const Chunks& chunks);

}  // namespace bench
