#pragma once
// A generator from what a sweep or a stage's record says about it.

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "models/model.h"

namespace bench {

/// The generator of that registry name with the parameters `params`. Cheap: nothing is trained or read. Files
/// that the parameters name are looked for in `folder`; without one names stay as they are.
/// Throws Error(config) that names `where` if the name or a parameter is wrong or a file is not there.
std::unique_ptr<Generator> make_generator(const std::string& name, const nlohmann::json& params,
                                          const std::string& where, const std::filesystem::path& folder = {});

/// The files that its parameters name, programs included; see resolve_files().
std::vector<std::filesystem::path> generator_files(const std::string& name, const nlohmann::json& params,
                                                   const std::string& where,
                                                   const std::filesystem::path& folder);
/// The parameters of a generator, or of a preset's generator with the preset's values. Throws Error(config)
/// for an unknown name.
std::unique_ptr<Params> preset_params(const std::string& name);
/// Parameters that may stand in the generator's own entry of a sweep, beside its name: all of one that names
/// files, else none.
std::vector<std::string> direct_parameters(const std::string& name);

}  // namespace bench
