#pragma once
// Executing one stage inside a child process: results are written into RUN/stages/NAME.tmp and renamed when
// whole.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/plan.h"

namespace bench {

/// What a child reads: everything about one stage. Written by the parent beside the stage's folder.
nlohmann::json task_json(const Plan& plan, size_t stage, const std::filesystem::path& stages_folder,
                         const Limits& limits);

/// Main of a child: executes the task, publishes its folder, returns the exit status (0 = done). Before each
/// phase it writes the pessimistic status, so that a killed child still says where it died.
int run_stage(const std::filesystem::path& task_file);

/// How a stage ended, from NAME.tmp/status.json after a failure or NAME/stage.json after success.
struct StageOutcome {
  std::string outcome;  ///< "ok", "timeout", "out-of-memory", "crash(signal 11)", ...
  std::string phase;    ///< what it was doing; empty if ok
  std::string message;  ///< one line; empty if ok
  double wall_seconds = 0;
  double cpu_seconds = 0;
  int64_t peak_bytes = 0;
};
nlohmann::json to_json(const StageOutcome& outcome);
/// Throws Error(data) if `file` is damaged.
StageOutcome read_outcome(const std::filesystem::path& file);

}  // namespace bench
