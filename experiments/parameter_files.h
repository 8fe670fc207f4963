#pragma once
// Files and programs that are named in the parameters of a generator.

#include <filesystem>
#include <string>
#include <vector>

#include "core/params.h"

namespace bench {

/// Makes file names in the fields of `params` absolute. A relative one is looked for in `folder`: each of a
/// list of files, the program of a command if it has a slash (else it is one on the PATH), and those words of
/// a command that name a file there. Returns all files in order, programs included: with other contents they
/// give other results. A file or program that is not there is added to `problems` under `pointer`.
std::vector<std::filesystem::path> resolve_files(Params& params, const std::filesystem::path& folder,
                                                 const std::string& pointer, Problems& problems);

}  // namespace bench
