#include "experiments/sweep.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/cards.h"
#include "experiments/pairs.h"
#include "experiments/sweep_lists.h"
#include "experiments/sweep_params.h"
#include "models/model.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Collects everything while walking the document.
class Parser {
 public:
  Parser(const fs::path& data_folder, Sweep& sweep) : data_(data_folder), sweep_(sweep) {}

  void parse(const json& document) {
    TopParams top(sweep_);
    std::vector<std::string> keys = param_names(top);
    for (const char* key : {"datasets", "public_data", "models", "sampling", "metrics", "tasks", "exclude",
                            "include", "limits", "baselines", "workers"}) {
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
    if (sweep_.score_against == "validation" && sweep_.validation_share == 0) {
      problems.add("/score_against", "\"validation\" needs a validation_share above 0");
    }
    sampling(document);
    metrics(document);
    parse_datasets(list(document, "datasets", true), "/datasets", data_, sweep_, problems);
    parse_datasets(list(document, "public_data", false), "/public_data", data_, sweep_, problems);
    parse_models(list(document, "models", true), sweep_, problems);
    parse_tasks(list(document, "tasks", false), sweep_, problems);
    workers(list(document, "workers", false));
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
    if (repeats.is_number_integer() && repeats.get<int64_t>() >= 1 &&
        repeats.get<int64_t>() <= kMostSampleRepeats) {
      sweep_.sample_repeats = repeats.get<int64_t>();
    } else {
      problems.add("/sampling/repeats",
                   fmt::format("{} is not an integer from 1 to {}", repeats.dump(), kMostSampleRepeats));
    }
  }

  void metrics(const json& document) {
    const std::vector<std::string> known = metric_names();
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

  /// The axis that measures time: each of the sweep's own generators once for every number of workers.
  void workers(const json& entries) {
    std::vector<int64_t> counts;
    for (size_t i = 0; i < entries.size(); ++i) {
      const bool good = entries[i].is_number_integer() && entries[i].get<int64_t>() >= 1 &&
                        entries[i].get<int64_t>() <= kMostWorkers;
      if (good && std::find(counts.begin(), counts.end(), entries[i].get<int64_t>()) == counts.end()) {
        counts.push_back(entries[i]);
      } else {
        problems.add(fmt::format("/workers/{}", i),
                     fmt::format("{} is not a number of processes from 1 to {}, or stands here twice",
                                 entries[i].dump(), kMostWorkers));
      }
    }
    if (counts.empty()) return;
    std::vector<ModelSpec> grown;
    for (const auto& spec : sweep_.models) {
      if (spec.reference) {
        grown.push_back(spec);
        continue;
      }
      for (const int64_t count : counts) {
        grown.push_back(spec);
        grown.back().workers = count;
        grown.back().variant += fmt::format("{}workers={}", spec.variant.empty() ? "" : ",", count);
      }
    }
    sweep_.models = std::move(grown);
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
};

}  // namespace

const std::vector<std::string>& reference_rows() {
  static const std::vector<std::string> rows{"split", "holdout", "resample", "independent", "uniform"};
  return rows;
}

Sweep parse_sweep(const json& document, const std::string& file, const fs::path& data_folder) {
  Sweep sweep;
  sweep.name = fs::path(file).stem();
  sweep.folder = fs::absolute(file).parent_path().lexically_normal();
  Parser parser(data_folder, sweep);
  parser.parse(document);
  parser.problems.raise(file);
  return sweep;
}

Sweep read_sweep(const fs::path& file, const fs::path& data_folder) {
  return parse_sweep(read_json_file(file), file.string(), data_folder);
}

}  // namespace bench
