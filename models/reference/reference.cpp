#include "models/reference/reference.h"

#include "core/error.h"
#include "datasets/hdf5_trace.h"

namespace bench {
namespace {

constexpr auto kFile = "training.h5";
constexpr auto kRole = "training copy of a reference model";

}  // namespace

void TrainingReplay::fit(const TrainingTrace& train, FitContext&) {
  if (train.trace().size() == 0) fail(Kind::data, "reference model: the training part has no record");
  training_ = train.trace();
}

void TrainingReplay::save(const std::filesystem::path& folder) const {
  write_hdf5_trace(training(), folder / kFile, kRole);
}

void TrainingReplay::load(const std::filesystem::path& folder) {
  training_ = read_hdf5_trace(folder / kFile, kRole);
}

const Trace& TrainingReplay::training() const {
  if (training_.size() == 0) fail(Kind::config, "reference model: used before fit() or load()");
  return training_;
}

}  // namespace bench
