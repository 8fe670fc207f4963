#pragma once
// Programs of other people: run to their end in a folder, and cleared away with all that they started.

#include <filesystem>
#include <string>
#include <vector>

#include "core/process.h"

namespace bench {

/// Runs argv[0] (looked for on the PATH unless it has a slash) in the working directory `folder`, with our
/// environment and limits, nothing on standard input, and standard output and error in the files `out` and
/// `err`. It dies with this process; what it leaves running when it ends is killed. Throws Error(crashed) if
/// it cannot be started, Error(io) if the files cannot be made.
ExitInfo run_command(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                     const std::filesystem::path& out, const std::filesystem::path& err);

}  // namespace bench
