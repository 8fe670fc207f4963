#pragma once
// The values a column may have, cut into cells without a look at the data.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "datasets/split.h"

namespace bench {

/// Cells of integers, each cut into parts of equal width: two levels of a tree. Values outside are taken for
/// the nearest one inside.
class PublicDomain {
 public:
  /// Where values lie that no kept cell explains.
  enum class Rest {
    nowhere,  ///< categories
    between,  ///< in the other cells from the first kept one to the last: numbers
    anywhere  ///< in all other cells: addresses and ports
  };
  struct Range {
    int64_t lo = 0, hi = 0;  ///< hi excluded
  };

  /// The cells of a column of a Trace, or of "label:NAME" with `names` values:
  ///   addresses          /16 prefixes, cut into single addresses
  ///   ports              0; 1 to 1023; then 1,024 at a time; cut into single ports
  ///   proto, tos, ttl, flags, labels   single values
  ///   time (ns since the window's begin)   64 equal cells of the window, each in 16 parts
  ///   id, and counts, lengths, durations   0; then two cells for each power of 2 (duration: of
  ///   microseconds),
  ///                      each cut into up to 512 parts
  /// Asserts that the column is one of these.
  static PublicDomain of(std::string_view column, const TimeWindow& window, size_t names);

  size_t cells() const { return edges_.size() - 1; }
  int64_t parts(size_t cell) const;  ///< 1: the cell is not cut
  bool cut() const { return most_parts_ > 1; }
  size_t cell_of(int64_t value) const;
  int64_t part_of(size_t cell, int64_t value) const;
  Range range(size_t cell) const { return {edges_[cell], edges_[cell + 1]}; }
  Range range(size_t cell, int64_t part) const;
  /// Whether values that no kept cell explains may lie in `cell` (unicast addresses).
  bool plausible(size_t cell) const { return edges_[cell] >= least_ && edges_[cell] < most_; }
  Rest rest() const { return rest_; }
  int64_t unit() const { return unit_; }  ///< values drawn are multiples of it

 private:
  int64_t width(size_t cell) const;

  std::vector<int64_t> edges_;
  int64_t most_parts_ = 1;
  int64_t unit_ = 1;  ///< least width of a part
  int64_t least_ = INT64_MIN, most_ = INT64_MAX;
  Rest rest_ = Rest::nowhere;
};

}  // namespace bench
