#pragma once
// Executing one stage inside a child process: results are written into RUN/stages/NAME.tmp and renamed when
// whole.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/plan.h"

namespace bench {

/// What a child reads: everything about one stage; "inputs" maps the name of a kind to the folders of that
/// kind, in the order of Stage::inputs. Written by the parent beside the stage's folder. `session` names this
/// run of the program.
nlohmann::json task_json(const Plan& plan, size_t stage, const std::filesystem::path& stages_folder,
                         const Limits& limits, const std::string& session);

/// Main of a child: executes the task, publishes its folder, returns the exit status (0 = done). Before each
/// phase it writes the pessimistic status, so that a killed child still says where it died.
int run_stage(const std::filesystem::path& task_file);

}  // namespace bench
