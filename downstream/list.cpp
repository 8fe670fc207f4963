#include <algorithm>

#include "downstream/anomaly/anomaly.h"
#include "downstream/classify/classify.h"
#include "downstream/task.h"
#include "downstream/telemetry/telemetry.h"

namespace bench {

const std::vector<Task>& all_tasks() {
  static const std::vector<Task> list{
      telemetry_task(),
      anomaly_task(),
      classify_task(),
  };
  return list;
}

const Task* find_task(std::string_view id) {
  const auto& tasks = all_tasks();
  const auto it = std::find_if(tasks.begin(), tasks.end(), [&](const Task& task) { return task.id == id; });
  return it == tasks.end() ? nullptr : &*it;
}

}  // namespace bench
