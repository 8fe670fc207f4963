#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "experiments/axes.h"
#include "experiments/sweep_lists.h"

namespace bench {

using nlohmann::json;

std::string TaskSpec::title() const {
  return variant.empty() ? std::string(task->id) : fmt::format("{}[{}]", task->id, variant);
}

void parse_tasks(const json& entries, Sweep& sweep, Problems& problems) {
  AxisProblems axes(problems);
  std::vector<std::string> known;
  for (const auto& task : all_tasks()) known.emplace_back(task.id);
  std::set<std::string> titles;
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string pointer = fmt::format("/tasks/{}", i);
    const json object = entries[i].is_string() ? json{{"name", entries[i]}} : entries[i];
    if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) {
      problems.add(pointer,
                   fmt::format("{} is not a task: a name or an object with \"name\"", entries[i].dump()));
      continue;
    }
    check_keys(object, pointer, {"name", "params"}, problems);
    const auto name = object["name"].get<std::string>();
    const Task* task = find_task(name);
    if (task == nullptr) {
      problems.add(entries[i].is_string() ? pointer : pointer + "/name",
                   fmt::format("\"{}\" is not a task{}; known: {}", name, did_you_mean(name, known),
                               fmt::join(known, ", ")));
      continue;
    }
    const json given = object.value("params", json::object());
    if (!given.is_object()) {
      problems.add(pointer + "/params", fmt::format("{} is not an object", given.dump()));
      continue;
    }
    for (const auto& combination : expand_axes(given, list_names(*task->params()))) {
      const auto resolved = task->params();
      Problems own;
      read_params(*resolved, combination.values, pointer + "/params", own);
      axes.report(own, combination);
      sweep.tasks.push_back({task, combination.variant, resolved_params(*resolved)});
      if (!titles.insert(sweep.tasks.back().title()).second) {
        problems.add(pointer, fmt::format("the task \"{}\" stands here twice; other parameters of a task are "
                                          "lists in one entry's params",
                                          sweep.tasks.back().title()));
      }
    }
  }
}

}  // namespace bench
