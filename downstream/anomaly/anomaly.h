#pragma once
// The task "anomaly": do novelty detectors flag the flows of a synthetic packet trace as those of the real
// one? What is compared stands in comparison.h, scores and parameters in README.md.

#include <string>
#include <vector>

#include "downstream/anomaly/detector.h"
#include "downstream/anomaly/netml.h"
#include "downstream/task.h"

namespace bench {

/// Each is explained in anomaly.cpp.
class AnomalyParams : public Params {
 public:
  void describe(FieldVisitor& v) override;
  NetmlParams netml() const;

  std::string detectors = "all";
  std::string fit = "both";
  std::string rules = "compat";
  double quantile = 0.9;
  int64_t min_packets = 2;
  double timeout_s = 600;
  int64_t link_header = 0;
  int64_t training_cap = 0;
  std::string label = "label";
};

/// Its cards; anomaly_task() has them.
std::vector<MetricCard> anomaly_cards();

Task anomaly_task();

}  // namespace bench
