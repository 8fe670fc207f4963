#pragma once
// The words in braces of an external command.

#include <map>
#include <string>
#include <vector>

namespace bench {

/// Each "{name}" of `values` replaced in every argument; other braces stay as they are.
std::vector<std::string> fill_placeholders(const std::vector<std::string>& command,
                                           const std::map<std::string, std::string>& values);
/// What is wrong with a command as a sentence: empty, without {output}, or with a word in braces that nearly
/// is one of ours. Else "".
std::string command_contradiction(const std::vector<std::string>& command);

}  // namespace bench
