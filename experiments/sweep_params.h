#pragma once
// The scalar fields of a sweep, described once.

#include <string>
#include <vector>

#include "core/params.h"
#include "datasets/formats.h"
#include "experiments/sweep.h"

namespace bench {

inline constexpr int64_t kMostWorkers = 4'096;
inline constexpr int64_t kMostSampleRepeats = 10'000;

class TopParams : public Params {
 public:
  explicit TopParams(Sweep& sweep) : sweep_(sweep), seed_(static_cast<int64_t>(sweep.seed)) {}
  void describe(FieldVisitor& v) override {
    v.text({"name", "", "name of the run: results land in results/runs/NAME", ""}, sweep_.name, {});
    v.integer({"seed", "", "root of the tree of seeds", ""}, seed_, 0, INT64_MAX);
    v.integer(
        {"repeats", "trainings", "how often every generator is trained, with another seed each time", ""},
        sweep_.repeats, 1, 10'000);
    v.text({"device", "", "where networks train: auto takes a CUDA device if LibTorch has one", ""},
           sweep_.device, {"cpu", "cuda", "auto"});
    v.number(
        {"validation_share", "",
         "share of the training flows that the sweep's own generators do not see; snapshots and settings are "
         "chosen on them",
         ""},
        sweep_.validation_share, 0, 0.5);
    v.text(
        {"score_against", "",
         "what synthetic traces are compared with, and as long as: the training part or the validation slice",
         ""},
        sweep_.score_against, {"train", "validation"});
    sweep_.seed = static_cast<uint64_t>(seed_);
  }

 private:
  Sweep& sweep_;
  int64_t seed_;
};

class LimitParams : public Params {
 public:
  explicit LimitParams(Limits& limits) : limits_(limits) {}
  void describe(FieldVisitor& v) override {
    v.number({"wall_minutes", "minutes", "a stage that runs longer ends as timeout", ""},
             limits_.wall_minutes, 0.001, 1e6);
    v.number({"memory_gb", "GiB",
              "address space of one stage with device cpu; beyond it ends as out-of-memory", ""},
             limits_.memory_gb, 0.25, 1e5);
    v.integer({"threads", "", "threads of one stage; cells run in parallel, so 1 is the fast choice", ""},
              limits_.threads, 1, 1024);
  }

 private:
  Limits& limits_;
};

class DatasetParams : public Params {
 public:
  explicit DatasetParams(DatasetSpec& spec) : spec_(spec) {}
  std::string path;
  std::string rules;
  void describe(FieldVisitor& v) override {
    std::vector<std::string> formats{"auto"};
    for (const auto& format : all_formats()) formats.emplace_back(format.id);
    const bool surrogate = spec_.entry->surrogate;
    if (!surrogate) {
      v.text({"path", "", "the file, relative to the data folder unless absolute", ""}, path, {});
      v.text({"format", "", "the file's format", ""}, spec_.format, formats);
      v.integer({"max_records", "records", "read only the first so many; 0 = all", ""}, spec_.max_records, 0,
                INT64_MAX);
      v.integer(
          {"frame_overhead", "bytes", "packet-csv: taken off a frame length; -1 = what the layout needs", ""},
          spec_.frame_overhead, -1, 1000);
    } else {
      v.integer({"records", "records", "how many are simulated", ""}, spec_.records, 2, 1'000'000'000);
    }
    v.text({"split", "", "which part is held out: the last in file order, the latest, or a random one", ""},
           spec_.split_order, {"file", "time", "random"});
    v.number({"train_share", "", "share of the records that generators are trained on", ""},
             spec_.train_share, 0.01, 0.99);
    v.integer(
        {"canaries", "records",
         "made for an audit: a coin of each puts it into what is trained on; scores are canary_accuracy and "
         "canary_epsilon",
         "Steinke, Nasr and Jagielski, NeurIPS 2023"},
        spec_.canaries, 0, 1'000'000);
    v.text({"rules", "",
            "file with rules of its records, relative to the sweep file; default: those of the dataset", ""},
           rules, {});
    v.text({"label", "", "name in results", ""}, spec_.label, {});
  }

 private:
  DatasetSpec& spec_;
};

}  // namespace bench
