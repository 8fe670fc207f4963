#include "experiments/sweep_lists.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "experiments/axes.h"
#include "experiments/sweep_params.h"
#include "metrics/rule_file.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t kDefaultSurrogateRecords = 5'000;

class Datasets {
 public:
  Datasets(const fs::path& data_folder, const Sweep& sweep, const std::string& pointer,
           std::vector<DatasetSpec>& out, Problems& problems)
      : data_(data_folder),
        sweep_(sweep),
        pointer_(pointer),
        out_(out),
        problems_(problems),
        axes_(problems) {}

  void parse(const json& entries) {
    std::vector<std::string> known;
    for (const auto& entry : all_datasets()) known.push_back(entry.name);
    for (size_t i = 0; i < entries.size(); ++i) {
      std::string pointer = fmt::format("{}/{}", pointer_, i);
      json given = entries[i];
      if (given.is_object() && given.contains("otherwise")) {
        const json other = given["otherwise"];
        given.erase("otherwise");
        if (!present(given)) {
          given = other;
          pointer += "/otherwise";
        }
      }
      const json object = given.is_string() ? json{{"name", given}} : given;
      if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
        problems_.add(pointer,
                      fmt::format("{} is not a dataset: a name or an object with \"name\"", given.dump()));
        continue;
      }
      const auto name = object["name"].get<std::string>();
      const DatasetEntry* entry = find_dataset(name);
      if (entry == nullptr) {
        problems_.add(given.is_string() ? pointer : pointer + "/name",
                      fmt::format("\"{}\" is not a dataset{}; known: {}", name, did_you_mean(name, known),
                                  fmt::join(known, ", ")));
        continue;
      }
      dataset(*entry, object, pointer);
    }
    std::set<std::string> labels;
    for (const auto& spec : out_) {
      if (!labels.insert(spec.label).second) {
        problems_.add(pointer_,
                      fmt::format("two datasets are named \"{}\"; give each its own \"label\"", spec.label));
      }
    }
  }

 private:
  /// Whether the files of an entry are there; what is no dataset counts as there, to be complained about.
  bool present(const json& object) const {
    const json name = object.value("name", json());
    const DatasetEntry* entry = name.is_string() ? find_dataset(name.get<std::string>()) : nullptr;
    if (entry == nullptr || entry->surrogate) return true;
    if (object.contains("path") && object["path"].is_string())
      return fs::exists(data_ / object["path"].get<std::string>());  // an absolute path stays as it is
    try {
      find_dataset_file(*entry, data_);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  void dataset(const DatasetEntry& entry, json object, const std::string& pointer) {
    object.erase("name");
    std::map<std::string, std::string> columns;
    if (object.contains("columns")) {
      const json& map = object["columns"];
      if (!map.is_object())
        problems_.add(pointer + "/columns", fmt::format("{} is not an object of column names", map.dump()));
      for (const auto& [key, value] : map.items()) {
        if (value.is_string()) {
          columns[key] = value;
        } else {
          problems_.add(join_pointer(pointer + "/columns", key),
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
      const size_t before = problems_.size();
      Problems own;
      read_params(params, combination.values, pointer, own);
      axes_.report(own, combination);
      const std::string base = spec.label.empty() ? entry.name : spec.label;
      spec.label = combination.variant.empty() ? base : base + "[" + combination.variant + "]";
      if (spec.canaries > 0) check_canaries(spec, pointer + "/canaries");
      if (problems_.size() == before && !entry.surrogate) locate(entry, params.path, pointer, spec);
      spec.rules = params.rules.empty() ? entry.rules : rules(params.rules, pointer + "/rules");
      out_.push_back(std::move(spec));
    }
  }

  /// As far as it can be told before the records are counted; the prepare stage does the rest.
  void check_canaries(const DatasetSpec& spec, const std::string& pointer) {
    const int64_t records = spec.entry->surrogate ? spec.records : spec.max_records;
    const auto train = static_cast<int64_t>(std::llround(spec.train_share * static_cast<double>(records)));
    if (pointer_ == "/public_data") {
      problems_.add(pointer, "public data are not audited; canaries belong to an entry of \"datasets\"");
    } else if (records > 0 && spec.canaries > train) {
      problems_.add(pointer, fmt::format("{} is above the {} records of the training part of {}",
                                         spec.canaries, train, spec.label));
    }
  }

  /// The text of a file of rules, checked.
  std::string rules(const std::string& name, const std::string& pointer) {
    try {
      const std::string file = (sweep_.folder / name).string();
      std::string text = read_text_file(file);
      parse_rules(text, file);
      return text;
    } catch (const Error& e) {
      problems_.add(pointer, e.what());
      return {};
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
        problems_.add(pointer + "/path", fmt::format("{}: there is no such file; {} is to be had from {}",
                                                     spec.file.string(), entry.name, entry.download));
      } else if (fs::is_directory(spec.file)) {
        problems_.add(pointer + "/path",
                      fmt::format("{}: is a folder, not a trace file", spec.file.string()));
      }
    } catch (const Error& e) {
      problems_.add(pointer, e.what());
    } catch (const fs::filesystem_error& e) {
      problems_.add(pointer + "/path", e.what());
    }
  }

  fs::path data_;
  const Sweep& sweep_;
  std::string pointer_;
  std::vector<DatasetSpec>& out_;
  Problems& problems_;
  AxisProblems axes_;
};

}  // namespace

void parse_datasets(const json& entries, const std::string& pointer, const fs::path& data_folder,
                    Sweep& sweep, Problems& problems) {
  auto& out = pointer == "/public_data" ? sweep.public_data : sweep.datasets;
  Datasets(data_folder, sweep, pointer, out, problems).parse(entries);
}

}  // namespace bench
