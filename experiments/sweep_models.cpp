#include "experiments/sweep_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "experiments/axes.h"
#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;

class Models {
 public:
  Models(Sweep& sweep, Problems& problems) : sweep_(sweep), problems_(problems), axes_(problems) {}

  void parse(const json& entries) {
    std::vector<std::string> known;
    for (const auto& entry : all_models()) known.emplace_back(entry.name);
    for (const auto& preset : all_presets()) known.push_back(preset.name);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string pointer = fmt::format("/models/{}", i);
      const json object = entries[i].is_string() ? json{{"name", entries[i]}} : entries[i];
      check_keys(object, pointer, {"name", "preset", "params", "label"}, problems_);
      if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
        problems_.add(pointer, "is not a generator: a name or an object with \"name\"");
        continue;
      }
      auto name = object["name"].get<std::string>();
      json params = object.value("params", json::object());
      std::string preset_name;
      if (object.contains("preset")) {
        if (object["preset"].is_string()) {
          preset_name = object["preset"];
        } else {
          problems_.add(pointer + "/preset",
                        fmt::format("{} is not a preset's name", object["preset"].dump()));
        }
      }
      std::string title;
      if (find_model(name) == nullptr) {
        const Preset* as_name = find_preset(name);
        if (as_name == nullptr) {
          problems_.add(entries[i].is_string() ? pointer : pointer + "/name",
                        fmt::format("\"{}\" is not a generator or preset{}; known: {}", name,
                                    did_you_mean(name, known), fmt::join(known, ", ")));
          continue;
        }
        title = name;
        preset_name = name;
        name = as_name->model;
      }
      if (object.contains("label")) {
        if (object["label"].is_string()) {
          title = object["label"];
        } else {
          problems_.add(pointer + "/label", fmt::format("{} is not a name", object["label"].dump()));
        }
      }
      model(name, title, preset_name, params, pointer);
    }
    std::set<std::string> titles;
    for (const auto& spec : sweep_.models) {
      if (!titles.insert(spec.title()).second) {
        problems_.add("/models", fmt::format("two generators are named \"{}\"; give each its own \"label\"",
                                             spec.title()));
      }
    }
  }

 private:
  void model(const std::string& name, const std::string& title, const std::string& preset_name,
             const json& params, const std::string& pointer) {
    const ModelEntry& entry = *find_model(name);
    json base = json::object();
    if (!preset_name.empty()) {
      const Preset* preset = find_preset(preset_name);
      std::vector<std::string> names;
      for (const auto& p : all_presets()) names.push_back(p.name);
      if (preset == nullptr || preset->model != name) {
        problems_.add(pointer + "/preset",
                      fmt::format("\"{}\" is not a preset of {}{}; known: {}", preset_name, name,
                                  did_you_mean(preset_name, names), fmt::join(names, ", ")));
        return;
      }
      base = preset->params;
    }
    if (!params.is_object()) {
      problems_.add(pointer + "/params", fmt::format("{} is not an object", params.dump()));
      return;
    }
    const std::vector<std::string>& rows = reference_rows();
    const bool reference = std::find(rows.begin(), rows.end(), name) != rows.end();
    for (const auto& combination : expand_axes(params)) {
      const auto resolved = entry.params();
      read_params(*resolved, base, "/presets/" + preset_name, problems_);
      Problems own;
      read_params(*resolved, combination.values, pointer + "/params", own);
      axes_.report(own, combination);
      if (own.empty() && problems_.empty() && !reference) check_snapshots(*entry.make(*resolved), title);
      std::string variant = title;
      if (!combination.variant.empty()) variant += (variant.empty() ? "" : ",") + combination.variant;
      sweep_.models.push_back({name, variant, resolved_params(*resolved), reference});
    }
  }

  void check_snapshots(const Generator& generator, const std::string& title) {
    if (generator.snapshots() == 1 || sweep_.validation_share > 0 || snapshots_reported_) return;
    snapshots_reported_ = true;
    problems_.add(
        "/validation_share",
        fmt::format("0 leaves nothing to choose among the {} snapshots of {} on; a share above 0 is "
                    "needed, e.g. 0.1",
                    generator.snapshots(), title.empty() ? "a generator" : title));
  }

  Sweep& sweep_;
  bool snapshots_reported_ = false;
  Problems& problems_;
  AxisProblems axes_;
};

}  // namespace

void parse_models(const json& entries, Sweep& sweep, Problems& problems) {
  Models(sweep, problems).parse(entries);
}

}  // namespace bench
