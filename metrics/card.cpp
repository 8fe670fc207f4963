#include "metrics/card.h"

#include <fmt/core.h>

#include <cmath>

namespace bench {
namespace {

std::string unit_text(std::string_view unit) {
  if (unit.empty()) return "none (a pure number)";
  return unit == "field" ? "that of the field" : std::string(unit);
}

std::string bound_text(double bound) {
  return std::isinf(bound) ? "unbounded" : fmt::format("{:.6g}", bound);
}

}  // namespace

std::string card_text(const MetricFamily& family, const MetricCard& card) {
  const auto line = [](std::string_view name, std::string_view text) {
    return fmt::format("{:11} {}\n", name, text.empty() ? "not stated" : text);
  };
  const bool lower = card.direction == Direction::lower;
  return line("metric", fmt::format("{} (mode {}, family {})", card.id, card.mode, family.id)) +
         line("version", fmt::format("{} of the family", family.version)) + line("what", card.summary) +
         line("formula", card.formula) + line("unit", unit_text(card.unit)) +
         line("range", fmt::format("{} to {}", bound_text(card.lo), bound_text(card.hi))) +
         line("direction", lower ? "lower is better" : "higher is better") + line("source", card.source) +
         line("blind spot", card.blind_spot);
}

std::string cards_text(const std::vector<MetricFamily>& families, std::string_view id) {
  std::string out;
  for (const MetricFamily& family : families) {
    for (const MetricCard& card : family.cards) {
      if (card.id == id || family.id == id) out += (out.empty() ? "" : "\n") + card_text(family, card);
    }
  }
  return out;
}

}  // namespace bench
