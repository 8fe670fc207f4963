#include "core/score.h"

#include "core/error.h"

namespace bench {

using nlohmann::json;

std::string_view direction_name(Direction direction) {
  switch (direction) {
    case Direction::lower:
      return "lower";
    case Direction::higher:
      return "higher";
    case Direction::neither:
      break;
  }
  return "neither";
}

json to_json(const Score& s) {
  json out{{"metric", s.metric},
           {"mode", s.mode},
           {"field", s.field},
           {"outcome", s.outcome == Outcome::value            ? "value"
                       : s.outcome == Outcome::not_applicable ? "not-applicable"
                                                              : "error"},
           {"unit", s.unit},
           {"direction", direction_name(s.direction)},
           {"n_real", s.n_real},
           {"n_synthetic", s.n_synthetic}};
  if (s.outcome == Outcome::value) {
    out["value"] = s.value;
  } else {
    out["reason"] = s.reason;
  }
  return out;
}

Score score_from_json(const json& j) {
  try {
    Score s;
    s.metric = j.at("metric");
    s.mode = j.at("mode");
    s.field = j.at("field");
    const std::string outcome = j.at("outcome");
    s.outcome = outcome == "value"   ? Outcome::value
                : outcome == "error" ? Outcome::error
                                     : Outcome::not_applicable;
    if (s.outcome == Outcome::value) {
      s.value = j.at("value");
    } else {
      s.reason = j.at("reason");
    }
    s.unit = j.at("unit");
    const std::string direction = j.at("direction");
    s.direction = direction == "higher"    ? Direction::higher
                  : direction == "neither" ? Direction::neither
                                           : Direction::lower;
    s.n_real = j.at("n_real");
    s.n_synthetic = j.at("n_synthetic");
    return s;
  } catch (const json::exception& e) {
    fail(Kind::data, "not a score: {}", e.what());
  }
}

}  // namespace bench
