#include "downstream/telemetry/width_sweep.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bench {

std::vector<WidthPoint> width_sweep(const KeyedStream& stream, const WidthSweepOptions& options, Seed seed) {
  assert(options.base_keys >= 1);
  std::vector<WidthPoint> points;
  if (!stream.reason.empty()) return points;
  for (const double width : options.widths) {
    SketchOptions sketch = options.sketch;
    sketch.columns = std::max<int64_t>(1, std::llround(width * static_cast<double>(options.base_keys)));
    const SketchErrors errors =
        sketch_errors(stream, sketch, {Threshold::Of::keys, options.top_share}, seed, options.seeds);
    WidthPoint point{width, sketch.columns, {}};
    for (const SetAgreement& set : errors.hh_set) point.miss_rate.push_back(1 - set.recall);
    points.push_back(point);
  }
  return points;
}

}  // namespace bench
