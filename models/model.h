#pragma once
// The interface of every generator: learn from the training part of a trace, then produce records like it.
// A generator reads no global state and prints nothing: the context carries seed, threads, device and
// progress.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "core/progress.h"
#include "core/seed.h"
#include "datasets/split.h"

namespace bench {

struct FitContext {
  Seed seed;
  int threads = 1;
  std::string device = "cpu";  ///< "cpu" or "cuda"
  Progress& progress;
};

struct SampleContext {
  Seed seed;
  int threads = 1;
  std::string device = "cpu";
  Progress& progress;
};

/// Rough cost of a training, for --dry-run.
struct Estimate {
  double seconds = 0;
  double bytes = 0;
};

class Generator {
 public:
  virtual ~Generator() = default;
  /// Learns from the training part. Throws Error(diverged) on a NaN or infinite loss, Error(unsupported) if
  /// the trace lacks a column it needs.
  virtual void fit(const TrainingTrace& train, FitContext& context) = 0;
  /// Exactly `records` legal records (check_trace passes), of the kind and with the columns of the training
  /// part, in order of time where the training part has one. Callable more than once; needs fit() or load()
  /// before.
  virtual Trace sample(int64_t records, SampleContext& context) = 0;
  /// Writes what sample() needs into a folder that exists.
  virtual void save(const std::filesystem::path& folder) const = 0;
  /// Throws Error(data) if the files are missing or damaged.
  virtual void load(const std::filesystem::path& folder) = 0;
  /// Cost of fit() on a trace like this one. Cheap: no training.
  virtual Estimate estimate(const Trace&) const { return {}; }
};

struct ModelEntry {
  std::string_view name;
  std::string_view summary;  ///< one line with the source
  int version;               ///< raised when results change: part of the stage key
  std::unique_ptr<Params> (*params)();
  /// `params` came from the same entry's params().
  std::unique_ptr<Generator> (*make)(const Params& params);
};

/// The only place that knows every generator (models/list.cpp). Order = order in reports.
const std::vector<ModelEntry>& all_models();
/// nullptr if there is none of that name.
const ModelEntry* find_model(std::string_view name);

}  // namespace bench
