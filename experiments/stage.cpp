#include "experiments/stage.h"

#include <fmt/format.h>

#include <cassert>
#include <new>
#include <optional>

#include "core/error.h"
#include "core/files.h"
#include "core/params.h"
#include "core/process.h"
#include "core/provenance.h"
#include "datasets/formats.h"
#include "datasets/hdf5_trace.h"
#include "experiments/generators.h"
#include "experiments/outcome.h"
#include "experiments/pipe_progress.h"
#include "experiments/score_stage.h"
#include "experiments/selection.h"
#include "experiments/stage_inputs.h"
#include "models/privacy/privacy_params.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr auto kSampleFolder = "sample";  // what a generator leaves beside its sample

class StageRun {
 public:
  explicit StageRun(const json& task)
      : task_(task),
        fields_(task.at("fields")),
        in_(task),
        folder_(task.at("folder").get<std::string>()),
        tmp_(folder_.string() + ".tmp") {}

  void execute() {
    started_ = monotonic_seconds();
    const std::string stage = fields_.at("stage");
    json extra;
    if (stage == "prepare") extra = prepare();
    if (stage == "train") extra = train();
    if (stage == "select") extra = select();
    if (stage == "sample") extra = sample();
    if (stage == "score") extra = score();
    if (stage == "task") extra = task();
    phase("publish");
    const Usage usage = own_usage();
    const double now = monotonic_seconds();
    const StageOutcome outcome{"ok",
                               "",
                               notes_,
                               now - started_,
                               usage.cpu_seconds,
                               usage.peak_bytes,
                               task_.at("session"),
                               task_.at("spawned"),
                               now};
    json record = to_json(outcome);
    add_session(outcome, record);
    record["fields"] = fields_;
    record["key"] = task_.at("key");
    record["made_by"] = provenance();
    record["report"] = extra;
    write_text_file(tmp_ / "stage.json", record.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
    fs::remove(tmp_ / "status.json");
    publish(tmp_, folder_);
  }

  /// Writes what stands if this process dies now.
  void phase(const std::string& name) {
    phase_ = name;
    status("crash", "the process ended without a word");
  }

  void failed(std::string_view outcome, const std::string& message) { status(outcome, message); }

 private:
  void status(std::string_view outcome, const std::string& message) {
    const Usage usage = own_usage();
    const json record =
        to_json(StageOutcome{std::string(outcome), phase_, message, monotonic_seconds() - started_,
                             usage.cpu_seconds, usage.peak_bytes});
    // A message may quote bytes of somebody's file.
    write_text_file(tmp_ / "status.json", record.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  }

  Seed seed() const { return Seed(fields_.at("seed").get<uint64_t>()); }
  int threads() const { return fields_.value("threads", 1); }

  json prepare() {
    phase("read");
    Stage stage;
    stage.fields = fields_;
    stage.where = task_.at("where");
    const Prepared made = prepare_dataset(stage);
    phase("write");
    save_training(made.split.train, tmp_ / "train.h5");
    write_hdf5_trace(made.split.holdout, tmp_ / "holdout.h5", "holdout");
    if (made.slice) {
      save_training(made.slice->fit, tmp_ / "fit.h5");
      write_hdf5_trace(made.slice->validation, tmp_ / "validation.h5", "validation");
    }
    if (made.canaries) {
      const auto save = [&](const TrainingTrace& part, const char* name) {
        save_training(insert_canaries(part, *made.canaries, seed().child("canaries")), tmp_ / name);
      };
      save_canaries(*made.canaries, tmp_ / "canaries.h5");
      save(made.split.train, "train_canaries.h5");
      if (made.slice) save(made.slice->fit, "fit_canaries.h5");
    }
    return made.report;
  }

  json train() {
    phase("load");
    const TrainingTrace data = in_.training();
    const auto model =
        make_generator(fields_.at("model"), fields_.at("params"), folder_.string(), in_.base());
    std::vector<fs::path> needs = in_.folders("train");
    for (fs::path& need : needs) need /= "model";
    make_folder(tmp_ / "model");
    phase("fit");
    FitContext context{seed(), threads(), fields_.at("device"), progress_};
    model->fit_unit(fields_.value("unit", size_t{0}), data, needs, tmp_ / "model", context);
    int64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(tmp_ / "model")) {
      if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
    }
    json report{{"model_bytes", bytes}};
    const fs::path cost = tmp_ / "model" / kPrivacyFile;
    if (fs::exists(cost)) report["privacy"] = read_json_file(cost.string());
    return report;
  }

  json select() {
    phase("load");
    const TrainingTrace data = in_.whole();
    const Trace validation = in_.validation();
    const auto model = in_.trained();
    phase("select");
    SampleContext context{seed(), threads(), fields_.at("device"), progress_};
    const json selection = select_snapshot(*model, validation, data.window(), context);
    write_text_file(tmp_ / kSelectionFile, selection.dump(1) + "\n");
    return selection;
  }

  json sample() {
    phase("load");
    const std::string model_name = fields_.at("model");
    const TrainingTrace data = in_.whole();
    if (model_name == "split") {
      const Halves halves = split_flows(data, seed());
      write_hdf5_trace(halves.first, tmp_ / "real.h5");
      write_hdf5_trace(halves.second, tmp_ / "synthetic.h5");
      return {{"records", halves.second.size()}};
    }
    if (model_name == "holdout") {
      const Trace holdout = in_.holdout();
      write_hdf5_trace(holdout, tmp_ / "synthetic.h5");
      return {{"records", holdout.size()}};
    }
    const auto model = in_.trained();
    for (const fs::path& chosen : in_.folders("select")) {
      model->use_snapshot(read_json_file((chosen / kSelectionFile).string()).at("winner"));
    }
    phase("sample");
    int64_t records = fields_.at("records");
    if (records == 0) records = static_cast<int64_t>(in_.like(data).size());
    SampleContext context{seed(), threads(), fields_.at("device"), progress_, {}, tmp_ / kSampleFolder};
    Trace flows;
    if (fields_.contains("flows")) {
      flows = in_.flows();
      context.flows = &flows;
      records = static_cast<int64_t>(flows.size());
    }
    const Trace synthetic = model->sample(records, context);
    phase("check");
    if (model->exact_count() && static_cast<int64_t>(synthetic.size()) != records) {
      fail(Kind::invalid_output, "{} made {} records; {} were asked for", model_name, synthetic.size(),
           records);
    }
    try {
      check_trace(synthetic, model_name);
    } catch (const Error& e) {
      throw Error(Kind::invalid_output, e.what());
    }
    write_hdf5_trace(synthetic, tmp_ / "synthetic.h5");
    for (const auto& note : context.notes) notes_ += (notes_.empty() ? "" : "; ") + note;
    return {{"records", synthetic.size()}};
  }

  json write_scores(const std::vector<Score>& scores) {
    std::string lines;
    for (const Score& s : scores) lines += to_json(s).dump() + "\n";
    write_text_file(tmp_ / kScoresFile, lines);
    return {{"scores", scores.size()}};
  }

  json score() {
    phase("load");
    const ScoredTraces loaded = in_.scored();
    return write_scores(family_scores(fields_, loaded.pair(), [&](const std::string& id) { phase(id); }));
  }

  json task() {
    phase("load");
    const ScoredTraces loaded = in_.scored();
    phase(fields_.at("task"));
    return write_scores(task_scores(fields_, loaded.pair()));
  }

  const json& task_;
  const json& fields_;
  StageInputs in_;
  fs::path folder_;
  fs::path tmp_;
  std::string phase_ = "start";
  std::string notes_;  ///< what a reader of the scores must know
  double started_ = 0;
  PipeProgress progress_;
};

}  // namespace

json task_json(const Plan& plan, size_t index, const fs::path& stages_folder, const Limits& limits,
               const std::string& session) {
  const Stage& stage = plan.stages[index];
  json inputs = json::object();
  for (const size_t i : stage.inputs) {
    inputs[std::string(stage_name(plan.stages[i].kind))].push_back(
        (stages_folder / plan.stages[i].folder()).string());
  }
  return {{"key", stage.key},
          {"fields", stage.fields},
          {"where", stage.where},
          {"inputs", inputs},
          {"folder", (stages_folder / stage.folder()).string()},
          {"session", session},
          {"spawned", monotonic_seconds()},
          {"memory_bytes", static_cast<int64_t>(limits.memory_gb * 1024 * 1024 * 1024)}};
}

int run_stage(const fs::path& task_file) {
  const json task = read_json_file(task_file);
  // CUDA reserves far more address space than it uses, so the limit is for CPU stages.
  adopt_limits(task.at("fields").value("device", "cpu") == "cpu" ? task.at("memory_bytes").get<int64_t>()
                                                                 : 0);
  StageRun run(task);
  run.phase("start");
  try {
    run.execute();
    return 0;
  } catch (const Error& e) {
    run.failed(kind_name(e.kind), e.what());
    fmt::print("{}\n", e.what());
  } catch (const std::bad_alloc&) {
    run.failed(kind_name(Kind::out_of_memory), "memory ran out");
    fmt::print("memory ran out\n");
  } catch (const std::exception& e) {
    run.failed("crash", e.what());
    fmt::print("{}\n", e.what());
  }
  return 1;
}

}  // namespace bench
