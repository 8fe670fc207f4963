#pragma once
// The interface of every generator: learn from the training part of a trace, then produce records like it.
// A generator reads no global state and prints nothing: the context carries seed, threads, device and
// progress.

#include <cassert>
#include <filesystem>
#include <memory>
#include <span>
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

/// A label that every record of a sample shall have, e.g. {"type", "blacklist"}.
struct GivenLabel {
  std::string label, value;
};

struct SampleContext {
  Seed seed;
  int threads = 1;
  std::string device = "cpu";
  Progress& progress;
  std::vector<GivenLabel> given = {};  ///< only for generators that can_condition()
  /// For what should stay beside the sample, e.g. the output of a program. Made when needed; empty: nothing
  /// stays.
  std::filesystem::path folder = {};
  std::vector<std::string> notes = {};  ///< what a reader of the scores must know, one sentence each
  /// Flows that are given: the sample has their five-tuples, starts and numbers of records, the rest is made.
  /// Only for generators that takes_flows(); sample() is asked for as many records as there are.
  const Trace* flows = nullptr;
};

/// Rough cost of a training, for --dry-run.
struct Estimate {
  double seconds = 0;
  double bytes = 0;
};

/// One training of a generator whose fit() consists of several, e.g. one per time chunk.
struct TrainingUnit {
  std::string name;           ///< unique in the generator, for logs
  std::vector<size_t> needs;  ///< earlier units whose folders it reads
  /// It learns from the public data of its row and not from the training part.
  bool on_public = false;
  /// Parameters that this unit does not depend on: rows that differ in them alone share it.
  std::vector<std::string> without = {};
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
  /// False where the records exist already: sample() then returns them all, however many were asked for.
  virtual bool exact_count() const { return true; }
  /// Whether sample() heeds SampleContext::given; it throws Error(config) for a label or value that the
  /// training part does not have.
  virtual bool can_condition() const { return false; }
  /// Whether sample() heeds SampleContext::flows; it throws Error(data) for flows that it cannot encode.
  virtual bool takes_flows() const { return false; }
  /// Writes what sample() needs into a folder that exists.
  virtual void save(const std::filesystem::path& folder) const = 0;
  /// Throws Error(data) if the files are missing or damaged.
  virtual void load(const std::filesystem::path& folder) = 0;
  /// The parts of fit(), each a process of its own under the harness: those that do not need each other run
  /// side by side. Depends on the parameters only. load() reads the folder of the last one.
  virtual std::vector<TrainingUnit> units() const { return {{"fit", {}}}; }
  /// Trains one of units() and writes into `folder`, which exists. `needs` are the folders of the units it
  /// names, in its order. The context's seed is the cell's: the same for every unit. fit() and save() have
  /// the same result as all units in order.
  virtual void fit_unit(size_t, const TrainingTrace& train,
                        [[maybe_unused]] std::span<const std::filesystem::path> needs,
                        const std::filesystem::path& folder, FitContext& context) {
    assert(needs.empty());
    fit(train, context);
    save(folder);
  }
  /// States of the training that fit() keeps, the last one last; more than 1 asks the harness to choose one
  /// on a validation slice. Depends on the parameters only.
  virtual int64_t snapshots() const { return 1; }
  /// sample() uses snapshot `index` in 0 .. snapshots() - 1 from now on; the last one if never called.
  virtual void use_snapshot([[maybe_unused]] int64_t index) { assert(index == 0); }
  /// Cost of the whole training on a trace like this one. Cheap: no training.
  virtual Estimate estimate(const Trace&) const { return {}; }
};

/// The kinds of traces that a generator can learn from.
enum class Applies { both, packets, flows };

struct ModelEntry {
  std::string_view name;
  std::string_view summary;  ///< one line with the source
  int version;               ///< raised when results change: part of the stage key
  Applies applies;
  std::unique_ptr<Params> (*params)();
  /// `params` came from the same entry's params().
  std::unique_ptr<Generator> (*make)(const Params& params);
};

/// The only place that knows every generator (models/list.cpp). Order = order in reports.
const std::vector<ModelEntry>& all_models();
/// nullptr if there is none of that name.
const ModelEntry* find_model(std::string_view name);

}  // namespace bench
