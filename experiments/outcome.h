#pragma once
// How a stage ended, and what it cost.

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace bench {

/// From NAME.tmp/status.json after a failure or NAME/stage.json after success.
struct StageOutcome {
  std::string outcome;  ///< "ok", "timeout", "out-of-memory", "crash(signal 11)", ...
  std::string phase;    ///< what it was doing; empty if ok
  std::string message;  ///< one line; if ok, what a reader of the scores must know, mostly empty
  double wall_seconds = 0;
  double cpu_seconds = 0;
  int64_t peak_bytes = 0;
  std::string session{};  ///< the run of run_experiment that executed it; empty if unknown
  double started = 0;     ///< monotonic_seconds(): comparable inside one session only
  double ended = 0;
  nlohmann::json privacy{};  ///< what a private training says of its cost (report.privacy); null without
};

/// Outcome, place and costs, without the session.
nlohmann::json to_json(const StageOutcome& outcome);
/// Adds the session and its clock, which read_outcome() finds again.
void add_session(const StageOutcome& outcome, nlohmann::json& record);
/// Throws Error(data) if `file` is damaged.
StageOutcome read_outcome(const std::filesystem::path& file);

}  // namespace bench
