#include "experiments/stage_inputs.h"

#include <cassert>

#include "core/files.h"
#include "datasets/formats.h"
#include "datasets/hdf5_trace.h"
#include "experiments/generators.h"

namespace bench {

namespace fs = std::filesystem;

std::vector<fs::path> StageInputs::folders(const char* stage) const {
  std::vector<fs::path> out;
  for (const auto& folder : task_.at("inputs").value(stage, nlohmann::json::array()))
    out.emplace_back(folder.get<std::string>());
  return out;
}

fs::path StageInputs::folder(const char* stage) const {
  const std::vector<fs::path> all = folders(stage);
  assert(all.size() == 1);
  return all[0];
}

fs::path StageInputs::base() const {
  return task_.at("where").is_object() ? task_.at("where").value("folder", "") : "";
}

TrainingTrace StageInputs::training() const {
  return load_training(folder("prepare") / (fields_.value("data", "train") + ".h5"));
}

TrainingTrace StageInputs::whole() const { return load_training(folder("prepare") / "train.h5"); }

Trace StageInputs::validation() const {
  return read_hdf5_trace(folder("prepare") / "validation.h5", "validation");
}

Trace StageInputs::holdout() const { return read_hdf5_trace(folder("prepare") / "holdout.h5", "holdout"); }

Trace StageInputs::like(const TrainingTrace& data) const {
  const bool slice = fields_.value("like", fields_.value("against", "train")) == "validation";
  return slice ? validation() : data.trace();
}

std::unique_ptr<Generator> StageInputs::trained() const {
  const fs::path record = folder("train") / "stage.json";
  auto model = make_generator(fields_.at("model"), read_json_file(record.string()).at("fields").at("params"),
                              record.string(), base());
  model->load(folder("train") / "model");
  return model;
}

Trace StageInputs::flows() const {
  const std::string from = fields_.at("flows");
  if (from == "train") return training().trace();
  if (from == "holdout") return holdout();
  if (from == "row") return read_hdf5_trace(folder("sample") / "synthetic.h5");
  ReadReport report;
  return read_trace(task_.at("where").at("flows").get<std::string>(), "auto", {}, report);
}

ScoredTraces StageInputs::scored() const {
  const TrainingTrace data = whole();
  const fs::path own_real = folder("sample") / "real.h5";
  ScoredTraces out{data.window(), fs::exists(own_real) ? read_hdf5_trace(own_real) : like(data),
                   read_hdf5_trace(folder("sample") / "synthetic.h5"), std::nullopt, std::nullopt};
  if (fields_.value("holdout", true)) out.holdout = holdout();
  if (fields_.value("canaries", false)) out.canaries = load_canaries(folder("prepare") / "canaries.h5");
  return out;
}

}  // namespace bench
