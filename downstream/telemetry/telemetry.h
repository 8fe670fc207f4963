#pragma once
// The task "telemetry": do sketches err on the heavy hitters of a synthetic trace as on those of the real
// one? Definitions of the errors stand in heavy_hitters.h, scores and parameters in README.md.

#include <string>
#include <vector>

#include "downstream/task.h"
#include "downstream/telemetry/sketch.h"

namespace bench {

/// Each is explained in telemetry.cpp.
class TelemetryParams : public Params {
 public:
  void describe(FieldVisitor& v) override;
  /// A memory that not even one column of each sketch fits into.
  std::string contradiction() const override;
  /// Of every sketch, in the order of all_sketch_kinds(). Throws Error(config) where contradiction() speaks.
  std::vector<SketchOptions> sketches() const;

  std::string key = "all";
  std::string weight = "records";
  double threshold = 0.001;
  double top_keys = 0.1;
  std::string hash = "xxhash";
  int64_t rows = 5;
  int64_t columns = 1000;
  int64_t memory_bytes = 0;
  double nitro_probability = 0.1;
  int64_t hash_seeds = 10;
  bool width_sweep = false;
};

/// Its cards; telemetry_task() has them.
std::vector<MetricCard> telemetry_cards();

Task telemetry_task();

}  // namespace bench
