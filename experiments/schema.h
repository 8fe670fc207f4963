#pragma once
// JSON Schema (draft 7) from the same descriptions that parse and explain parameters.

#include <nlohmann/json.hpp>
#include <string>

namespace bench {

/// Of the parameters of a generator or preset, with its defaults. Throws Error(config) for an unknown name.
nlohmann::json generator_schema(const std::string& name);
/// Of a whole sweep file: every field may be an axis.
nlohmann::json sweep_schema();

}  // namespace bench
