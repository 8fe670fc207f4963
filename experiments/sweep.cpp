#include "experiments/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "experiments/axes.h"
#include "experiments/pairs.h"
#include "experiments/store.h"
#include "experiments/sweep_params.h"
#include "metrics/metric.h"
#include "models/model.h"
#include "models/presets.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t kDefaultSurrogateRecords = 5'000;

/// Collects everything while walking the document.
class Parser {
 public:
  Parser(const fs::path& data_folder, Sweep& sweep) : data_(data_folder), sweep_(sweep) {}

  void parse(const json& document) {
    TopParams top(sweep_);
    std::vector<std::string> keys = param_names(top);
    for (const char* key :
         {"datasets", "models", "sampling", "metrics", "exclude", "include", "limits", "baselines"}) {
      keys.emplace_back(key);
    }
    check_keys(document, "", keys, problems);
    if (!document.is_object()) return;
    json scalars = json::object();
    for (const auto& name : param_names(top)) {
      if (document.contains(name)) scalars[name] = document[name];
    }
    read_params(top, scalars, "", problems);
    if (sweep_.name.find_first_of("/\\") != std::string::npos || sweep_.name.starts_with(".")) {
      problems.add("/name", fmt::format("\"{}\" is not a plain folder name", sweep_.name));
    }
    if (document.contains("limits")) {
      LimitParams limits(sweep_.limits);
      read_params(limits, document["limits"], "/limits", problems);
    }
    if (document.contains("baselines") && document["baselines"] != "auto") {
      problems.add("/baselines", fmt::format("{} is not \"auto\": the reference rows are always added",
                                             document["baselines"].dump()));
    }
    sampling(document);
    metrics(document);
    datasets(document);
    models(document);
    references();
    choose_pairs(list(document, "exclude", false), list(document, "include", false), sweep_, problems);
  }

  Problems problems;

 private:
  /// The array under `key`, with a problem if it is missing (when needed) or no array.
  const json& list(const json& document, const char* key, bool needed) {
    static const json kEmpty = json::array();
    const auto it = document.find(key);
    const std::string pointer = std::string("/") + key;
    if (it == document.end()) {
      if (needed) problems.add(pointer, "is missing; a list is needed");
      return kEmpty;
    }
    if (!it->is_array()) {
      problems.add(pointer, fmt::format("{} is not a list", it->dump()));
      return kEmpty;
    }
    if (needed && it->empty()) problems.add(pointer, "is empty; at least one entry is needed");
    return *it;
  }

  void sampling(const json& document) {
    const auto it = document.find("sampling");
    if (it == document.end()) return;
    check_keys(*it, "/sampling", {"count", "repeats"}, problems);
    if (!it->is_object()) return;
    const json count = it->value("count", json("train"));
    if (count.is_number_integer() && count.get<int64_t>() >= 1) {
      sweep_.sample_count = count.get<int64_t>();
    } else if (count != "train") {
      problems.add("/sampling/count",
                   fmt::format("{} is not \"train\" or a number of records from 1", count.dump()));
    }
    const json repeats = it->value("repeats", json(1));
    if (repeats.is_number_integer() && repeats.get<int64_t>() >= 1 && repeats.get<int64_t>() <= 10'000) {
      sweep_.sample_repeats = repeats.get<int64_t>();
    } else {
      problems.add("/sampling/repeats", fmt::format("{} is not an integer from 1 to 10000", repeats.dump()));
    }
  }

  void metrics(const json& document) {
    std::vector<std::string> known;
    for (const auto& family : all_metrics()) {
      known.emplace_back(family.id);
      for (const auto& card : family.cards) {
        if (std::find(known.begin(), known.end(), card.id) == known.end()) known.emplace_back(card.id);
      }
    }
    for (const auto& card : derived_metrics()) known.emplace_back(card.id);
    const json& entries = list(document, "metrics", false);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string pointer = fmt::format("/metrics/{}", i);
      if (!entries[i].is_string()) {
        problems.add(pointer, fmt::format("{} is not a name", entries[i].dump()));
      } else if (std::find(known.begin(), known.end(), entries[i].get<std::string>()) == known.end()) {
        const auto name = entries[i].get<std::string>();
        problems.add(pointer, fmt::format("\"{}\" is not a metric{}; known: {}", name,
                                          did_you_mean(name, known), fmt::join(known, ", ")));
      } else {
        sweep_.metrics.push_back(entries[i]);
      }
    }
  }

  void datasets(const json& document) {
    std::vector<std::string> known;
    for (const auto& entry : all_datasets()) known.push_back(entry.name);
    const json& entries = list(document, "datasets", true);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string pointer = fmt::format("/datasets/{}", i);
      const json object = entries[i].is_string() ? json{{"name", entries[i]}} : entries[i];
      if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
        problems.add(pointer, fmt::format("{} is not a dataset: a name or an object with \"name\"",
                                          entries[i].dump()));
        continue;
      }
      const auto name = object["name"].get<std::string>();
      const DatasetEntry* entry = find_dataset(name);
      if (entry == nullptr) {
        problems.add(entries[i].is_string() ? pointer : pointer + "/name",
                     fmt::format("\"{}\" is not a dataset{}; known: {}", name, did_you_mean(name, known),
                                 fmt::join(known, ", ")));
        continue;
      }
      dataset(*entry, object, pointer);
    }
    std::set<std::string> labels;
    for (const auto& spec : sweep_.datasets) {
      if (!labels.insert(spec.label).second) {
        problems.add("/datasets",
                     fmt::format("two datasets are named \"{}\"; give each its own \"label\"", spec.label));
      }
    }
  }

  void dataset(const DatasetEntry& entry, json object, const std::string& pointer) {
    object.erase("name");
    std::map<std::string, std::string> columns;
    if (object.contains("columns")) {
      const json& map = object["columns"];
      if (!map.is_object())
        problems.add(pointer + "/columns", fmt::format("{} is not an object of column names", map.dump()));
      for (const auto& [key, value] : map.items()) {
        if (value.is_string()) {
          columns[key] = value;
        } else {
          problems.add(join_pointer(pointer + "/columns", key),
                       fmt::format("{} is not a column's name", value.dump()));
        }
      }
      object.erase("columns");
    }
    for (const auto& combination : expand_axes(object)) {
      DatasetSpec spec;
      spec.entry = &entry;
      spec.columns = columns;
      spec.format = entry.format;
      spec.records = entry.surrogate ? kDefaultSurrogateRecords : 0;
      spec.split_order = entry.split == SplitOrder::file   ? "file"
                         : entry.split == SplitOrder::time ? "time"
                                                           : "random";
      DatasetParams params(spec);
      const size_t before = problems.size();
      Problems own;
      read_params(params, combination.values, pointer, own);
      report(own, combination);
      const std::string base = spec.label.empty() ? entry.name : spec.label;
      spec.label = combination.variant.empty() ? base : base + "[" + combination.variant + "]";
      if (problems.size() == before && !entry.surrogate) locate(entry, params.path, pointer, spec);
      sweep_.datasets.push_back(std::move(spec));
    }
  }

  void locate(const DatasetEntry& entry, const std::string& path, const std::string& pointer,
              DatasetSpec& spec) {
    try {
      if (path.empty()) {
        spec.file = find_dataset_file(entry, data_);
        return;
      }
      spec.file = fs::path(path).is_absolute() ? fs::path(path) : data_ / path;
      if (!fs::exists(spec.file)) {
        problems.add(pointer + "/path", fmt::format("{}: there is no such file; {} is to be had from {}",
                                                    spec.file.string(), entry.name, entry.download));
      } else if (fs::is_directory(spec.file)) {
        problems.add(pointer + "/path", fmt::format("{}: is a folder, not a trace file", spec.file.string()));
      }
    } catch (const Error& e) {
      problems.add(pointer, e.what());
    } catch (const fs::filesystem_error& e) {
      problems.add(pointer + "/path", e.what());
    }
  }

  /// Takes over the problems of one combination: an axis' element gets its index, and each is said once.
  void report(const Problems& own, const Combination& combination) {
    for (const auto& line : own.lines()) {
      std::string at = line.substr(0, line.find(": "));
      const auto axis = combination.index.find(at.substr(at.rfind('/') + 1));
      if (axis != combination.index.end()) at += fmt::format("/{}", axis->second);
      const std::string message = line.substr(line.find(": ") + 2);
      if (reported_.insert(at + message).second) problems.add(at, message);
    }
  }

  void models(const json& document) {
    std::vector<std::string> known;
    for (const auto& entry : all_models()) known.emplace_back(entry.name);
    for (const auto& preset : all_presets()) known.push_back(preset.name);
    const json& entries = list(document, "models", true);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string pointer = fmt::format("/models/{}", i);
      const json object = entries[i].is_string() ? json{{"name", entries[i]}} : entries[i];
      check_keys(object, pointer, {"name", "preset", "params", "label"}, problems);
      if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
        problems.add(pointer, "is not a generator: a name or an object with \"name\"");
        continue;
      }
      auto name = object["name"].get<std::string>();
      json params = object.value("params", json::object());
      std::string preset_name;
      if (object.contains("preset")) {
        if (object["preset"].is_string()) {
          preset_name = object["preset"];
        } else {
          problems.add(pointer + "/preset",
                       fmt::format("{} is not a preset's name", object["preset"].dump()));
        }
      }
      std::string title;
      if (find_model(name) == nullptr) {
        const Preset* as_name = find_preset(name);
        if (as_name == nullptr) {
          problems.add(entries[i].is_string() ? pointer : pointer + "/name",
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
          problems.add(pointer + "/label", fmt::format("{} is not a name", object["label"].dump()));
        }
      }
      model(name, title, preset_name, params, pointer);
    }
    std::set<std::string> titles;
    for (const auto& spec : sweep_.models) {
      if (!titles.insert(spec.title()).second) {
        problems.add("/models", fmt::format("two generators are named \"{}\"; give each its own \"label\"",
                                            spec.title()));
      }
    }
  }

  void model(const std::string& name, const std::string& title, const std::string& preset_name,
             const json& params, const std::string& pointer) {
    const ModelEntry& entry = *find_model(name);
    json base = json::object();
    if (!preset_name.empty()) {
      const Preset* preset = find_preset(preset_name);
      std::vector<std::string> names;
      for (const auto& p : all_presets()) names.push_back(p.name);
      if (preset == nullptr || preset->model != name) {
        problems.add(pointer + "/preset",
                     fmt::format("\"{}\" is not a preset of {}{}; known: {}", preset_name, name,
                                 did_you_mean(preset_name, names), fmt::join(names, ", ")));
        return;
      }
      base = preset->params;
    }
    if (!params.is_object()) {
      problems.add(pointer + "/params", fmt::format("{} is not an object", params.dump()));
      return;
    }
    const std::vector<std::string>& rows = reference_rows();
    const bool reference = std::find(rows.begin(), rows.end(), name) != rows.end();
    for (const auto& combination : expand_axes(params)) {
      const auto resolved = entry.params();
      read_params(*resolved, base, "/presets/" + preset_name, problems);
      Problems own;
      read_params(*resolved, combination.values, pointer + "/params", own);
      report(own, combination);
      std::string variant = title;
      if (!combination.variant.empty()) variant += (variant.empty() ? "" : ",") + combination.variant;
      sweep_.models.push_back({name, variant, resolved_params(*resolved), reference});
    }
  }

  void references() {
    for (const auto& row : reference_rows()) {
      const bool listed = std::any_of(sweep_.models.begin(), sweep_.models.end(), [&](const ModelSpec& m) {
        return m.model == row && m.variant.empty();
      });
      if (!listed) sweep_.models.push_back({row, "", json::object(), true});
    }
  }

  fs::path data_;
  Sweep& sweep_;
  std::set<std::string> reported_;
};

}  // namespace

const std::vector<std::string>& reference_rows() {
  static const std::vector<std::string> rows{"split", "holdout", "resample", "independent", "uniform"};
  return rows;
}

Sweep parse_sweep(const json& document, const std::string& file, const fs::path& data_folder) {
  Sweep sweep;
  sweep.name = fs::path(file).stem();
  Parser parser(data_folder, sweep);
  parser.parse(document);
  parser.problems.raise(file);
  return sweep;
}

Sweep read_sweep(const fs::path& file, const fs::path& data_folder) {
  return parse_sweep(read_json_file(file), file.string(), data_folder);
}

}  // namespace bench
