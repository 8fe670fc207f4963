#include "experiments/pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/model.h"

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

bool applies(const std::string& model, TraceKind kind) {
  const ModelEntry* entry = find_model(model);
  if (entry == nullptr || entry->applies == Applies::both) return true;
  return (entry->applies == Applies::packets) == (kind == TraceKind::packets);
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

/// "GENERATOR (packets only): DATASET, ..." for each generator.
std::vector<std::string> left_out(const Sweep& sweep) {
  std::vector<std::string> out;
  for (size_t m = 0; m < sweep.models.size(); ++m) {
    std::vector<std::string> datasets;
    for (const Pair& pair : sweep.left_out) {
      if (pair.model == m) datasets.push_back(sweep.datasets[pair.dataset].label);
    }
    if (!datasets.empty()) {
      out.push_back(fmt::format("{} ({}): {}", sweep.models[m].title(), applies_text(sweep.models[m].model),
                                fmt::join(datasets, ", ")));
    }
  }
  return out;
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
      const bool excluded = (!include.empty() && std::none_of(include.begin(), include.end(), fits)) ||
                            std::any_of(exclude.begin(), exclude.end(), fits);
      if (!model.reference && excluded) continue;
      const bool fits_kind = applies(model.model, sweep.datasets[d].entry->kind);
      (fits_kind ? sweep.pairs : sweep.left_out).push_back({d, m});
    }
  }
  const bool any = std::any_of(sweep.pairs.begin(), sweep.pairs.end(),
                               [&](const Pair& pair) { return !sweep.models[pair.model].reference; });
  if (!any && !sweep.left_out.empty())
    problems.add("/models",
                 fmt::format("no pair is left, because none applies: {}", fmt::join(left_out(sweep), "; ")));
}

std::string_view applies_text(std::string_view model) {
  const ModelEntry* entry = find_model(model);
  if (entry == nullptr || entry->applies == Applies::both) return "";
  return entry->applies == Applies::packets ? "packets only" : "flows only";
}

std::string left_out_text(const Sweep& sweep) {
  std::string out;
  for (const auto& line : left_out(sweep)) out += "- " + line + "\n";
  return out;
}
}  // namespace bench
