#pragma once
// Everything that a run can score, by name: the metric families, the metrics that compare rows, the tasks and
// the cost.

#include <string>
#include <string_view>
#include <vector>

#include "datasets/scoring.h"

namespace bench {

/// A card and where it comes from.
struct ListedCard {
  std::string_view owner;  ///< metric family, task, or "cost"
  int version = 1;         ///< of the owner
  MetricCard card;
};

/// In the order of reports. A metric has one card for each of its modes.
const std::vector<ListedCard>& all_cards();
/// nullptr if no metric of that id has that mode.
const ListedCard* find_card(std::string_view metric, std::string_view mode);
/// Cards of all modes of a metric, or of all metrics of an owner, in words; empty if nothing has that name.
std::string cards_text(std::string_view name);
/// Names that `cards_text` knows, each once.
std::vector<std::string> card_names();

/// Names that a sweep's "metrics" may hold: families and their metrics.
std::vector<std::string> metric_names();
/// Whether a list of such names asks for a metric of a family; an empty list asks for everything.
bool is_chosen(const std::vector<std::string>& names, std::string_view family, std::string_view metric);
/// Whether it asks for any metric of the family.
bool is_family_chosen(const std::vector<std::string>& names, std::string_view family);

}  // namespace bench
