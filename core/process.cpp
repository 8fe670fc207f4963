#include "core/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <set>
#include <sstream>

#include "core/error.h"

namespace bench {
namespace {

constexpr int kProgressDescriptor = 3;

int64_t monotonic_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> out;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string entry = *e;
    if (!extra.contains(entry.substr(0, entry.find('=')))) out.push_back(entry);
  }
  for (const auto& [key, value] : extra) out.push_back(key + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Usage usage_of(const rusage& counted) {
  return {0, seconds(counted.ru_utime) + seconds(counted.ru_stime), counted.ru_maxrss * 1024};
}

Child::Child(const std::vector<std::string>& argv, const std::filesystem::path& log,
             const std::map<std::string, std::string>& environment) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) fail(Kind::io, "no pipe can be made: {}", std::strerror(errno));
  ::fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], kProgressDescriptor);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);

  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables = merged_environment(environment);
  started_ns_ = monotonic_ns();
  const int code = ::posix_spawn(&pid_, argv[0].c_str(), &actions, &attributes, pointers(arguments).data(),
                                 pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(pipe_ends[1]);
  progress_fd_ = pipe_ends[0];
  if (code != 0) {
    ::close(progress_fd_);
    fail(Kind::io, "{}: cannot be started: {}", argv[0], std::strerror(code));
  }
}

Child::~Child() {
  if (!reaped_) {
    kill();
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(progress_fd_);
}

std::optional<ExitInfo> Child::poll() {
  int status = 0;
  rusage usage{};
  const pid_t ended = ::wait4(pid_, &status, WNOHANG, &usage);
  if (ended != pid_) return std::nullopt;
  reaped_ = true;
  ExitInfo info;
  if (WIFEXITED(status)) info.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) info.signal = WTERMSIG(status);
  info.usage = usage_of(usage);
  info.usage.wall_seconds = running_seconds();
  return info;
}

void Child::kill() {
  kill_tree(pid_);
  ::kill(-pid_, SIGKILL);
}

double Child::running_seconds() const { return static_cast<double>(monotonic_ns() - started_ns_) * 1e-9; }

std::vector<pid_t> descendants(pid_t root) {
  std::multimap<pid_t, pid_t> children;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text, '\0');
    const size_t end = text.rfind(')');      // of the program's name, which may hold anything
    if (end == std::string::npos) continue;  // it has ended
    std::istringstream rest(text.substr(end + 1));
    char state = 0;
    pid_t parent = 0;
    if (rest >> state >> parent) children.emplace(parent, std::stoi(name));
  }
  std::vector<pid_t> out{root};
  for (size_t i = 0; i < out.size(); ++i) {
    const auto [first, last] = children.equal_range(out[i]);
    for (auto it = first; it != last; ++it) out.push_back(it->second);
  }
  out.erase(out.begin());
  return out;
}

void kill_tree(pid_t root) {
  ::kill(root, SIGSTOP);
  std::set<pid_t> stopped{root};
  for (bool grown = true; grown;) {
    grown = false;
    for (const pid_t process : descendants(root)) {
      if (!stopped.insert(process).second) continue;
      ::kill(process, SIGSTOP);
      grown = true;
    }
  }
  for (const pid_t process : stopped) ::kill(process, SIGKILL);
}

void adopt_limits(int64_t memory_bytes) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == 1) std::_Exit(1);  // the parent died before the line above
  if (memory_bytes > 0) {
    const rlimit limit{static_cast<rlim_t>(memory_bytes), static_cast<rlim_t>(memory_bytes)};
    ::setrlimit(RLIMIT_AS, &limit);
  }
}

double monotonic_seconds() { return static_cast<double>(monotonic_ns()) * 1e-9; }

Usage own_usage() {
  Usage out;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    const Usage part = usage_of(usage);
    out.cpu_seconds += part.cpu_seconds;
    out.peak_bytes = std::max(out.peak_bytes, part.peak_bytes);
  }
  return out;
}

std::filesystem::path own_program() {
  std::error_code code;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", code);
  if (code) fail(Kind::io, "/proc/self/exe: cannot be read: {}", code.message());
  return path;
}

}  // namespace bench
