#pragma once
// What the child process of a stage reads: files that earlier stages have left.

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "datasets/canaries.h"
#include "datasets/scoring.h"
#include "datasets/split.h"
#include "models/model.h"

namespace bench {

/// The two traces that scores compare, and what was held out.
struct ScoredTraces {
  TimeWindow window;
  Trace real, synthetic;
  std::optional<Trace> holdout;
  std::optional<Canaries> canaries;

  ScoringPair pair() const {
    return {real, synthetic, window, holdout ? &*holdout : nullptr, {}, canaries ? &*canaries : nullptr};
  }
};

/// Functions throw Error(data) or Error(io) for files that are damaged or missing.
class StageInputs {
 public:
  /// As task_json() made it; must outlive this.
  explicit StageInputs(const nlohmann::json& task) : task_(task), fields_(task.at("fields")) {}

  /// Folders of the input stages of a kind.
  std::vector<std::filesystem::path> folders(const char* stage) const;
  /// Where files that parameters name are looked for; empty if none is named.
  std::filesystem::path base() const;
  /// What a training reads.
  TrainingTrace training() const;
  /// The training part without canaries and with the validation slice.
  TrainingTrace whole() const;
  Trace validation() const;
  Trace holdout() const;
  /// The trace that a sample is as long as and that scores compare with; `data` is the whole training part.
  Trace like(const TrainingTrace& data) const;
  /// The generator that the last unit of the training has left.
  std::unique_ptr<Generator> trained() const;
  /// The flows that a sample is given.
  Trace flows() const;
  ScoredTraces scored() const;

 private:
  std::filesystem::path folder(const char* stage) const;  // of the only one of its kind

  const nlohmann::json& task_;
  const nlohmann::json& fields_;
};

}  // namespace bench
