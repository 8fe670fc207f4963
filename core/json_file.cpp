// JSON text to values: nlohmann-json accepts duplicate keys silently, here they are an error.
#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/files.h"
#include "core/params.h"

namespace bench {

using nlohmann::json;

json parse_json(std::string_view text, const std::string& file) {
  std::vector<std::set<std::string>> keys;
  std::vector<std::string> duplicates;
  const auto callback = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.empty() &&
        !keys.back().insert(parsed.get<std::string>()).second) {
      duplicates.push_back(parsed.get<std::string>());
    }
    return true;
  };
  try {
    json out = json::parse(text, callback, true, /*ignore_comments=*/true);
    if (!duplicates.empty())
      fail(Kind::config, "{}: key \"{}\" occurs twice in one object; keep one", file, duplicates[0]);
    return out;
  } catch (const json::parse_error& e) {
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i + 1 < e.byte && i < text.size(); ++i) {
      column = text[i] == '\n' ? 1 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    std::string what = e.what();
    const size_t colon = what.find(": syntax error");
    if (colon != std::string::npos) what = what.substr(colon + 2);
    fail(Kind::config, "{}:{}:{}: not valid JSON: {}", file, line, column, what);
  }
}

json read_json_file(const std::string& path) { return parse_json(read_text_file(path), path); }

}  // namespace bench
