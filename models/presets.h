#pragma once
// Parameter sets with a name, e.g. "netshare-smoke": the JSON files in models/*/presets, built into the
// program.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Preset {
  std::string name;  ///< the file's name without extension
  std::string model;
  nlohmann::json params;  ///< an object; fields that are not in it keep their defaults
};

/// In the order of their names.
const std::vector<Preset>& all_presets();
/// nullptr if there is none of that name.
const Preset* find_preset(std::string_view name);

}  // namespace bench
