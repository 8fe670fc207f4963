#pragma once
// Runs the built programs the way a user does.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "core/files.h"

namespace bench {

struct Ran {
  int status = 0;
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("headerbench_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `command` is a shell command; programs of the build are found by name.
inline Ran run_program(const std::string& command, const std::filesystem::path& scratch) {
  const std::string out = (scratch / "stdout.txt").string();
  const std::string err = (scratch / "stderr.txt").string();
  const int status =
      std::system(("PATH=" HEADERBENCH_BIN ":$PATH; { " + command + " ; } >" + out + " 2>" + err).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text_file(out),
          read_text_file(err)};
}

/// A sweep that takes seconds: both kinds of trace, a tiny netshare, two repeats.
inline std::string tiny_sweep() {
  return R"({"name": "tiny", "seed": 3, "repeats": 2,
    "datasets": [{"name": "ugr16-surrogate", "records": 300}, {"name": "caida-surrogate", "records": 300}],
    "models": [{"name": "netshare", "preset": "netshare-smoke",
                "params": {"iterations": 20, "batch": 16, "critic_units": 16, "attribute_units": 16, "lstm_units": 16}}]})";
}

}  // namespace bench
