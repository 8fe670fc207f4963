#pragma once
// Scores of the task "classify" by name, for its tests.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "downstream/classify/classify.h"
#include "downstream/classify/test_tables.h"

namespace bench {

inline std::unique_ptr<Params> params_of(const nlohmann::json& object) {
  auto params = classify_task().params();
  Problems problems;
  read_params(*params, object, "", problems);
  EXPECT_TRUE(problems.empty()) << problems.lines().front();
  return params;
}

inline std::vector<Score> scores_of(const Trace& real, const Trace& synthetic, const Trace* holdout,
                                    const nlohmann::json& object, uint64_t seed = 1) {
  return classify_task().evaluate({real, synthetic, time_window(real), holdout}, *params_of(object),
                                  Seed(seed));
}

inline const Score& find_score(const std::vector<Score>& scores, std::string_view metric,
                               std::string_view mode, std::string_view field) {
  for (const Score& score : scores)
    if (score.metric == metric && score.mode == mode && score.field == field) return score;
  throw std::out_of_range(fmt::format("no score {} {} {}", metric, mode, field));
}

inline double value_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                       std::string_view field = "dt") {
  const Score& score = find_score(scores, metric, mode, field);
  EXPECT_EQ(score.outcome, Outcome::value) << metric << " " << mode << ": " << score.reason;
  return score.value;
}

inline std::string reason_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                             std::string_view field = "dt") {
  const Score& score = find_score(scores, metric, mode, field);
  EXPECT_EQ(score.outcome, Outcome::not_applicable) << metric << " " << mode;
  return score.reason;
}

inline const nlohmann::json kTree{{"classifiers", "dt"}};
inline const nlohmann::json kTreeAllModes{{"classifiers", "dt"}, {"modes", "all"}};
inline const nlohmann::json kEverything{
    {"classifiers", "dt"}, {"modes", "all"}, {"augmentation", true}, {"mixing", true}};

// Its port decides the class of a record.
inline Trace by_port() { return labelled_flows({"a", "b", "c"}, {60, 40, 20}); }

inline Trace renamed(Trace trace, std::vector<std::string> names) {
  trace.labels[0].names = std::move(names);
  return trace;
}

}  // namespace bench
