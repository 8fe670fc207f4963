#include "core/score_list.h"

#include <fmt/core.h>

#include <cmath>

namespace bench {
namespace {

Score row(std::string_view metric, std::string_view mode, const Compared& what, std::string_view unit,
          Direction direction) {
  Score score;
  score.metric = metric;
  score.mode = mode;
  score.field = what.field;
  score.unit = unit;
  score.direction = direction;
  score.n_real = what.n_real;
  score.n_synthetic = what.n_synthetic;
  return score;
}

}  // namespace

void ScoreList::value(std::string_view metric, std::string_view mode, const Compared& what,
                      std::string_view unit, double value, Direction direction) {
  Score score = row(metric, mode, what, unit, direction);
  if (std::isfinite(value)) {
    score.value = value;
  } else {
    score.outcome = Outcome::error;
    score.reason = fmt::format("the value is not finite ({})", value);
  }
  scores_.push_back(std::move(score));
}

void ScoreList::not_applicable(std::string_view metric, std::string_view mode, const Compared& what,
                               std::string_view unit, std::string_view reason, Direction direction) {
  Score score = row(metric, mode, what, unit, direction);
  score.outcome = Outcome::not_applicable;
  score.reason = reason;
  scores_.push_back(std::move(score));
}

}  // namespace bench
