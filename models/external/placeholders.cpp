#include "models/external/placeholders.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "core/params.h"

namespace bench {
namespace {

const std::vector<std::string>& known() {
  static const std::vector<std::string> names{"train", "output", "records", "seed", "threads"};
  return names;
}

/// Calls f(name, at, length) for each "{name}" of letters.
template <typename F>
void for_each_placeholder(const std::string& text, F&& f) {
  static const std::regex word("\\{([a-z_]+)\\}");
  for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it)
    f((*it)[1].str(), static_cast<size_t>(it->position()), static_cast<size_t>(it->length()));
}

}  // namespace

std::vector<std::string> fill_placeholders(const std::vector<std::string>& command,
                                           const std::map<std::string, std::string>& values) {
  std::vector<std::string> out;
  for (const std::string& text : command) {
    std::string filled;
    size_t done = 0;
    for_each_placeholder(text, [&](const std::string& name, size_t at, size_t length) {
      const auto value = values.find(name);
      if (value == values.end()) return;
      filled += text.substr(done, at - done) + value->second;
      done = at + length;
    });
    out.push_back(filled + text.substr(done));
  }
  return out;
}

std::string command_contradiction(const std::vector<std::string>& command) {
  if (command.empty() || command[0].empty())
    return "command is empty; a program and its arguments are needed, e.g. [\"python3\", \"my_model.py\", "
           "\"--train\", \"{train}\", \"--out\", \"{output}\", \"--records\", \"{records}\"]";
  bool writes = false;
  std::string wrong;
  for (const std::string& text : command) {
    for_each_placeholder(text, [&](const std::string& name, size_t, size_t) {
      writes = writes || name == "output";
      const bool ours = std::find(known().begin(), known().end(), name) != known().end();
      if (!ours && wrong.empty() && !did_you_mean(name, known()).empty())
        wrong = fmt::format("{{{}}} in command is not filled in{}; known: {}", name,
                            did_you_mean(name, known()), fmt::join(known(), ", "));
    });
  }
  if (!wrong.empty()) return wrong;
  return writes ? "" : "command has no {output}: the program must be told where to write";
}

}  // namespace bench
