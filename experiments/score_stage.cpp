#include "experiments/score_stage.h"

#include <cassert>

#include "downstream/task.h"
#include "metrics/metric.h"

namespace bench {

std::vector<Score> family_scores(const nlohmann::json& fields, ScoringPair pair,
                                 const std::function<void(const std::string&)>& starts) {
  const std::string rules = fields.value("rules", "");
  pair.rules = rules;
  std::vector<Score> out;
  for (const auto& family : all_metrics()) {
    if (!fields.at("families").contains(family.id)) continue;
    starts(std::string(family.id));
    for (Score& score : family.evaluate(pair)) out.push_back(std::move(score));
  }
  return out;
}

std::vector<Score> task_scores(const nlohmann::json& fields, const ScoringPair& pair) {
  const Task& task = *find_task(fields.at("task").get<std::string>());
  const auto params = task.params();
  Problems problems;
  read_params(*params, fields.at("params"), "/params", problems);
  assert(problems.empty());
  std::vector<Score> out = task.evaluate(pair, *params, Seed(fields.at("seed").get<uint64_t>()));
  const std::string variant = fields.at("variant");
  for (Score& score : out) {
    if (!variant.empty()) score.field = variant + " " + score.field;
  }
  return out;
}

}  // namespace bench
