#pragma once
// What a user can ask the program about itself.

#include <filesystem>
#include <string>

#include "experiments/plan.h"

namespace bench {

/// Datasets, formats, generators, presets and metrics with one line each.
std::string list_text();
/// A generator's or preset's parameters with default, range, unit and source. Throws Error(config) if
/// unknown.
std::string generator_help(const std::string& name);
/// The cells of a plan, which of their stages are cached under `stages_folder`, and an estimate of time and
/// memory with `jobs` workers. Reads the datasets of stages that are still to do.
std::string dry_run_text(const Sweep& sweep, const Plan& plan, const std::filesystem::path& stages_folder,
                         int jobs);

}  // namespace bench
