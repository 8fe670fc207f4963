#pragma once

#include "downstream/telemetry/count_sketch.h"

namespace bench {

/// NitroSketch (Liu et al., SIGCOMM 2019) over a Count Sketch, at a fixed probability p: of all (record, row)
/// pairs in order each is taken with probability p, by geometric gaps between those that are, and a taken
/// pair adds weight / p. Unbiased; at p = 1 the Count Sketch of the same seed.
class NitroSketch : public Sketch {
 public:
  NitroSketch(const SketchOptions& options, Seed seed);
  void add(const Key& key, int64_t weight) override;
  double estimate(const Key& key) const override;

 private:
  int64_t gap();

  CountSketch taken_;  // of the taken weights; estimates are divided by p
  double probability_;
  Rng rng_;
  int64_t skip_;  // rows from the first of the next record to the next one taken
};

}  // namespace bench
