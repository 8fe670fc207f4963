#include "experiments/pairs.h"

#include <fmt/format.h>

#include <algorithm>

namespace bench {
namespace {

using nlohmann::json;

bool matches(const json& rule, const DatasetSpec& dataset, const ModelSpec& model) {
  const auto fits = [](const json& wanted, std::initializer_list<std::string> names) {
    return wanted.is_null() ||
           std::any_of(names.begin(), names.end(), [&](const std::string& n) { return wanted == n; });
  };
  return fits(rule.value("dataset", json()), {dataset.entry->name, dataset.label}) &&
         fits(rule.value("model", json()), {model.model, model.title(), model.variant});
}

void check_rules(const json& rules, const std::string& pointer, const Sweep& sweep, Problems& problems) {
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::string at = fmt::format("{}/{}", pointer, i);
    check_keys(rules[i], at, {"dataset", "model", "because"}, problems);
    if (!rules[i].is_object()) continue;
    const bool used = std::any_of(sweep.datasets.begin(), sweep.datasets.end(), [&](const DatasetSpec& d) {
      return std::any_of(sweep.models.begin(), sweep.models.end(),
                         [&](const ModelSpec& m) { return matches(rules[i], d, m); });
    });
    if (!used)
      problems.add(at, fmt::format("{} fits no dataset and generator of this sweep", rules[i].dump()));
  }
}

}  // namespace

void choose_pairs(const json& exclude, const json& include, Sweep& sweep, Problems& problems) {
  check_rules(exclude, "/exclude", sweep, problems);
  check_rules(include, "/include", sweep, problems);
  if (!problems.empty()) return;
  for (size_t d = 0; d < sweep.datasets.size(); ++d) {
    for (size_t m = 0; m < sweep.models.size(); ++m) {
      const ModelSpec& model = sweep.models[m];
      const auto fits = [&](const json& rule) { return matches(rule, sweep.datasets[d], model); };
      const bool left_out = (!include.empty() && std::none_of(include.begin(), include.end(), fits)) ||
                            std::any_of(exclude.begin(), exclude.end(), fits);
      if (model.reference || !left_out) sweep.pairs.push_back({d, m});
    }
  }
}

}  // namespace bench
