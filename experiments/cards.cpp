#include "experiments/cards.h"

#include <algorithm>

#include "downstream/task.h"
#include "experiments/cost.h"
#include "experiments/store.h"
#include "metrics/metric.h"

namespace bench {
namespace {

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const std::vector<ListedCard>& all_cards() {
  static const std::vector<ListedCard> list = [] {
    std::vector<ListedCard> out;
    const auto add = [&](std::string_view owner, int version, const std::vector<MetricCard>& cards) {
      for (const MetricCard& card : cards) out.push_back({owner, version, card});
    };
    for (const auto& family : all_metrics()) {
      add(family.id, family.version, family.cards);
      if (family.id == kDerivedFamily) add(family.id, family.version, derived_metrics());
    }
    for (const auto& task : all_tasks()) add(task.id, task.version, task.cards);
    add(kCost, kCostVersion, cost_cards());
    return out;
  }();
  return list;
}

const ListedCard* find_card(std::string_view metric, std::string_view mode) {
  for (const ListedCard& listed : all_cards()) {
    if (listed.card.id == metric && listed.card.mode == mode) return &listed;
  }
  return nullptr;
}

std::string cards_text(std::string_view name) {
  std::string out;
  for (const auto& [owner, version, card] : all_cards()) {
    if (card.id == name || owner == name) out += (out.empty() ? "" : "\n") + card_text(owner, version, card);
  }
  return out;
}

std::vector<std::string> card_names() {
  std::vector<std::string> out;
  for (const ListedCard& listed : all_cards()) {
    add_once(out, listed.owner);
    add_once(out, listed.card.id);
  }
  return out;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> out;
  for (const auto& family : all_metrics()) {
    for (const ListedCard& listed : all_cards()) {
      if (listed.owner != family.id) continue;
      add_once(out, family.id);
      add_once(out, listed.card.id);
    }
  }
  return out;
}

bool is_chosen(const std::vector<std::string>& names, std::string_view family, std::string_view metric) {
  return names.empty() || has(names, family) || has(names, metric);
}

bool is_family_chosen(const std::vector<std::string>& names, std::string_view family) {
  return std::any_of(all_cards().begin(), all_cards().end(), [&](const ListedCard& listed) {
    return listed.owner == family && is_chosen(names, family, listed.card.id);
  });
}

}  // namespace bench
