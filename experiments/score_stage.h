#pragma once
// What the score and task stages compute, from the fields that the planner gave them.

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "datasets/scoring.h"

namespace bench {

/// The metric families in fields["families"], with the rules in fields["rules"]; `starts` hears the id of
/// each before it begins.
std::vector<Score> family_scores(const nlohmann::json& fields, ScoringPair pair,
                                 const std::function<void(const std::string&)>& starts);
/// The task fields["task"] with its parameters and seed. What an axis varies stands before the field of each
/// score.
std::vector<Score> task_scores(const nlohmann::json& fields, const ScoringPair& pair);

}  // namespace bench
