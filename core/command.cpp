#include "core/command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/files.h"

namespace bench {
namespace {

constexpr int kFirstDescriptor = 3;  // after input, output and error

/// A descriptor that is closed at the end.
class Opened {
 public:
  explicit Opened(int fd) : fd_(fd) {}
  ~Opened() { ::close(fd_); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

int open_file(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) fail(Kind::io, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  return fd;
}

/// Between fork and exec: system calls only. Writes the reason to `report` if the program cannot be started.
[[noreturn]] void become(const std::vector<char*>& arguments, const char* folder, int in, int out, int err,
                         int report, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const bool ready = ::getppid() == parent && ::chdir(folder) == 0 && ::dup2(in, STDIN_FILENO) >= 0 &&
                     ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0;
  ::close_range(kFirstDescriptor, ~0U, CLOSE_RANGE_CLOEXEC);
  if (ready) ::execvp(arguments[0], arguments.data());
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(report, &reason, sizeof reason);
  ::_exit(127);
}

/// Kills whatever this process has below it and had not `before`; it is a child of ours once its own parent
/// is gone, because we adopt orphans.
void clear_away(const std::vector<pid_t>& before) {
  while (true) {
    std::vector<pid_t> left = descendants(::getpid());
    for (const pid_t other : before) {
      std::vector<pid_t> keep = descendants(other);
      keep.push_back(other);
      std::erase_if(left, [&](pid_t p) { return std::find(keep.begin(), keep.end(), p) != keep.end(); });
    }
    if (left.empty()) return;
    for (const pid_t process : left) kill_tree(process);
    for (const pid_t process : left) ::waitpid(process, nullptr, WNOHANG);
    ::usleep(1000);
  }
}

}  // namespace

ExitInfo run_command(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                     const std::filesystem::path& out, const std::filesystem::path& err) {
  std::vector<std::string> words = argv;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const Opened input(open_file("/dev/null", O_RDONLY));
  const Opened output(open_file(out, O_WRONLY | O_CREAT | O_TRUNC));
  const Opened errors(open_file(err, O_WRONLY | O_CREAT | O_TRUNC));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(Kind::io, "no pipe can be made: {}", std::strerror(errno));
  const Opened heard(ends[0]);

  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t self = ::getpid();
  const std::vector<pid_t> before = descendants(self);
  const double started = monotonic_seconds();
  const pid_t child = ::fork();
  if (child == 0) {
    become(arguments, folder.c_str(), input.get(), output.get(), errors.get(), ends[1], self);
  }
  ::close(ends[1]);
  if (child < 0) fail(Kind::crashed, "{}: cannot be started: {}", argv[0], std::strerror(errno));
  int reason = 0;
  const bool refused = ::read(heard.get(), &reason, sizeof reason) == sizeof reason;
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (refused) fail(Kind::crashed, "{}: cannot be started: {}", argv[0], std::strerror(reason));
  clear_away(before);

  ExitInfo info;
  if (WIFEXITED(status)) info.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) info.signal = WTERMSIG(status);
  info.usage = usage_of(usage);
  info.usage.wall_seconds = monotonic_seconds() - started;
  return info;
}

}  // namespace bench
