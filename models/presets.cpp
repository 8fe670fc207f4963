#include "models/presets.h"

#include <string_view>
#include <utility>

#include "core/params.h"

namespace bench {

const std::vector<std::pair<std::string_view, std::string_view>>& embedded_presets();

const std::vector<Preset>& all_presets() {
  static const std::vector<Preset> list = [] {
    std::vector<Preset> presets;
    for (const auto& [name, text] : embedded_presets()) {
      const auto document = parse_json(text, std::string(name) + ".json");
      presets.push_back({std::string(name), document.at("model"), document.at("params")});
    }
    return presets;
  }();
  return list;
}

const Preset* find_preset(std::string_view name) {
  for (const auto& preset : all_presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace bench
