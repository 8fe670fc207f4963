#include "experiments/metric_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "experiments/cards.h"

namespace bench {
namespace {

bool of_one_side(std::string_view mode) { return mode == "real" || mode == "synthetic"; }

/// Columns with the same one share a table.
std::string_view shared_mode(std::string_view mode) { return of_one_side(mode) ? "one side" : mode; }

std::string title_of(const std::vector<ScoreColumn>& columns) {
  const ScoreColumn& first = columns[0];
  std::string out =
      of_one_side(first.mode) ? first.metric + " of each side" : first.mode + " " + first.metric;
  const bool one_unit =
      std::all_of(columns.begin(), columns.end(), [&](const ScoreColumn& c) { return c.unit == first.unit; });
  if (one_unit && !first.unit.empty()) out += fmt::format(" [{}]", first.unit);
  const auto directed = std::find_if(columns.begin(), columns.end(),
                                     [](const ScoreColumn& c) { return c.direction != Direction::neither; });
  if (directed == columns.end()) return out + " (neither way is better)";
  return directed->direction == Direction::higher ? out + " (higher is better)" : out;
}

/// Brings the real and the synthetic value of a field together; fields keep their order.
void pair_sides(std::vector<ScoreColumn>& columns) {
  std::map<std::string, size_t> order;
  for (const ScoreColumn& c : columns) order.emplace(c.field, order.size());
  std::stable_sort(columns.begin(), columns.end(), [&](const ScoreColumn& a, const ScoreColumn& b) {
    return std::pair(order[a.field], a.mode) < std::pair(order[b.field], b.mode);
  });
}

}  // namespace

std::vector<MetricColumns> by_metric(const std::vector<ScoreColumn>& columns) {
  const std::vector<ListedCard>& all = all_cards();
  std::map<std::tuple<size_t, std::string, std::string_view>, MetricColumns> tables;
  for (const ScoreColumn& c : columns) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const ListedCard& listed) {
      return listed.card.id == c.metric && shared_mode(listed.card.mode) == shared_mode(c.mode);
    });
    MetricColumns& table = tables[{static_cast<size_t>(it - all.begin()), c.metric, shared_mode(c.mode)}];
    table.family = it == all.end() ? "other" : it->owner;
    table.columns.push_back(c);
  }
  std::vector<MetricColumns> out;
  for (auto& [place, table] : tables) {
    if (of_one_side(table.columns[0].mode)) pair_sides(table.columns);
    table.title = title_of(table.columns);
    out.push_back(std::move(table));
  }
  return out;
}

std::string column_head(const ScoreColumn& column, const std::vector<ScoreColumn>& all) {
  const auto same_metric = [&](const ScoreColumn& c) { return c.metric == column.metric; };
  const bool says_it = column.metric.starts_with("tv_") || column.metric.starts_with("corr_");
  std::string out = says_it || std::all_of(all.begin(), all.end(), same_metric)
                        ? column.field
                        : column.metric + " " + column.field;
  if (of_one_side(column.mode)) out += " " + column.mode;
  const bool one_unit = std::none_of(
      all.begin(), all.end(), [&](const ScoreColumn& c) { return same_metric(c) && c.unit != column.unit; });
  if (!one_unit && !column.unit.empty()) out += " [" + column.unit + "]";
  return out;
}

}  // namespace bench
