#pragma once
// Collects the Scores of a family.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/score.h"

namespace bench {

/// What is compared: the field and how many values each side has of it (records, five-tuples, gaps).
struct Compared {
  std::string_view field;
  int64_t n_real = 0;
  int64_t n_synthetic = 0;
};

class ScoreList {
 public:
  /// A value; one that is not finite becomes an error with a reason.
  void value(std::string_view metric, std::string_view mode, const Compared& what, std::string_view unit,
             double value, Direction direction = Direction::lower);
  void not_applicable(std::string_view metric, std::string_view mode, const Compared& what,
                      std::string_view unit, std::string_view reason, Direction direction = Direction::lower);
  std::vector<Score> take() { return std::move(scores_); }

 private:
  std::vector<Score> scores_;
};

}  // namespace bench
