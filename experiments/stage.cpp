#include "experiments/stage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <new>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "core/progress.h"
#include "core/provenance.h"
#include "datasets/hdf5_trace.h"
#include "metrics/metric.h"
#include "models/model.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kProgressDescriptor = 3;
constexpr double kProgressInterval = 0.25;  // seconds between two lines to the parent

/// Sends "done total unit<tab>detail" lines to the parent and log lines to standard output (the stage's log).
class PipeProgress : public Progress {
 public:
  void report(double done, double total, std::string_view unit, std::string_view detail) override {
    const double now = monotonic_seconds();
    if (now - last_ < kProgressInterval && done < total) return;
    last_ = now;
    const std::string line = fmt::format("{} {} {}\t{}\n", done, total, unit, detail);
    if (::write(kProgressDescriptor, line.data(), line.size()) < 0) {
      // Nobody listens any more: the parent is gone, and PDEATHSIG ends this process.
    }
  }
  void log(std::string_view line) override {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }

 private:
  double last_ = 0;
};

class StageRun {
 public:
  explicit StageRun(const json& task)
      : task_(task),
        fields_(task.at("fields")),
        folder_(task.at("folder").get<std::string>()),
        tmp_(folder_.string() + ".tmp") {}

  void execute() {
    started_ = monotonic_seconds();
    const std::string stage = fields_.at("stage");
    json extra;
    if (stage == "prepare") extra = prepare();
    if (stage == "train") extra = train();
    if (stage == "sample") extra = sample();
    if (stage == "score") extra = score();
    phase("publish");
    const Usage usage = own_usage();
    json record = to_json(
        StageOutcome{"ok", "", "", monotonic_seconds() - started_, usage.cpu_seconds, usage.peak_bytes});
    record["fields"] = fields_;
    record["key"] = task_.at("key");
    record["made_by"] = provenance();
    record["report"] = extra;
    write_text_file(tmp_ / "stage.json", record.dump(1) + "\n");
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
    write_text_file(tmp_ / "status.json", record.dump() + "\n");
  }

  fs::path input(const char* stage) const { return task_.at("inputs").at(stage).get<std::string>(); }
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
    return made.report;
  }

  std::unique_ptr<Generator> make_model(const json& params_json) const {
    const ModelEntry* entry = find_model(fields_.at("model").get<std::string>());
    if (entry == nullptr)
      fail(Kind::config, "'{}' is not a generator", fields_.at("model").get<std::string>());
    const auto params = entry->params();
    Problems problems;
    read_params(*params, params_json, "/params", problems);
    problems.raise(folder_.string());
    return entry->make(*params);
  }

  json train() {
    phase("load");
    const TrainingTrace data = load_training(input("prepare") / "train.h5");
    const auto model = make_model(fields_.at("params"));
    phase("fit");
    FitContext context{seed(), threads(), fields_.at("device"), progress_};
    model->fit(data, context);
    phase("save");
    make_folder(tmp_ / "model");
    model->save(tmp_ / "model");
    int64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(tmp_ / "model")) {
      if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
    }
    return {{"model_bytes", bytes}};
  }

  json sample() {
    phase("load");
    const std::string model_name = fields_.at("model");
    const TrainingTrace data = load_training(input("prepare") / "train.h5");
    if (model_name == "split") {
      const Halves halves = split_flows(data, seed());
      write_hdf5_trace(halves.first, tmp_ / "real.h5");
      write_hdf5_trace(halves.second, tmp_ / "synthetic.h5");
      return {{"records", halves.second.size()}};
    }
    if (model_name == "holdout") {
      const Trace holdout = read_hdf5_trace(input("prepare") / "holdout.h5", "holdout");
      write_hdf5_trace(holdout, tmp_ / "synthetic.h5");
      return {{"records", holdout.size()}};
    }
    const json trained =
        parse_json(read_text_file(input("train") / "stage.json"), (input("train") / "stage.json").string());
    const auto model = make_model(trained.at("fields").at("params"));
    model->load(input("train") / "model");
    phase("sample");
    int64_t records = fields_.at("records");
    if (records == 0) records = static_cast<int64_t>(data.trace().size());
    SampleContext context{seed(), threads(), fields_.at("device"), progress_};
    const Trace synthetic = model->sample(records, context);
    phase("check");
    if (static_cast<int64_t>(synthetic.size()) != records) {
      fail(Kind::invalid_output, "{} made {} records; {} were asked for", model_name, synthetic.size(),
           records);
    }
    try {
      check_trace(synthetic, model_name);
    } catch (const Error& e) {
      throw Error(Kind::invalid_output, e.what());
    }
    write_hdf5_trace(synthetic, tmp_ / "synthetic.h5");
    return {{"records", records}};
  }

  json score() {
    phase("load");
    const TrainingTrace data = load_training(input("prepare") / "train.h5");
    const fs::path own_real = input("sample") / "real.h5";
    const Trace half = fs::exists(own_real) ? read_hdf5_trace(own_real) : Trace{};
    const Trace synthetic = read_hdf5_trace(input("sample") / "synthetic.h5");
    const ScoringPair pair{fs::exists(own_real) ? half : data.trace(), synthetic, data.window()};
    std::string lines;
    int64_t count = 0;
    for (const auto& family : all_metrics()) {
      phase(std::string(family.id));
      for (const Score& s : family.evaluate(pair)) {
        lines += to_json(s).dump() + "\n";
        ++count;
      }
    }
    write_text_file(tmp_ / "scores.jsonl", lines);
    return {{"scores", count}};
  }

  const json& task_;
  const json& fields_;
  fs::path folder_;
  fs::path tmp_;
  std::string phase_ = "start";
  double started_ = 0;
  PipeProgress progress_;
};

}  // namespace

json to_json(const StageOutcome& o) {
  return {{"outcome", o.outcome},         {"phase", o.phase},
          {"message", o.message},         {"wall_seconds", o.wall_seconds},
          {"cpu_seconds", o.cpu_seconds}, {"peak_bytes", o.peak_bytes}};
}

StageOutcome read_outcome(const fs::path& file) {
  const json j = json::parse(read_text_file(file), nullptr, false);
  try {
    return {j.at("outcome"),      j.at("phase"),       j.at("message"),
            j.at("wall_seconds"), j.at("cpu_seconds"), j.at("peak_bytes")};
  } catch (const json::exception&) {
    fail(Kind::data, "{}: is not the record of a stage", file.string());
  }
}

json task_json(const Plan& plan, size_t index, const fs::path& stages_folder, const Limits& limits) {
  const Stage& stage = plan.stages[index];
  json inputs = json::object();
  for (const size_t i : stage.inputs) {
    inputs[std::string(stage_name(plan.stages[i].kind))] = (stages_folder / plan.stages[i].folder()).string();
  }
  return {{"key", stage.key},
          {"fields", stage.fields},
          {"where", stage.where},
          {"inputs", inputs},
          {"folder", (stages_folder / stage.folder()).string()},
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
