#pragma once
// Runs the stages of a plan. The local pool below keeps up to `jobs` child processes of this program busy;
// other executors can stand beside it: same stages, same files, same results.

#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/outcome.h"
#include "experiments/plan.h"

namespace bench {

/// Hears what happens; all calls come from the thread that runs the executor.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void started(const Stage& stage) = 0;
  virtual void progress(const Stage& stage, double done, double total, const std::string& unit,
                        const std::string& detail) = 0;
  virtual void finished(const Stage& stage, const StageOutcome& outcome) = 0;
  /// Called a few times a second.
  virtual void tick() {}
};

struct PoolOptions {
  int jobs = 1;
  Limits limits;
  std::string session{};  ///< one name for everything that this run of the program executes
};

/// Outcome of each stage, by index in the plan. A stage whose folder stands is not run again; one whose input
/// failed is not run and has no outcome.
using Outcomes = std::vector<std::optional<StageOutcome>>;

/// Runs the stages in `wanted` (and nothing else; their inputs must be done or wanted too), in plan order as
/// workers get free. `stop` turning true kills the children; their stages end as cancelled. Throws Error(io)
/// if a child cannot be started.
void run_local(const Plan& plan, const std::vector<size_t>& wanted,
               const std::filesystem::path& stages_folder, const PoolOptions& options, Observer& observer,
               const std::atomic<bool>& stop, Outcomes& outcomes);

/// The outcome of a finished stage, nothing if its folder does not stand under its whole key.
std::optional<StageOutcome> finished_stage(const Stage& stage, const std::filesystem::path& stages_folder);

}  // namespace bench
