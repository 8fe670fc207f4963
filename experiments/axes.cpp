#include "experiments/axes.h"

#include <fmt/format.h>

namespace bench {

using nlohmann::json;

std::string variant_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::vector<Combination> expand_axes(const json& object) {
  std::vector<Combination> out{{json::object(), "", {}}};
  for (const auto& [key, value] : object.items()) {
    if (!value.is_array()) {
      const bool wrapped = value.is_object() && value.size() == 1 && value.contains("value");
      for (auto& c : out) c.values[key] = wrapped ? value["value"] : value;
      continue;
    }
    std::vector<Combination> next;
    for (const auto& c : out) {
      for (size_t i = 0; i < value.size(); ++i) {
        Combination grown = c;
        grown.values[key] = value[i];
        grown.index[key] = i;
        if (value.size() > 1)
          grown.variant += (grown.variant.empty() ? "" : ",") + key + "=" + variant_text(value[i]);
        next.push_back(std::move(grown));
      }
    }
    out = std::move(next);
  }
  return out;
}

void AxisProblems::report(const Problems& own, const Combination& combination) {
  for (const auto& line : own.lines()) {
    std::string at = line.substr(0, line.find(": "));
    const auto axis = combination.index.find(at.substr(at.rfind('/') + 1));
    if (axis != combination.index.end()) at += fmt::format("/{}", axis->second);
    const std::string message = line.substr(line.find(": ") + 2);
    if (reported_.insert(at + message).second) problems_.add(at, message);
  }
}

}  // namespace bench
