#pragma once

#include <cstdint>
#include <vector>

#include "downstream/telemetry/heavy_hitters.h"

namespace bench {

struct WidthSweepOptions {
  SketchOptions sketch;  ///< its columns are overwritten; 5 rows as CS536
  std::vector<double> widths{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};  ///< columns / base_keys, above 0
  int64_t base_keys = 0;  ///< of the REAL trace, for the synthetic one too: a sketch does not know its stream
  double top_share = 0.1;  ///< share of keys that are heavy hitters
  int seeds = kHashSeeds;
};

struct WidthPoint {
  double width = 0;
  int64_t columns = 0;  ///< round(width * base_keys), at least 1
  std::vector<double>
      miss_rate;  ///< per hash seed, share of the top keys not among the sketch's top keys, 0 .. 1
};

/// The top-k miss rate of a sketch by width (the CS536 reproduction of NetShare). Seeds as in sketch_errors.
/// Empty if the stream has a reason. base_keys >= 1. Throws Error(config) as sketch_errors does.
std::vector<WidthPoint> width_sweep(const KeyedStream& stream, const WidthSweepOptions& options, Seed seed);

}  // namespace bench
