#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <memory>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "experiments/executor.h"
#include "experiments/stage.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kPollMilliseconds = 100;

struct Running {
  size_t stage = 0;
  std::unique_ptr<Child> child;
  double spawned = 0;   ///< monotonic_seconds()
  std::string partial;  ///< a progress line that has not ended yet
  bool timed_out = false;
};

class Pool {
 public:
  Pool(const Plan& plan, const fs::path& stages_folder, const PoolOptions& options, Observer& observer,
       Outcomes& outcomes)
      : plan_(plan), folder_(stages_folder), options_(options), observer_(observer), outcomes_(outcomes) {}

  void run(std::vector<size_t> waiting, const std::atomic<bool>& stop) {
    while (!stop) {
      start_ready(waiting);
      if (running_.empty()) return;
      watch();
    }
    for (auto& r : running_) r.child->kill();
    while (!running_.empty()) {
      for (size_t i = running_.size(); i-- > 0;) {
        const auto exit = running_[i].child->poll();
        if (!exit) continue;
        const Stage& stage = plan_.stages[running_[i].stage];
        const auto done = finished_stage(stage, folder_);  // it may have ended just before the kill
        finish(running_[i].stage,
               done ? *done
                    : StageOutcome{"cancelled", "", "the run was interrupted", exit->usage.wall_seconds,
                                   exit->usage.cpu_seconds, exit->usage.peak_bytes});
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      ::usleep(1000);
    }
  }

 private:
  enum class Readiness { ready, later, never };

  Readiness readiness(size_t index) const {
    Readiness out = Readiness::ready;
    for (const size_t input : plan_.stages[index].inputs) {
      if (!outcomes_[input]) {
        if (blocked_.contains(input)) return Readiness::never;
        out = Readiness::later;
      } else if (outcomes_[input]->outcome != "ok") {
        return Readiness::never;
      }
    }
    return out;
  }

  void start_ready(std::vector<size_t>& waiting) {
    for (size_t i = 0; i < waiting.size();) {
      const size_t index = waiting[i];
      const Readiness state = readiness(index);
      if (state == Readiness::later) {
        ++i;
        continue;
      }
      if (state == Readiness::never) {
        blocked_[index] = true;
      } else {
        if (static_cast<int>(running_.size()) >= options_.jobs) return;
        start(index);
      }
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  fs::path temporary(const Stage& stage) const { return folder_ / (stage.folder() + ".tmp"); }

  void start(size_t index) {
    const Stage& stage = plan_.stages[index];
    const fs::path tmp = temporary(stage);
    fs::remove_all(tmp);
    make_folder(tmp);
    write_text_file(tmp / "task.json",
                    task_json(plan_, index, folder_, options_.limits, options_.session).dump(1) + "\n");
    const std::string threads = std::to_string(options_.limits.threads);
    Running r;
    r.stage = index;
    r.spawned = monotonic_seconds();
    r.child = std::make_unique<Child>(
        std::vector<std::string>{own_program().string(), "--stage", (tmp / "task.json").string()},
        tmp / "log.txt",
        std::map<std::string, std::string>{{"OPENBLAS_NUM_THREADS", "1"}, {"OMP_NUM_THREADS", threads}});
    running_.push_back(std::move(r));
    observer_.started(stage);
  }

  void watch() {
    std::vector<pollfd> descriptors;
    for (const auto& r : running_) descriptors.push_back({r.child->progress_fd(), POLLIN, 0});
    ::poll(descriptors.data(), descriptors.size(), kPollMilliseconds);
    bool closed = false;
    for (size_t i = running_.size(); i-- > 0;) {
      Running& r = running_[i];
      read_progress(r);
      if (!r.timed_out && r.child->running_seconds() > options_.limits.wall_minutes * 60) {
        r.timed_out = true;
        r.child->kill();
      }
      closed = closed || (descriptors[i].revents & POLLHUP) != 0;
      const auto exit = r.child->poll();
      if (!exit) continue;
      const size_t index = r.stage;
      const bool timed_out = r.timed_out;
      const double spawned = r.spawned;
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      finish(index, judge(plan_.stages[index], *exit, timed_out, spawned));
      closed = false;
    }
    if (closed) ::usleep(2000);  // the pipe is closed but the child is not yet gone
    observer_.tick();
  }

  void read_progress(Running& r) {
    char buffer[4096];
    ssize_t n = 0;
    while ((n = ::read(r.child->progress_fd(), buffer, sizeof buffer)) > 0)
      r.partial.append(buffer, static_cast<size_t>(n));
    for (size_t end = 0; (end = r.partial.find('\n')) != std::string::npos; r.partial.erase(0, end + 1)) {
      const std::string line = r.partial.substr(0, end);
      double done = 0;
      double total = 0;
      const char* last = line.data() + line.size();
      const auto first = std::from_chars(line.data(), last, done);
      if (first.ec != std::errc() || first.ptr == last) continue;
      const auto second = std::from_chars(first.ptr + 1, last, total);
      if (second.ec != std::errc() || second.ptr == last) continue;
      const size_t tab = line.find('\t');
      const auto unit_at = static_cast<size_t>(second.ptr - line.data()) + 1;
      if (tab == std::string::npos || tab < unit_at) continue;
      observer_.progress(plan_.stages[r.stage], done, total, line.substr(unit_at, tab - unit_at),
                         line.substr(tab + 1));
    }
  }

  StageOutcome judge(const Stage& stage, const ExitInfo& exit, bool timed_out, double spawned) const {
    if (auto done = finished_stage(stage, folder_)) return *done;
    StageOutcome out{"crash", "start", "", 0, 0, 0};
    try {
      out = read_outcome(temporary(stage) / "status.json");
    } catch (const Error&) {
      out.message = "the process ended before it wrote a status";
    }
    out.wall_seconds = exit.usage.wall_seconds;
    out.cpu_seconds = exit.usage.cpu_seconds;
    out.peak_bytes = exit.usage.peak_bytes;
    out.session = options_.session;
    out.started = spawned;
    out.ended = monotonic_seconds();
    if (timed_out) {
      out.outcome = "timeout";
      out.message =
          fmt::format("stopped after {} minutes (limits/wall_minutes)", options_.limits.wall_minutes);
    } else if (exit.signal != 0) {
      out.outcome = fmt::format("crash(signal {})", exit.signal);
      out.message = ::strsignal(exit.signal);
    }
    return out;
  }

  void finish(size_t index, const StageOutcome& outcome) {
    const Stage& stage = plan_.stages[index];
    outcomes_[index] = outcome;
    if (outcome.outcome != "ok") {
      const fs::path failed = folder_ / (stage.folder() + ".failed");
      std::error_code ignored;
      fs::remove_all(failed, ignored);
      fs::rename(temporary(stage), failed, ignored);
      write_text_file(failed / "status.json", to_json(outcome).dump() + "\n");
    } else {
      std::error_code ignored;
      fs::remove_all(folder_ / (stage.folder() + ".failed"), ignored);
    }
    observer_.finished(stage, outcome);
  }

  const Plan& plan_;
  fs::path folder_;
  PoolOptions options_;
  Observer& observer_;
  Outcomes& outcomes_;
  std::vector<Running> running_;
  std::map<size_t, bool> blocked_;
};

}  // namespace

std::optional<StageOutcome> finished_stage(const Stage& stage, const fs::path& stages_folder) {
  const fs::path file = stages_folder / stage.folder() / "stage.json";
  if (!fs::exists(file)) return std::nullopt;
  const json record = json::parse(read_text_file(file), nullptr, false);
  if (!record.is_object() || record.value("key", "") != stage.key) return std::nullopt;
  return read_outcome(file);
}

void run_local(const Plan& plan, const std::vector<size_t>& wanted, const fs::path& stages_folder,
               const PoolOptions& options, Observer& observer, const std::atomic<bool>& stop,
               Outcomes& outcomes) {
  outcomes.resize(plan.stages.size());
  std::vector<size_t> waiting;
  for (const size_t index : wanted) {
    if (!outcomes[index]) outcomes[index] = finished_stage(plan.stages[index], stages_folder);
    if (!outcomes[index]) waiting.push_back(index);
  }
  Pool(plan, stages_folder, options, observer, outcomes).run(waiting, stop);
}

}  // namespace bench
