#include "datasets/scoring.h"

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

std::string card_text(std::string_view family, int version, const MetricCard& card) {
  const auto line = [](std::string_view name, std::string_view text) {
    return fmt::format("{:11} {}\n", name, text.empty() ? "not stated" : text);
  };
  const std::string direction = card.direction == Direction::neither
                                    ? "neither way is better: compare it with the other side's"
                                    : fmt::format("{} is better", direction_name(card.direction));
  return line("metric", fmt::format("{} (mode {}, family {})", card.id, card.mode, family)) +
         line("version", fmt::format("{} of the family", version)) + line("what", card.summary) +
         line("formula", card.formula) + line("unit", unit_text(card.unit)) +
         line("range", fmt::format("{} to {}", bound_text(card.lo), bound_text(card.hi))) +
         line("direction", direction) + line("source", card.source) + line("blind spot", card.blind_spot);
}

}  // namespace bench
