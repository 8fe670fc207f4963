#pragma once
// What a user can ask the program about itself.

#include <filesystem>
#include <string>

#include "downstream/task.h"
#include "experiments/plan.h"

namespace bench {

/// Datasets, formats, generators, presets, metrics and tasks with one line each.
std::string list_text();
/// A generator's or preset's parameters with default, range, unit and source. Throws Error(config) if
/// unknown.
std::string generator_help(const std::string& name);
/// The task of that name. Throws Error(config) that names the known ones.
const Task& task_named(const std::string& name);
/// A task's parameters likewise.
std::string task_help(const std::string& name);
/// The cards of a metric, a family, a task or "cost". Throws Error(config) if unknown.
std::string metric_card(const std::string& name);
/// The cells of a plan, which of their stages are cached under `stages_folder`, and an estimate of time and
/// memory with `jobs` workers. Reads the datasets of stages that are still to do.
std::string dry_run_text(const Sweep& sweep, const Plan& plan, const std::filesystem::path& stages_folder,
                         int jobs);

}  // namespace bench
