#pragma once
// Sweep -> cells and the content-addressed stages they share: prepare -> train (one stage for each unit of
// the training) -> select (where a generator keeps snapshots) -> sample -> score and one task stage for each
// downstream task. A stage's key is the hash
// of its code version, its resolved parameters with every default, and the keys of its inputs; a stage whose
// folder stands under that key is done.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "datasets/canaries.h"
#include "experiments/sweep.h"

namespace bench {

enum class StageKind { prepare, train, select, sample, score, task };
/// What a score or task stage leaves: one Score a line.
constexpr auto kScoresFile = "scores.jsonl";
std::string_view stage_name(StageKind kind);

/// One unit of work; several cells may need it.
struct Stage {
  StageKind kind = StageKind::prepare;
  std::string key;             ///< 32 hexadecimal digits
  nlohmann::json fields;       ///< what the key is the hash of
  nlohmann::json where;        ///< what a child needs beside it but results do not depend on (paths)
  std::vector<size_t> inputs;  ///< stages it reads, by index in Plan::stages
  std::string title;           ///< for the progress display
  std::string folder() const;  ///< name under RUN/stages
  /// Index in Generator::units() of a train stage.
  size_t unit() const { return fields.value("unit", size_t{0}); }
  /// Name of that unit; "fit" if the training is a single one.
  std::string unit_name() const { return fields.value("unit_name", "fit"); }
};

struct Cell {
  std::string id;      ///< readable and unique: dataset, generator, repeat, sample, digits of the score key
  size_t dataset = 0;  ///< index in Sweep::datasets
  size_t model = 0;    ///< index in Sweep::models
  int64_t repeat = 0;
  int64_t sample = 0;
  std::vector<size_t> stages;  ///< in order of execution, by index in Plan::stages
};

struct Plan {
  std::vector<Stage> stages;  ///< inputs before users
  std::vector<Cell> cells;    ///< in the order of reports
};

/// Reads dataset files once to fingerprint them. Throws Error(io) if one cannot be read.
Plan make_plan(const Sweep& sweep);

/// The training part and the held-out part as the prepare stage makes them.
struct Prepared {
  Split split;
  std::optional<Slice> slice;        ///< of the training part; only with a validation share
  std::optional<Canaries> canaries;  ///< made for the training part; only where a dataset asks for some
  nlohmann::json report;             ///< records, skipped, notes, surrogate
};
/// Reads or simulates the dataset of a prepare stage. Throws what the readers throw.
Prepared prepare_dataset(const Stage& stage);

}  // namespace bench
