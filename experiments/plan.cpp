#include "experiments/plan.h"

#include <fmt/format.h>

#include <map>

#include "core/error.h"
#include "core/hash.h"
#include "core/seed.h"
#include "datasets/surrogate/surrogate.h"
#include "metrics/metric.h"
#include "models/model.h"

namespace bench {
namespace {

using nlohmann::json;

// Raised when the code of a stage changes its result.
constexpr int kPrepareVersion = 1;
constexpr int kTrainVersion = 1;
constexpr int kSampleVersion = 1;
constexpr int kScoreVersion = 1;

class Planner {
 public:
  explicit Planner(const Sweep& sweep) : sweep_(sweep), root_(sweep.seed) {}

  Plan plan() {
    std::vector<size_t> prepared;
    for (const auto& dataset : sweep_.datasets) prepared.push_back(prepare(dataset));
    for (const auto& pair : sweep_.pairs) {
      const ModelSpec& model = sweep_.models[pair.model];
      const bool once = model.model == "holdout";  // the held-out part is one fixed trace
      for (int64_t repeat = 0; repeat < (once ? 1 : sweep_.repeats); ++repeat) {
        for (int64_t sample = 0; sample < (once ? 1 : sweep_.sample_repeats); ++sample) {
          add_cell(pair, prepared[pair.dataset], repeat, sample);
        }
      }
    }
    return std::move(plan_);
  }

 private:
  size_t add(Stage stage) {
    for (const size_t input : stage.inputs) stage.fields["inputs"].push_back(plan_.stages[input].key);
    stage.key = hash_json(stage.fields);
    const auto [it, fresh] = index_.emplace(stage.key, plan_.stages.size());
    if (fresh) plan_.stages.push_back(std::move(stage));
    return it->second;
  }

  size_t prepare(const DatasetSpec& d) {
    Stage stage;
    stage.kind = StageKind::prepare;
    stage.title = d.label;
    json source;
    if (d.entry->surrogate) {
      source = {{"surrogate", d.entry->name},
                {"records", d.records},
                {"seed", root_.child("surrogate").child(d.entry->name).value()}};
    } else {
      source = {{"content", hash_file(d.file)},
                {"format", d.format},
                {"max_records", d.max_records},
                {"columns", d.columns},
                {"frame_overhead", d.frame_overhead}};
      stage.where["file"] = std::filesystem::absolute(d.file).string();
    }
    stage.fields = {{"stage", "prepare"},
                    {"version", kPrepareVersion},
                    {"source", source},
                    {"split", d.split_order},
                    {"train_share", d.train_share},
                    {"seed", root_.child("split").child(d.entry->name).value()}};
    return add(std::move(stage));
  }

  void add_cell(const Pair& pair, size_t prepared, int64_t repeat, int64_t sample) {
    const DatasetSpec& dataset = sweep_.datasets[pair.dataset];
    const ModelSpec& model = sweep_.models[pair.model];
    // Not of the label or the variant: a new value on an axis leaves the others' seeds, and so their results,
    // alone.
    const Seed seed = root_.child(dataset.entry->name).child(model.model);
    const std::string title = fmt::format("{} {} #{}", dataset.label, model.title(), repeat);
    Cell cell;
    cell.dataset = pair.dataset;
    cell.model = pair.model;
    cell.repeat = repeat;
    cell.sample = sample;
    cell.stages.push_back(prepared);

    const ModelEntry* entry = find_model(model.model);
    if (entry != nullptr) {
      Stage train;
      train.kind = StageKind::train;
      train.title = title;
      train.inputs = {prepared};
      train.fields = {{"stage", "train"},
                      {"version", kTrainVersion},
                      {"model", model.model},
                      {"model_version", entry->version},
                      {"params", model.params},
                      {"device", sweep_.device},
                      {"threads", sweep_.limits.threads},
                      {"seed", seed.child("train", static_cast<uint64_t>(repeat)).value()}};
      cell.stages.push_back(add(std::move(train)));
    }

    Stage draw;
    draw.kind = StageKind::sample;
    draw.title = title;
    draw.inputs = cell.stages;
    draw.fields = {{"stage", "sample"},
                   {"version", kSampleVersion},
                   {"model", model.model},
                   {"records", sweep_.sample_count},
                   {"device", sweep_.device},
                   {"threads", sweep_.limits.threads},
                   {"seed", seed.child("train", static_cast<uint64_t>(repeat))
                                .child("sample", static_cast<uint64_t>(sample))
                                .value()}};
    const size_t drawn = add(std::move(draw));
    cell.stages.push_back(drawn);

    Stage score;
    score.kind = StageKind::score;
    score.title = title;
    score.inputs = {prepared, drawn};
    json families = json::object();
    for (const auto& family : all_metrics()) families[std::string(family.id)] = family.version;
    score.fields = {{"stage", "score"}, {"version", kScoreVersion}, {"families", families}};
    cell.stages.push_back(add(std::move(score)));

    cell.id = fmt::format("{}__{}__r{}s{}__{}", dataset.label, model.title(), repeat, sample,
                          plan_.stages[cell.stages.back()].key.substr(0, 8));
    for (char& c : cell.id) {
      if (c == '/' || c == ' ' || c == '\\') c = '_';
    }
    plan_.cells.push_back(std::move(cell));
  }

  const Sweep& sweep_;
  Seed root_;
  Plan plan_;
  std::map<std::string, size_t> index_;
};

SplitOrder split_order(const std::string& name) {
  return name == "file" ? SplitOrder::file : name == "time" ? SplitOrder::time : SplitOrder::random;
}

}  // namespace

std::string_view stage_name(StageKind kind) {
  switch (kind) {
    case StageKind::prepare:
      return "prepare";
    case StageKind::train:
      return "train";
    case StageKind::sample:
      return "sample";
    case StageKind::score:
      return "score";
  }
  return "";
}

std::string Stage::folder() const { return fmt::format("{}-{}", stage_name(kind), key.substr(0, 16)); }

Plan make_plan(const Sweep& sweep) { return Planner(sweep).plan(); }

Prepared prepare_dataset(const Stage& stage) {
  const json& source = stage.fields.at("source");
  ReadReport report;
  Trace trace;
  if (source.contains("surrogate")) {
    trace = simulate(source["surrogate"].get<std::string>(), source["records"].get<int64_t>(),
                     Seed(source["seed"].get<uint64_t>()));
    report.format = "surrogate";
    report.records = static_cast<int64_t>(trace.size());
  } else {
    ReadOptions options;
    options.max_records = source["max_records"];
    options.columns = source["columns"];
    options.frame_overhead = source["frame_overhead"];
    trace = read_trace(stage.where.at("file").get<std::string>(), source["format"].get<std::string>(),
                       options, report);
  }
  Split split = split_trace(trace, stage.fields["train_share"], split_order(stage.fields["split"]),
                            Seed(stage.fields["seed"].get<uint64_t>()));
  json summary{{"format", report.format},
               {"kind", kind_name(trace.kind)},
               {"surrogate", source.contains("surrogate")},
               {"records", report.records},
               {"train", split.train.trace().size()},
               {"holdout", split.holdout.size()},
               {"time", trace.has_time()},
               {"skipped", report.skipped},
               {"notes", report.notes}};
  return {std::move(split), std::move(summary)};
}

}  // namespace bench
