#include "experiments/sweep_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "experiments/axes.h"
#include "experiments/generators.h"
#include "experiments/parameter_files.h"
#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;

class Models {
 public:
  Models(Sweep& sweep, Problems& problems) : sweep_(sweep), problems_(problems), axes_(problems) {}

  void parse(const json& entries) {
    for (size_t i = 0; i < entries.size(); ++i) entry(entries[i], fmt::format("/models/{}", i));
    std::set<std::string> titles;
    for (const auto& spec : sweep_.models) {
      if (!titles.insert(spec.title()).second) {
        problems_.add("/models", fmt::format("two generators are named \"{}\"; give each its own \"label\"",
                                             spec.title()));
      }
    }
  }

 private:
  void entry(const json& given, const std::string& pointer) {
    const json object = given.is_string() ? json{{"name", given}} : given;
    if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
      problems_.add(pointer, "is not a generator: a name or an object with \"name\"");
      return;
    }
    const auto take = [&](const char* key, const char* what, std::string& text) {
      if (!object.contains(key)) return;
      if (object[key].is_string()) {
        text = object[key];
      } else {
        problems_.add(pointer + "/" + key, fmt::format("{} is not {}", object[key].dump(), what));
      }
    };
    auto name = object["name"].get<std::string>();
    std::string title;
    std::string preset_name;
    take("preset", "a preset's name", preset_name);
    if (find_model(name) == nullptr) {
      const Preset* as_name = find_preset(name);
      if (as_name == nullptr) return unknown(name, given.is_string() ? pointer : pointer + "/name");
      title = preset_name = name;
      name = as_name->model;
    }
    std::vector<std::string> keys{"name", "preset", "params", "label", "flows", "public"};
    const std::vector<std::string> direct = direct_parameters(name);
    keys.insert(keys.end(), direct.begin(), direct.end());
    check_keys(object, pointer, keys, problems_);
    take("label", "a name", title);
    std::string flows;
    take("flows", "\"train\", \"holdout\", an earlier row or a file", flows);
    std::string public_data;
    take("public", "the label of an entry of public_data", public_data);
    json params = object.value("params", json::object());
    std::string at = pointer + "/params";
    for (const auto& key : direct) {
      if (!object.contains(key) || !params.is_object()) continue;
      if (params.contains(key)) {
        problems_.add(pointer + "/" + key, "stands here and under params");
      } else if (params.empty()) {
        at = pointer;
      }
      params[key] = object[key];
    }
    if (!preset_name.empty() && !is_preset(preset_name, name, pointer)) return;
    const size_t before = sweep_.models.size();
    model(name, title, preset_name, params, at);
    if (!flows.empty()) give_flows(before, flows, pointer + "/flows");
    give_public_data(before, public_data, object.contains("public") ? pointer + "/public" : pointer);
  }

  /// The rows from `first` on may learn from public data; those with a unit that does must.
  void give_public_data(size_t first, const std::string& label, const std::string& pointer) {
    const auto& known = sweep_.public_data;
    const bool there =
        std::any_of(known.begin(), known.end(), [&](const DatasetSpec& spec) { return spec.label == label; });
    if (!label.empty() && !there) {
      problems_.add(pointer, fmt::format("\"{}\" is not the label of an entry of public_data", label));
      return;
    }
    for (size_t i = first; i < sweep_.models.size(); ++i) {
      ModelSpec& spec = sweep_.models[i];
      const ModelEntry& entry = *find_model(spec.model);
      const auto params = entry.params();
      Problems ignored;  // reported where they were read
      read_params(*params, spec.params, "", ignored);
      if (!ignored.empty()) continue;
      const auto units = entry.make(*params)->units();
      const bool needed =
          std::any_of(units.begin(), units.end(), [](const TrainingUnit& unit) { return unit.on_public; });
      spec.public_data = label;
      if (needed && label.empty())
        problems_.add(pointer, fmt::format("{} trains privately and needs \"public\": data that ranges, "
                                           "vocabulary and pre-training may come from",
                                           spec.title()));
      if (!needed && !label.empty())
        problems_.add(pointer, fmt::format("{} does not learn from public data", spec.title()));
    }
  }

  /// The rows from `first` on get the flows of something.
  void give_flows(size_t first, const std::string& flows, const std::string& pointer) {
    const auto begin = sweep_.models.begin(), end = begin + static_cast<std::ptrdiff_t>(first);
    const bool known = flows == "train" || flows == "holdout" ||
                       std::any_of(begin, end, [&](const ModelSpec& spec) { return spec.title() == flows; });
    const std::filesystem::path file = sweep_.folder / flows;
    if (!known && !std::filesystem::is_regular_file(file)) {
      problems_.add(pointer, fmt::format("\"{}\" is neither train, holdout, an earlier row nor a file in {}",
                                         flows, sweep_.folder.string()));
      return;
    }
    for (size_t i = first; i < sweep_.models.size(); ++i) {
      ModelSpec& spec = sweep_.models[i];
      spec.flows = known ? flows : "file";
      if (!known) spec.flows_file = file;
      const ModelEntry& entry = *find_model(spec.model);
      const auto params = entry.params();
      Problems ignored;  // reported where they were read
      read_params(*params, spec.params, "", ignored);
      if (ignored.empty() && !entry.make(*params)->takes_flows())
        problems_.add(pointer, fmt::format("{} cannot make records of given flows", spec.title()));
    }
  }

  void unknown(const std::string& name, const std::string& pointer) {
    std::vector<std::string> known;
    for (const auto& model : all_models()) known.emplace_back(model.name);
    for (const auto& preset : all_presets()) known.push_back(preset.name);
    problems_.add(pointer, fmt::format("\"{}\" is not a generator or preset{}; known: {}", name,
                                       did_you_mean(name, known), fmt::join(known, ", ")));
  }

  bool is_preset(const std::string& preset_name, const std::string& model, const std::string& pointer) {
    const Preset* preset = find_preset(preset_name);
    if (preset != nullptr && preset->model == model) return true;
    std::vector<std::string> names;
    for (const auto& p : all_presets()) names.push_back(p.name);
    problems_.add(pointer + "/preset",
                  fmt::format("\"{}\" is not a preset of {}{}; known: {}", preset_name, model,
                              did_you_mean(preset_name, names), fmt::join(names, ", ")));
    return false;
  }

  /// `pointer` is where the parameters stand.
  void model(const std::string& name, const std::string& title, const std::string& preset_name,
             const json& params, const std::string& pointer) {
    const ModelEntry& entry = *find_model(name);
    const json base = preset_name.empty() ? json::object() : find_preset(preset_name)->params;
    if (!params.is_object()) {
      problems_.add(pointer, fmt::format("{} is not an object", params.dump()));
      return;
    }
    const std::vector<std::string>& rows = reference_rows();
    const bool reference = std::find(rows.begin(), rows.end(), name) != rows.end();
    for (const auto& combination : expand_axes(params, list_names(*entry.params()))) {
      const auto resolved = entry.params();
      if (!preset_name.empty()) read_params(*resolved, base, "/presets/" + preset_name, problems_);
      Problems own;
      read_params(*resolved, combination.values, pointer, own);
      const json values = resolved_params(*resolved);
      resolve_files(*resolved, sweep_.folder, pointer, own);
      axes_.report(own, combination);
      if (own.empty() && problems_.empty() && !reference) check_snapshots(*entry.make(*resolved), title);
      std::string variant = title;
      if (!combination.variant.empty()) variant += (variant.empty() ? "" : ",") + combination.variant;
      sweep_.models.push_back({name, variant, values, reference});
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
