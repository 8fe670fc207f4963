#include "experiments/plan.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "core/error.h"
#include "core/hash.h"
#include "core/seed.h"
#include "datasets/surrogate/surrogate.h"
#include "experiments/cards.h"
#include "experiments/generators.h"
#include "experiments/selection.h"
#include "metrics/audit.h"
#include "metrics/metric.h"
#include "metrics/privacy.h"

namespace bench {
namespace {

using nlohmann::json;

// Raised when the code of a stage changes its result.
constexpr int kPrepareVersion = 1;
constexpr int kTrainVersion = 1;
constexpr int kSelectVersion = 1;
constexpr int kSampleVersion = 1;
constexpr int kScoreVersion = 1;

class Planner {
 public:
  explicit Planner(const Sweep& sweep) : sweep_(sweep), root_(sweep.seed) {}

  Plan plan() {
    std::vector<size_t> prepared;
    for (const auto& dataset : sweep_.datasets) prepared.push_back(prepare(dataset));
    for (const auto& dataset : sweep_.public_data) public_[dataset.label] = prepare(dataset);
    for (const auto& pair : sweep_.pairs) {
      const ModelSpec& model = sweep_.models[pair.model];
      const int64_t files = files_of(model);  // of a precomputed row: each is a repeat, and a fixed trace
      const bool once = model.model == "holdout" || files > 0;  // so is the held-out part
      const int64_t repeats = files > 0 ? files : once ? 1 : sweep_.repeats;
      for (int64_t repeat = 0; repeat < repeats; ++repeat) {
        for (int64_t sample = 0; sample < (once ? 1 : sweep_.sample_repeats); ++sample) {
          add_cell(pair, prepared[pair.dataset], repeat, sample);
        }
      }
    }
    return std::move(plan_);
  }

 private:
  static int64_t files_of(const ModelSpec& model) {
    return model.model == "precomputed" ? static_cast<int64_t>(model.params.at("files").size()) : 0;
  }
  static json params_of(const ModelSpec& model, int64_t repeat) {
    json out = model.params;
    if (files_of(model) > 0) out["files"] = {model.params.at("files").at(static_cast<size_t>(repeat))};
    return out;
  }

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
    if (sweep_.validation_share > 0) stage.fields["validation_share"] = sweep_.validation_share;
    if (d.canaries > 0) stage.fields["canaries"] = d.canaries;
    return add(std::move(stage));
  }

  void add_cell(const Pair& pair, size_t prepared, int64_t repeat, int64_t sample) {
    const DatasetSpec& dataset = sweep_.datasets[pair.dataset];
    const ModelSpec& model = sweep_.models[pair.model];
    // Not of the label or the variant: a new value on an axis leaves the others' seeds, and so their results,
    // alone.
    const Seed seed = root_.child(dataset.entry->name).child(model.model);
    const std::string title = fmt::format("{} {} #{}", dataset.label, model.title(), repeat);
    const bool audited = dataset.canaries > 0;
    Cell cell;
    cell.dataset = pair.dataset;
    cell.model = pair.model;
    cell.repeat = repeat;
    cell.sample = sample;
    cell.stages.push_back(prepared);

    const Seed trained = seed.child("train", static_cast<uint64_t>(repeat));
    std::vector<size_t> drawn_from{prepared};
    json where = json::object();
    if (find_model(model.model) != nullptr) {
      const json params = params_of(model, repeat);
      const bool slice = sweep_.validation_share > 0 && !model.reference;
      const std::string part = fmt::format("{}{}", slice ? "fit" : "train", audited ? "_canaries" : "");
      const auto generator = make_generator(model.model, params, title);
      json files = json::array();
      for (const auto& file : generator_files(model.model, params, title, sweep_.folder))
        files.push_back(hash_file(file));
      if (!files.empty()) where["folder"] = sweep_.folder.string();
      for (const size_t unit :
           add_units(*generator, model, part, params, files, where, prepared, title, trained))
        cell.stages.push_back(unit);
      drawn_from.push_back(cell.stages.back());
      if (generator->snapshots() > 1) {
        cell.stages.push_back(add_selection(*generator, model, drawn_from, title, trained));
        drawn_from.push_back(cell.stages.back());
      }
    }

    Stage draw;
    draw.kind = StageKind::sample;
    draw.title = title;
    draw.inputs = drawn_from;
    draw.where = where;
    draw.fields = {{"stage", "sample"},
                   {"version", kSampleVersion},
                   {"model", model.model},
                   {"records", sweep_.sample_count},
                   {"device", sweep_.device},
                   {"threads", sweep_.limits.threads},
                   {"seed", trained.child("sample", static_cast<uint64_t>(sample)).value()}};
    if (!model.flows.empty()) take_flows(pair, repeat, sample, draw);
    if (model.flows == "train" && audited) draw.fields["data"] = "train_canaries";
    const bool against_slice = sweep_.score_against == "validation";
    if (against_slice) draw.fields["like"] = "validation";
    const size_t drawn = add(std::move(draw));
    cell.stages.push_back(drawn);
    drawn_[{pair.dataset, model.title(), repeat, sample}] = drawn;

    Stage scoring;  // what the score stage and those of the tasks share
    scoring.title = title;
    scoring.inputs = {prepared, drawn};
    if (against_slice) scoring.fields["against"] = "validation";
    // What is held out is the synthetic trace of this row: nothing is left that it has not seen.
    if (model.model == "holdout") scoring.fields["holdout"] = false;
    Stage score = scoring;
    score.kind = StageKind::score;
    score.fields["stage"] = "score";
    score.fields["version"] = kScoreVersion;
    score.fields["families"] = families(audited);
    // The others have not met the canaries: split and holdout are the data, precomputed comes from elsewhere.
    if (audited && find_model(model.model) != nullptr && model.model != "precomputed")
      score.fields["canaries"] = true;
    if (!dataset.rules.empty()) score.fields["rules"] = dataset.rules;
    cell.stages.push_back(add(std::move(score)));

    cell.id = fmt::format("{}__{}__r{}s{}__{}", dataset.label, model.title(), repeat, sample,
                          plan_.stages[cell.stages.back()].key.substr(0, 8));
    for (const TaskSpec& spec : sweep_.tasks) cell.stages.push_back(add_task(spec, scoring));
    for (char& c : cell.id) {
      if (c == '/' || c == ' ' || c == '\\') c = '_';
    }
    plan_.cells.push_back(std::move(cell));
  }

  size_t add_task(const TaskSpec& spec, const Stage& scoring) {
    Stage task = scoring;
    task.kind = StageKind::task;
    task.title += " " + spec.title();
    task.fields["stage"] = "task";
    task.fields["task"] = spec.task->id;
    task.fields["version"] = spec.task->version;
    task.fields["params"] = spec.params;
    task.fields["variant"] = spec.variant;
    task.fields["threads"] = sweep_.limits.threads;
    // Of the task alone: every row meets the same hash functions and draws.
    task.fields["seed"] = root_.child("task").child(spec.task->id).value();
    return add(std::move(task));
  }

  /// Where the flows of a sample come from.
  void take_flows(const Pair& pair, int64_t repeat, int64_t sample, Stage& draw) const {
    const ModelSpec& model = sweep_.models[pair.model];
    draw.fields["flows"] = model.flows;
    if (model.flows == "train" || model.flows == "holdout") return;
    if (model.flows == "file") {
      draw.fields["flows_content"] = hash_file(model.flows_file);
      draw.where["flows"] = std::filesystem::absolute(model.flows_file).string();
      return;
    }
    const auto row = drawn_.find({pair.dataset, model.flows, repeat, sample});
    if (row == drawn_.end())
      fail(Kind::config, "{} on {}: flows of {}, which has no sample {}.{} there", model.title(),
           sweep_.datasets[pair.dataset].label, model.flows, repeat, sample);
    draw.fields["flows"] = "row";
    draw.inputs.push_back(row->second);
  }

  /// One stage for each unit of the training on a part of the data ("train", "fit_canaries"), in order.
  std::vector<size_t> add_units(const Generator& generator, const ModelSpec& model, const std::string& part,
                                const json& params, const json& files, const json& where, size_t prepared,
                                const std::string& title, Seed seed) {
    std::vector<size_t> out;
    const std::vector<TrainingUnit> units = generator.units();
    for (size_t u = 0; u < units.size(); ++u) {
      Stage train;
      train.kind = StageKind::train;
      train.title = title;
      train.inputs = {units[u].on_public ? public_.at(model.public_data) : prepared};
      for (const size_t need : units[u].needs) train.inputs.push_back(out.at(need));
      train.fields = {{"stage", "train"},
                      {"version", kTrainVersion},
                      {"model", model.model},
                      {"model_version", find_model(model.model)->version},
                      {"params", params},
                      {"device", sweep_.device},
                      {"threads", sweep_.limits.threads},
                      {"seed", seed.value()}};
      if (units.size() > 1) {
        train.fields["unit"] = u;
        train.fields["unit_name"] = units[u].name;
        train.title += " " + units[u].name;
      }
      for (const auto& parameter : units[u].without) train.fields["params"].erase(parameter);
      if (!files.empty()) train.fields["files"] = files;
      train.where = where;
      if (part != "train" && !units[u].on_public) train.fields["data"] = part;
      if (model.workers > 0) train.fields["workers"] = model.workers;
      out.push_back(add(std::move(train)));
    }
    return out;
  }

  size_t add_selection(const Generator& generator, const ModelSpec& model, const std::vector<size_t>& inputs,
                       const std::string& title, Seed seed) {
    Stage select;
    select.kind = StageKind::select;
    select.title = title;
    select.inputs = inputs;
    select.fields = {{"stage", "select"},
                     {"version", kSelectVersion},
                     {"model", model.model},
                     {"snapshots", generator.snapshots()},
                     {"families", selecting_families()},
                     {"device", sweep_.device},
                     {"threads", sweep_.limits.threads},
                     {"seed", seed.child("select").value()}};
    return add(std::move(select));
  }

  /// Versions of the code that scores. What a validation slice and a synthetic trace have in common was not
  /// copied, so privacy is scored against the training part only. Without canaries there is no audit unless
  /// it is asked for by name.
  json families(bool audited) const {
    json out = json::object();
    for (const auto& family : all_metrics()) {
      const bool meant = family.id == kPrivacyFamily ? sweep_.score_against == "train"
                         : family.id == kAuditFamily ? audited || !sweep_.metrics.empty()
                                                     : true;
      if (meant && is_family_chosen(sweep_.metrics, family.id)) out[std::string(family.id)] = family.version;
    }
    return out;
  }

  const Sweep& sweep_;
  Seed root_;
  Plan plan_;
  std::map<std::string, size_t> index_;
  std::map<std::string, size_t> public_;  ///< prepare stage by label of the public data
  /// Sample stages by dataset, title, repeat and sample.
  std::map<std::tuple<size_t, std::string, int64_t, int64_t>, size_t> drawn_;
};

}  // namespace

std::string_view stage_name(StageKind kind) {
  switch (kind) {
    case StageKind::prepare:
      return "prepare";
    case StageKind::train:
      return "train";
    case StageKind::select:
      return "select";
    case StageKind::sample:
      return "sample";
    case StageKind::score:
      return "score";
    case StageKind::task:
      return "task";
  }
  return "";
}

std::string Stage::folder() const { return fmt::format("{}-{}", stage_name(kind), key.substr(0, 16)); }

Plan make_plan(const Sweep& sweep) { return Planner(sweep).plan(); }

}  // namespace bench
