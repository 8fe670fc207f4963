#pragma once
// Choosing among the snapshots of a training and among the settings of a sweep, on a validation slice.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/score.h"
#include "datasets/split.h"
#include "experiments/rank_sum.h"
#include "models/model.h"

namespace bench {

/// File of a select stage: {"winner", "rank_sums", "normalised_means", "metrics": [{"name", "values",
/// "ranks"}], "failed": [..]}.
constexpr auto kSelectionFile = "selection.json";

/// What a choice looks at: NetShare's own (the paper-mode distances of single fields) with flow sizes and
/// services of flows, so that a choice cannot end at independent columns.
bool is_selecting(const Score& score);

/// Version of each metric family that a choice looks at: part of the key of its stage.
nlohmann::json selecting_families();

/// Candidates side by side, ranked score by score.
class Comparison {
 public:
  explicit Comparison(size_t candidates) : candidates_(candidates) {}
  /// A score of a candidate; `place` tells equal metrics of different datasets apart. Several scores of one
  /// candidate under the same name (seeds) count with their mean; those that is_selecting() refuses do not
  /// count.
  void add(size_t candidate, const Score& score, const std::string& place = "");

  struct Metric {
    std::string name;            ///< "caida: emd pkt_len"
    std::vector<double> values;  ///< [candidates], infinity where there is none
    std::vector<double> ranks;   ///< [candidates]
  };
  struct Result {
    std::vector<Metric> metrics;  ///< in the order of add()
    std::vector<double> sums;     ///< [candidates], low is good
    /// [candidates]: mean over the metrics of the value scaled so that the best candidate has 0 and the worst
    /// 1; ranks do not see by how much one is better, this does.
    std::vector<double> normalised_means;
    size_t winner = 0;
  };
  Result result() const;

 private:
  struct Gathered {
    std::string name;
    std::vector<std::vector<double>> values;  ///< [candidates][seeds]
  };
  size_t candidates_;
  std::vector<Gathered> gathered_;
};
nlohmann::json to_json(const Comparison::Result& result);

/// Draws as many records as `validation` has from every snapshot, with the same seed, and ranks them against
/// it. `window` is the clock of the training part. A snapshot that makes no legal trace ranks last in
/// everything. Throws Error(invalid_output) if none does. The text is that of kSelectionFile.
nlohmann::json select_snapshot(Generator& generator, const Trace& validation, TimeWindow window,
                               SampleContext& context);

}  // namespace bench
