#pragma once
// Runs the built programs the way a user does.

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "core/files.h"
#include "core/temporary_folder.h"

namespace bench {

struct Ran {
  int status = 0;
  std::string out;  ///< standard output
  std::string err;  ///< standard error
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
