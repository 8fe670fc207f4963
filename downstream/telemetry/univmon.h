#pragma once

#include <functional>
#include <vector>

#include "downstream/telemetry/count_sketch.h"
#include "downstream/telemetry/top_keys.h"

namespace bench {

/// UnivMon (Liu et al., SIGCOMM 2016): level 0 sees every key, level j those whose first j independent hash
/// bits are 1; each level has a Count Sketch and remembers its largest keys. A key's estimate is that of
/// level 0; sums over all keys come from all levels and want options without halve_columns.
class UnivMon : public Sketch {
 public:
  /// Counters of a row at a level.
  static int64_t columns_of(const SketchOptions& options, int level);

  UnivMon(const SketchOptions& options, Seed seed);
  void add(const Key& key, int64_t weight) override;
  double estimate(const Key& key) const override;

  /// The sum of g(weight) over all keys that occurred (Braverman and Ostrovsky's recursion):
  /// Y_last = sum g over the remembered keys of the last level, Y_j = 2 Y_(j+1) + sum of g over those of
  /// level j that are not in level j + 1, minus g over those that are. Weights are the estimates at the end,
  /// at least 1 because a remembered key occurred.
  double sum_of(const std::function<double(double)>& g) const;
  /// Sum of squared weights.
  double second_moment() const;
  /// Entropy of the weights' distribution over keys, nats; 0 for an empty sketch.
  double entropy() const;
  /// Number of different keys. Low once the last level holds more keys than it remembers.
  double cardinality() const;

 private:
  struct Level {
    CountSketch counts;
    TopKeys top;
  };

  int last_level_of(const Key& key) const;

  KeyedHash bits_;
  std::vector<Level> levels_;
  int64_t total_ = 0;
};

}  // namespace bench
