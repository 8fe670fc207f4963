#include "core/score.h"

#include "core/error.h"

namespace bench {

using nlohmann::json;

json to_json(const Score& s) {
  json out{{"metric", s.metric},
           {"mode", s.mode},
           {"field", s.field},
           {"outcome", s.outcome == Outcome::value            ? "value"
                       : s.outcome == Outcome::not_applicable ? "not-applicable"
                                                              : "error"},
           {"unit", s.unit},
           {"direction", s.direction == Direction::lower ? "lower" : "higher"},
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
    s.direction = j.at("direction") == "higher" ? Direction::higher : Direction::lower;
    s.n_real = j.at("n_real");
    s.n_synthetic = j.at("n_synthetic");
    return s;
  } catch (const json::exception& e) {
    fail(Kind::data, "not a score: {}", e.what());
  }
}

}  // namespace bench
