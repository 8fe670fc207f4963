// run_experiment sweep.json: trains, samples and scores every cell of a sweep.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "core/files.h"
#include "core/provenance.h"
#include "experiments/command_line.h"
#include "experiments/cost.h"
#include "experiments/describe.h"
#include "experiments/display.h"
#include "experiments/executor.h"
#include "experiments/pairs.h"
#include "experiments/schema.h"
#include "experiments/stage.h"
#include "experiments/store.h"
#include "experiments/summary.h"
#include "experiments/sweep.h"

namespace {

using namespace bench;  // NOLINT: a program's own file
namespace fs = std::filesystem;
namespace po = boost::program_options;

std::atomic<bool> interrupted{false};
void on_signal(int) { interrupted = true; }

constexpr int kInterruptedStatus = 130;

/// Errors in what the user gave (a file that cannot be read as a trace), as opposed to a training that
/// failed.
bool user_error(const StageOutcome& o) {
  return o.outcome == kind_name(Kind::data) || o.outcome == kind_name(Kind::io) ||
         o.outcome == kind_name(Kind::config);
}

void remove_leftovers(const fs::path& stages) {
  for (const auto& entry : fs::directory_iterator(stages)) {
    if (entry.path().extension() == ".tmp") fs::remove_all(entry.path());
  }
}

/// Reads all datasets before anything else: a file that cannot be read ends the run at once.
/// Returns the messages of the files that failed.
std::vector<std::string> prepare_all(const Plan& plan, const fs::path& stages, const PoolOptions& options,
                                     Observer& observer, Outcomes& outcomes) {
  std::vector<size_t> prepares;
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    if (plan.stages[i].kind == StageKind::prepare) prepares.push_back(i);
  }
  run_local(plan, prepares, stages, options, observer, interrupted, outcomes);
  std::vector<std::string> messages;
  for (const size_t i : prepares) {
    if (outcomes[i] && user_error(*outcomes[i])) messages.push_back(outcomes[i]->message);
  }
  return messages;
}

/// Everything that is still to do: first the cells that may run beside each other, then the timed ones, each
/// alone with as many stages at a time as it has workers.
void run_cells(const Sweep& sweep, const Plan& plan, const fs::path& stages, const PoolOptions& options,
               Observer& observer, Outcomes& outcomes) {
  std::vector<size_t> together;
  for (const auto& cell : plan.cells) {
    if (sweep.models[cell.model].workers == 0)
      together.insert(together.end(), cell.stages.begin(), cell.stages.end());
  }
  std::sort(together.begin(), together.end());
  together.erase(std::unique(together.begin(), together.end()), together.end());
  run_local(plan, together, stages, options, observer, interrupted, outcomes);
  for (const auto& cell : plan.cells) {
    PoolOptions alone = options;
    alone.jobs = static_cast<int>(sweep.models[cell.model].workers);
    if (alone.jobs > 0) run_local(plan, cell.stages, stages, alone, observer, interrupted, outcomes);
  }
}

int run(const Sweep& sweep, const fs::path& sweep_file, const fs::path& run_folder, int jobs) {
  const Plan plan = make_plan(sweep);
  const bool fresh = !fs::exists(run_folder);
  const fs::path stages = run_folder / "stages";
  make_folder(stages);
  const RunLock lock(run_folder);
  remove_leftovers(stages);

  Outcomes outcomes(plan.stages.size());
  size_t cached = 0;
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    outcomes[i] = finished_stage(plan.stages[i], stages);
    cached += outcomes[i] ? 1 : 0;
  }
  fmt::print(stderr, "{}: {} cells, {} stages to do, {} done before, {} at a time; results in {}\n",
             sweep.name, plan.cells.size(), plan.stages.size() - cached, cached, jobs, run_folder.string());
  if (!sweep.left_out.empty())
    fmt::print(stderr, "Left out, because they do not apply:\n{}", left_out_text(sweep));

  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const PoolOptions options{jobs, sweep.limits, fmt::format("{}-{}", ::getpid(), now)};
  {
    Display display(stderr, isatty(STDERR_FILENO) != 0, plan.stages.size() - cached, cached);
    const std::vector<std::string> unreadable = prepare_all(plan, stages, options, display, outcomes);
    if (!unreadable.empty()) {
      if (fresh) fs::remove_all(run_folder);
      fail(Kind::data, "{}", fmt::join(unreadable, "\n"));
    }
    write_text_file(run_folder / "sweep.json", read_text_file(sweep_file));
    write_text_file(run_folder / "provenance.json", provenance().dump(1) + "\n");
    write_cells(sweep, plan, run_folder);
    run_cells(sweep, plan, stages, options, display, outcomes);
  }
  const std::vector<CellStatus> statuses = cell_statuses(plan, outcomes);
  const std::vector<CellScore> scores = collect_scores(sweep, plan, statuses, stages);
  const std::vector<CellScore> costs = cost_scores(plan, outcomes, statuses, stages);
  write_tables(sweep, plan, statuses, scores, costs, run_folder);
  const Summary summary = summarise(sweep, plan, statuses, scores, costs);
  write_text_file(run_folder / "summary.md", summary.markdown);
  fmt::print("{}Every metric: {}\n", summary.headline, (run_folder / "summary.md").string());
  if (interrupted) {
    fmt::print(stderr, "Interrupted. Finished stages are kept: the same command goes on from here.\n");
    return kInterruptedStatus;
  }
  const bool ok = std::all_of(statuses.begin(), statuses.end(),
                              [](const CellStatus& s) { return s.outcome.outcome == "ok"; });
  return ok ? 0 : 1;
}

int program(int argc, char** argv) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", "this text");
  add("list", "datasets, formats, generators, presets, metrics and tasks");
  add("help-generator", po::value<std::string>()->value_name("NAME"), "parameters of a generator or preset");
  add("help-task", po::value<std::string>()->value_name("NAME"), "parameters of a downstream task");
  add("metric-card", po::value<std::string>()->value_name("ID"),
      "formula, unit, range, source and blind spot of a metric, of a family's or of a task's");
  add("schema", "JSON Schema of a sweep file, or of the parameters of a generator or preset: --schema NAME");
  add("data", po::value<std::string>()->value_name("DIR"),
      "folder of the real datasets (default: HEADERBENCH_DATA)");
  add("out", po::value<std::string>()->value_name("DIR"), "folder of the run (default: results/runs/NAME)");
  add("jobs,j", po::value<int>()->value_name("N"), "child processes at a time (default: one per core)");
  add("dry-run", "print the cells, what is cached, and an estimate of time and memory; run nothing");
  po::options_description hidden;
  hidden.add_options()("sweep", po::value<std::string>())("stage", po::value<std::string>());
  po::options_description all;
  all.add(options).add(hidden);
  po::positional_options_description positional;
  positional.add("sweep", 1);
  const po::variables_map values = parse_arguments(argc, argv, all, positional);

  if (values.count("stage") > 0) return run_stage(values["stage"].as<std::string>());
  if (values.count("help") > 0) {
    std::cout << "run_experiment SWEEP.json [options]\n\n"
                 "Trains, samples and scores every cell (dataset x generator x repeat) of a sweep. "
                 "Interrupted or killed, the\n"
                 "same command goes on where it was. Exit status: 0 every cell ok, 1 some cell failed, 2 "
                 "wrong input,\n"
                 "130 interrupted.\n\n"
              << options
              << "\nExamples\n"
                 "  run_experiment experiments/sweeps/quickstart.json\n"
                 "  run_experiment experiments/sweeps/six.json --data ../shared/data --jobs 2\n"
                 "  run_experiment experiments/sweeps/six.json --data ../shared/data --dry-run\n"
                 "  run_experiment experiments/sweeps/chunked_speedup.json   (workers in the sweep: cells "
                 "run one by "
                 "one)\n"
                 "  run_experiment --help-generator netshare\n"
                 "  run_experiment --metric-card jsd          (or a family or task: joint, telemetry)\n"
                 "  run_experiment --schema > sweep.schema.json    (for an editor)\n";
    return 0;
  }
  if (values.count("list") > 0) {
    std::cout << list_text();
    return 0;
  }
  if (values.count("help-generator") > 0) {
    std::cout << generator_help(values["help-generator"].as<std::string>());
    return 0;
  }
  if (values.count("help-task") > 0) {
    std::cout << task_help(values["help-task"].as<std::string>());
    return 0;
  }
  if (values.count("metric-card") > 0) {
    std::cout << metric_card(values["metric-card"].as<std::string>());
    return 0;
  }
  if (values.count("schema") > 0) {
    const bool whole = values.count("sweep") == 0;
    std::cout << (whole ? sweep_schema() : generator_schema(values["sweep"].as<std::string>())).dump(1)
              << "\n";
    return 0;
  }
  if (values.count("sweep") == 0)
    fail(Kind::config, "no sweep is given: run_experiment SWEEP.json; --help says more");
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const int jobs = values.count("jobs") > 0 ? values["jobs"].as<int>() : cores;
  if (jobs < 1 || jobs > 4096)
    fail(Kind::config, "--jobs {} is not a number of processes from 1 to 4096", jobs);

  const fs::path sweep_file = values["sweep"].as<std::string>();
  const Sweep sweep = read_sweep(sweep_file, data_folder(values));
  const fs::path run_folder = values.count("out") > 0 ? fs::path(values["out"].as<std::string>())
                                                      : fs::path("results") / "runs" / sweep.name;
  announce_blas();
  if (values.count("dry-run") > 0) {
    std::cout << dry_run_text(sweep, make_plan(sweep), fs::absolute(run_folder) / "stages", jobs);
    return 0;
  }
  return run(sweep, sweep_file, fs::absolute(run_folder).lexically_normal(), jobs);
}

}  // namespace

int main(int argc, char** argv) { return bench::run_main("run_experiment", program, argc, argv); }
