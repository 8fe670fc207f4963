#pragma once
// The lists of a sweep, "datasets", "models" and "tasks". Each entry's lists are axes; every mistake is added
// to `problems` with its JSON pointer, once.

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/params.h"
#include "experiments/sweep.h"

namespace bench {

/// Fills sweep.datasets from the array `entries`, which stands at `pointer`, and finds the files; with
/// `pointer` "/public_data" fills sweep.public_data.
void parse_datasets(const nlohmann::json& entries, const std::string& pointer,
                    const std::filesystem::path& data_folder, Sweep& sweep, Problems& problems);
/// Fills sweep.tasks from the array `entries`.
void parse_tasks(const nlohmann::json& entries, Sweep& sweep, Problems& problems);
/// Fills sweep.models from the array `entries`; a generator that keeps snapshots needs a validation share.
void parse_models(const nlohmann::json& entries, Sweep& sweep, Problems& problems);

}  // namespace bench
