#include "experiments/axes.h"

#include <fmt/format.h>

#include <algorithm>

namespace bench {

using nlohmann::json;

std::string variant_text(const json& value) {
  if (!value.is_array()) return value.is_string() ? value.get<std::string>() : value.dump();
  std::string out;
  for (const auto& item : value) out += (out.empty() ? "" : " ") + variant_text(item);
  return out;
}

std::vector<Combination> expand_axes(const json& object, const std::vector<std::string>& lists) {
  const auto is_axis = [&](const std::string& key, const json& value) {
    if (!value.is_array() || std::find(lists.begin(), lists.end(), key) == lists.end())
      return value.is_array();
    return !value.empty() &&
           std::all_of(value.begin(), value.end(), [](const json& v) { return v.is_array(); });
  };
  std::vector<Combination> out{{json::object(), "", {}}};
  for (const auto& [key, value] : object.items()) {
    if (!is_axis(key, value)) {
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
