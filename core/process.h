#pragma once
// Child processes of the harness: start, watch, limit, account. A child is this machine's own program started
// with exec (never a bare fork: LibTorch does not survive one) in a process group of its own.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct rusage;

namespace bench {

/// What a finished child used, from wait4.
struct Usage {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  int64_t peak_bytes = 0;
};

/// What the system counted; wall_seconds stays 0.
Usage usage_of(const rusage& counted);

struct ExitInfo {
  int status = 0;  ///< exit status; 0 if a signal ended it
  int signal = 0;  ///< signal number; 0 if it exited
  Usage usage;
};

/// A running child; kills it when destroyed before it was reaped.
class Child {
 public:
  /// Starts argv[0] with standard output and error appended to `log` and a pipe on descriptor 3, whose read
  /// end is progress_fd(). `environment` is added to ours. Throws Error(io) if it cannot be started.
  Child(const std::vector<std::string>& argv, const std::filesystem::path& log,
        const std::map<std::string, std::string>& environment);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Never blocks: the exit once the child has ended, nothing before.
  std::optional<ExitInfo> poll();
  /// SIGKILL to the child, its process group and everything below it.
  void kill();
  double running_seconds() const;
  int progress_fd() const { return progress_fd_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int progress_fd_ = -1;
  int64_t started_ns_ = 0;
  bool reaped_ = false;
};

/// The processes that `root` has started, they have started, and so on, from /proc. Orphans are not found.
std::vector<pid_t> descendants(pid_t root);
/// SIGKILL to `root` and its descendants, also to those that have left its process group or session. They are
/// stopped first, so that none starts another meanwhile.
void kill_tree(pid_t root);

/// For a child's main: die with the parent, and refuse address space beyond `memory_bytes` (0 = no limit).
void adopt_limits(int64_t memory_bytes);

/// Seconds on the monotonic clock.
double monotonic_seconds();
/// What this process and the programs it has run to their end have used so far (wall_seconds stays 0: a
/// process does not know its own start).
Usage own_usage();
/// Path of the running program.
std::filesystem::path own_program();

}  // namespace bench
