#pragma once
// The declarative matrix: sweep.json -> Sweep -> cells. Everything is checked before anything runs, and all
// mistakes are reported together, each with its JSON pointer.
//
//   { "name": "fidelity", "seed": 1, "repeats": 3,
//     "datasets": ["ugr16-surrogate", {"name": "caida", "path": "x.pcap", "max_records": [10000, 100000]}],
//     "models":   ["independent", {"name": "netshare", "preset": "netshare-cpu", "params": {"chunks": [1,
//     5]}}], "sampling": {"count": "train", "repeats": 1}, "metrics":  ["distribution", "joint"], "tasks":
//     ["telemetry", {"name": "classify", "params": {..}}], "exclude":
//     [{"model": "netshare", "dataset": "ton", "because": "..."}], "include":  [{"model": "netshare",
//     "dataset": "caida"}], "validation_share": 0.1, "score_against": "validation", "workers":  [1, 2],
//     "limits":   {"wall_minutes": 60, "memory_gb": 8, "threads": 1} }
//
// "public" beside a generator's name is the label of an entry of "public_data", which has the form of
// "datasets": a private training may learn from it freely. "flows" beside a generator's name gives its
// samples the flows of "train", "holdout", an earlier row or a file. A generator that names files (external,
// precomputed) has its parameters beside its name, and their names are relative to the sweep file. A dataset
// with an "otherwise" is replaced by that entry where its file is not there. A list in "params" or in a
// dataset's fields is an axis, and so is "workers".

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/params.h"
#include "datasets/catalog.h"
#include "downstream/task.h"

namespace bench {

/// One dataset of the sweep, every default filled in.
struct DatasetSpec {
  std::string
      label;  ///< name in results: the dataset's name and what an axis varies, e.g. "caida[max_records=1000]"
  const DatasetEntry* entry = nullptr;
  std::filesystem::path file;  ///< empty for a surrogate
  std::string format = "auto";
  int64_t max_records = 0;  ///< 0 = all
  int64_t records = 0;      ///< surrogates: how many to simulate
  std::string split_order = "file";
  double train_share = 0.8;
  std::map<std::string, std::string> columns;
  int64_t frame_overhead = -1;
  int64_t canaries = 0;  ///< made for an audit; their coins put about half of them into what is trained on
  std::string rules;     ///< text of metrics/rule_file.h; empty: only the built-in ones
};

/// One generator of the sweep, every parameter resolved.
struct ModelSpec {
  std::string model;    ///< registry name, or "split" / "holdout"
  std::string variant;  ///< what distinguishes it from its siblings, e.g. "sample_len=5"; may be empty
  nlohmann::json params = nlohmann::json::object();
  bool reference = false;  ///< a reference row
  /// Whose flows its samples have (Generator::takes_flows): "train", "holdout", the title of an earlier row,
  /// or "file"; empty: its own.
  std::string flows = {};
  std::filesystem::path flows_file = {};
  std::string public_data = {};  ///< label among Sweep::public_data; empty: none
  int64_t workers = 0;           ///< its cells run alone with so many stages at a time; 0 = beside the others
  std::string title() const { return variant.empty() ? model : model + "[" + variant + "]"; }
};

/// One downstream task of the sweep with its parameters.
struct TaskSpec {
  const Task* task = nullptr;
  std::string variant;  ///< what an axis varies: "columns=500"; may be empty
  nlohmann::json params = nlohmann::json::object();
  std::string title() const;
};

struct Limits {
  double wall_minutes = 60;  ///< of one stage
  double memory_gb = 8;      ///< address space of one child
  int64_t threads = 1;
};

/// One pair of the matrix; repeats and samples are counted out by the planner.
struct Pair {
  size_t dataset = 0;
  size_t model = 0;
};

struct Sweep {
  std::string name;
  std::filesystem::path folder;  ///< the sweep file's: programs and files of generators are looked for there
  uint64_t seed = 1;
  int64_t repeats = 1;
  int64_t sample_count = 0;  ///< records a cell generates; 0 = as many as the training part has
  int64_t sample_repeats = 1;
  std::string device = "cpu";
  double validation_share = 0;          ///< of the training flows, kept from the sweep's own generators
  std::string score_against = "train";  ///< "train" or "validation"
  Limits limits;
  std::vector<DatasetSpec> datasets;
  std::vector<DatasetSpec> public_data;  ///< what private generators may learn from without a budget
  std::vector<ModelSpec> models;         ///< the sweep's own, then the reference rows
  std::vector<Pair> pairs;               ///< in the order of reports
  std::vector<Pair> left_out;            ///< pairs that were chosen but do not apply
  std::vector<std::string> metrics;      ///< ids of families or metrics; empty: all
  std::vector<TaskSpec> tasks;
};

/// Reads and checks a sweep. `data_folder` is where dataset files are looked for (may be empty).
/// Throws Error(config) that lists every problem, Error(io) if the file cannot be read.
Sweep read_sweep(const std::filesystem::path& file, const std::filesystem::path& data_folder);
/// The same from a parsed document; `file` is for messages.
Sweep parse_sweep(const nlohmann::json& document, const std::string& file,
                  const std::filesystem::path& data_folder);

/// The reference rows in the order of reports: split, holdout, resample, independent, uniform.
const std::vector<std::string>& reference_rows();

}  // namespace bench
