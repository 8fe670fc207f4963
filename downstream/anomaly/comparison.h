#pragma once
// What a novelty detector says about a synthetic trace beside a real one.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"
#include "downstream/anomaly/detector.h"
#include "downstream/anomaly/netml.h"

namespace bench {

/// Feature vectors of a trace's flows.
struct FlowVectors {
  FeatureTable features;
  std::vector<bool> anomalous;  ///< ground truth per row; empty where the trace has no labels
};

struct AnomalyComparison {
  std::string not_applicable;                  ///< why there are no numbers, one sentence; empty if there are
  size_t real_flows = 0, synthetic_flows = 0;  ///< rows that were scored
  size_t real_training_flows = 0;              ///< rows that the detector saw, after the cap
  size_t synthetic_training_flows = 0;         ///< 0 with fit_on_real
  double real_ratio = 0, synthetic_ratio = 0;  ///< share of the rows that are flagged, 0 .. 1
  /// |synthetic_ratio - real_ratio| / real_ratio, 0 is best; none if no real row is flagged.
  std::optional<double> relative_error;
  /// EMD between the scores of both, in units of the real scores' standard deviation (not divided if that is
  /// 0), 0 is best. Only with fit_on_real: scores of two detectors have no common unit.
  std::optional<double> score_emd;
  /// Area under the ROC curve of the scores, 0.5 = by chance; where labels of both kinds exist.
  std::optional<double> real_auc, synthetic_auc;
};

/// Fitted on each trace and scored on the same, as NetShare's evaluation does. The ratio is then nearly
/// constant by construction (nu, contamination): read it beside fit_on_real. At most `training_cap` rows
/// (0 = all), drawn by the seed, are trained on; all are scored.
AnomalyComparison anomalies_fit_on_self(const DetectorEntry& detector, const FlowVectors& real,
                                        const FlowVectors& synthetic, size_t training_cap, Seed seed);

/// Fitted once on a part of the real trace; the rest of the real trace and the synthetic one are scored.
AnomalyComparison anomalies_fit_on_real(const DetectorEntry& detector, const FlowVectors& real_train,
                                        const FlowVectors& real_rest, const FlowVectors& synthetic,
                                        size_t training_cap, Seed seed);

/// Vectors of packet traces in every mode, in the order of kNetmlModes. Each trace has its own scale, or
/// that of `given`. A trace without packets or without time has no rows. `label` names the label column.
std::vector<FlowVectors> netml_vectors(const Trace& trace, const NetmlParams& params, std::string_view label,
                                       const std::optional<NetmlScale>& given = {});

}  // namespace bench
