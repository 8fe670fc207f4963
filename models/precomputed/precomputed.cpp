#include "models/precomputed/precomputed.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "datasets/formats.h"
#include "datasets/hdf5_trace.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr auto kFile = "precomputed.h5";

class PrecomputedParams : public Params {
 public:
  std::vector<std::string> files;
  std::string format = "auto";

  void describe(FieldVisitor& v) override {
    std::vector<std::string> formats{"auto"};
    for (const auto& entry : all_formats()) formats.emplace_back(entry.id);
    v.list({"files", "", "the traces, one for each repeat; looked for in the sweep's folder", ""}, files,
           ListOf::files);
    v.text({"format", "", "format of the files", ""}, format, formats);
  }
  std::string contradiction() const override {
    return files.empty() ? "files is empty; at least one trace is needed" : "";
  }
};

class Precomputed : public Generator {
 public:
  explicit Precomputed(const PrecomputedParams& params) : params_(params) {}

  void fit(const TrainingTrace& train, FitContext& context) override {
    const fs::path path = params_.files.at(0);
    ReadReport report;
    try {
      trace_ = read_trace(path, params_.format, {}, report);
    } catch (const Error& e) {
      throw Error(Kind::invalid_output, e.what());
    }
    if (trace_.kind != train.trace().kind) {
      fail(Kind::invalid_output, "{} holds {}; the dataset holds {}", path.string(), kind_name(trace_.kind),
           kind_name(train.trace().kind));
    }
    for (const auto& [reason, count] : report.skipped)
      context.progress.log(fmt::format("{}: {} records skipped: {}", path.string(), count, reason));
  }

  Trace sample(int64_t records, SampleContext& context) override {
    if (static_cast<int64_t>(trace_.size()) != records) {
      context.notes.push_back(
          fmt::format("{} records where {} were asked for: scored as they are", trace_.size(), records));
    }
    return trace_;
  }

  bool exact_count() const override { return false; }
  void save(const fs::path& folder) const override { write_hdf5_trace(trace_, folder / kFile); }
  void load(const fs::path& folder) override { trace_ = read_hdf5_trace(folder / kFile); }

 private:
  PrecomputedParams params_;
  Trace trace_;
};

}  // namespace

std::unique_ptr<Params> precomputed_params() { return std::make_unique<PrecomputedParams>(); }

std::unique_ptr<Generator> make_precomputed(const Params& params) {
  return std::make_unique<Precomputed>(dynamic_cast<const PrecomputedParams&>(params));
}

}  // namespace bench
