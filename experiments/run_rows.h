#pragma once
// A finished run read back: one row per cell with what its training cost and how it scored.

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct RunRow {
  std::string dataset;
  std::string generator;
  std::string variant;
  nlohmann::json params;
  nlohmann::json privacy;  ///< what its private training says of its cost; null without
  int64_t workers = 0;     ///< 0 = not timed
  int64_t seed = 0;
  double train_wall = 0;                              ///< seconds
  double train_cpu = 0;                               ///< seconds
  double sample_cpu = 0;                              ///< seconds, start of the process included
  double cpu = 0;                                     ///< seconds of all its stages, programs included
  std::vector<std::pair<std::string, double>> units;  ///< name and wall seconds
  std::filesystem::path real, synthetic;  ///< training part and sample as files, where the run still has them
  int64_t records = 0;                    ///< of the trace that scores compare with
  std::map<std::string, double> scores;   ///< by "metric mode field", e.g. "ks strict td"

  std::optional<double> score(const std::string& name) const;
  /// Mean of the paper-mode JSDs; nothing if there is none.
  std::optional<double> mean_jsd() const;
  /// Mean of the scores whose names begin so; nothing if there is none.
  std::optional<double> mean_score(std::string_view prefix) const;
};

/// A cell that did not end ok.
struct RunFailure {
  std::string dataset, generator, variant;
  std::string outcome;  ///< "timeout", "diverged", ...
  std::string message;
  nlohmann::json params{};
};

/// "generator" or "generator[variant]".
std::string row_title(const std::string& generator, const std::string& variant);
/// A variant without its part "AXIS=VALUE".
std::string without_axis(std::string variant, const std::string& axis);
/// A section of a page that names each; nothing without any.
std::string failures_section(const std::vector<RunFailure>& failures);

/// In the order of the run. Throws Error(io) for a folder that is no run.
std::vector<RunFailure> read_failures(const std::filesystem::path& run);
/// The cells that ended ok, in the order of the run. Throws Error(io) for a folder that is no run.
std::vector<RunRow> read_run(const std::filesystem::path& run);

}  // namespace bench
