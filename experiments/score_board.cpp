#include "experiments/score_board.h"

#include <set>

#include "core/stats.h"

namespace bench {

std::string row_name(const ModelSpec& model) {
  return model.reference ? "(" + model.title() + ")" : model.title();
}

ScoreBoard::ScoreBoard(const Sweep& sweep, const std::vector<CellScore>& scores)
    : sweep_(sweep), columns_(sweep.datasets.size()) {
  std::set<std::tuple<size_t, std::string, std::string, std::string>> seen;
  for (const CellScore& s : scores) {
    const Score& score = s.score;
    if (seen.insert({s.cell->dataset, score.metric, score.mode, score.field}).second) {
      columns_[s.cell->dataset].push_back(
          {score.metric, score.mode, score.field, score.unit, score.direction});
    }
    scores_[{s.cell->dataset, s.cell->model, score.metric, score.mode, score.field}].push_back(&s);
  }
}

const std::vector<ScoreColumn>& ScoreBoard::columns(size_t dataset) const { return columns_[dataset]; }

std::vector<size_t> ScoreBoard::models(size_t dataset) const {
  std::vector<size_t> out;
  for (const Pair& pair : sweep_.pairs) {
    if (pair.dataset == dataset) out.push_back(pair.model);
  }
  return out;
}

const std::vector<const CellScore*>& ScoreBoard::scores(size_t dataset, size_t model,
                                                        const ScoreColumn& column) const {
  static const std::vector<const CellScore*> none;
  const auto it = scores_.find({dataset, model, column.metric, column.mode, column.field});
  return it == scores_.end() ? none : it->second;
}

std::vector<double> ScoreBoard::values(size_t dataset, size_t model, const ScoreColumn& column) const {
  std::vector<double> out;
  for (const CellScore* s : scores(dataset, model, column)) {
    if (s->score.outcome == Outcome::value) out.push_back(s->score.value);
  }
  return out;
}

std::optional<double> ScoreBoard::mean_value(size_t dataset, size_t model, const ScoreColumn& column) const {
  const std::vector<double> v = values(dataset, model, column);
  return v.empty() ? std::nullopt : std::optional(mean(v));
}

}  // namespace bench
