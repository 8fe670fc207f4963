#pragma once
// The one row that metrics and downstream tasks produce and that stores, tables and reports read.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace bench {

enum class Outcome { value, not_applicable, error };
/// Which way is better; neither: a value to be compared with another one, such as the real trace's.
enum class Direction { lower, higher, neither };
/// "lower", "higher", "neither".
std::string_view direction_name(Direction direction);

struct Score {
  std::string metric;  ///< id of the metric, e.g. "jsd"
  std::string mode;    ///< "paper" or "strict"
  std::string field;   ///< column or pair, e.g. "srcip", "proto x dstport"
  Outcome outcome = Outcome::value;
  double value = 0;    ///< finite; only with Outcome::value
  std::string reason;  ///< one sentence; only without a value
  std::string unit;
  Direction direction = Direction::lower;
  int64_t n_real = 0;
  int64_t n_synthetic = 0;
};

nlohmann::json to_json(const Score& score);
/// Throws Error(data) if the object is not a Score.
Score score_from_json(const nlohmann::json& object);

}  // namespace bench
