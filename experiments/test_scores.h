#pragma once
// Sweeps scored by hand, and their tables read back.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "experiments/plan.h"
#include "experiments/store.h"
#include "experiments/sweep.h"

namespace bench {

/// Settings "netshare[LABEL]" and the reference rows on surrogates; nothing is run.
class HandScored {
 public:
  HandScored(const std::vector<std::string>& labels, const std::vector<std::string>& datasets, int repeats)
      : sweep(parse_sweep(document(labels, datasets, repeats), "s.json", "")), plan(make_plan(sweep)) {}

  /// Gives every cell of a generator on dataset `d` its part of `by_repeat`; the last one serves the rest.
  void add(const std::string& title, size_t d, Score score, const std::vector<double>& by_repeat) {
    for (const Cell& cell : plan.cells) {
      if (sweep.models[cell.model].title() != title || cell.dataset != d) continue;
      const auto repeat = static_cast<size_t>(cell.repeat);
      score.value = by_repeat[std::min(repeat, by_repeat.size() - 1)];
      scores.push_back({&cell, score});
    }
  }

  Sweep sweep;
  Plan plan;
  std::vector<CellScore> scores;

 private:
  static nlohmann::json document(const std::vector<std::string>& labels,
                                 const std::vector<std::string>& datasets, int repeats) {
    nlohmann::json models = nlohmann::json::array();
    for (const std::string& label : labels) {
      models.push_back({{"name", "netshare"}, {"label", label}});
    }
    return {{"name", "hand"}, {"repeats", repeats}, {"datasets", datasets}, {"models", models}};
  }
};

inline Score hand_score(std::string metric, std::string mode, std::string field, std::string unit = "",
                        Direction direction = Direction::lower) {
  Score score;
  score.metric = std::move(metric);
  score.mode = std::move(mode);
  score.field = std::move(field);
  score.unit = std::move(unit);
  score.direction = direction;
  return score;
}

/// Cells of the first row of that name after the first occurrence of `heading`; empty if there is none.
inline std::vector<std::string> row_after(const std::string& text, const std::string& heading,
                                          const std::string& name) {
  const size_t begin = text.find(heading);
  if (begin == std::string::npos) return {};
  std::istringstream lines(text.substr(begin));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| " + name + " ")) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      const size_t first = cell.find_first_not_of(' ');
      cells.push_back(
          first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
    return cells;
  }
  return {};
}

}  // namespace bench
