#include "experiments/privacy_cost.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace bench {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "-";
}

std::optional<double> number_of(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number() ? std::optional(it->get<double>()) : std::nullopt;
}

}  // namespace

PrivacyCost privacy_cost(const json& record) {
  PrivacyCost out;
  out.unit = text_of(record, "unit");
  out.asked = text_of(record, "budget");
  out.delta = number_of(record, "delta");
  out.noise = number_of(record, "noise_multiplier");
  const auto epsilon = record.find("epsilon");
  out.finite = epsilon != record.end() && epsilon->is_object();
  if (!out.finite) return out;
  if (out.asked == "inf") out.asked = "-";
  out.moments = number_of(*epsilon, "renyi");
  if (!out.moments) out.moments = number_of(*epsilon, "zcdp");
  out.numerical = number_of(*epsilon, "numerical");
  out.published = number_of(*epsilon, "as published");
  return out;
}

std::string range_text(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::string first = fmt::format("{:.3g}", *low), last = fmt::format("{:.3g}", *high);
  return first == last ? first : first + " to " + last;
}

std::string figure_text(const std::vector<PrivacyCost>& costs, PrivacyFigure figure) {
  std::vector<double> values;
  for (const PrivacyCost& cost : costs) {
    if (!cost.finite) return "inf";
    if (cost.*figure) values.push_back(*(cost.*figure));
  }
  return range_text(values);
}

std::string units_text(const std::vector<PrivacyCost>& costs) {
  std::vector<std::string> units;
  for (const PrivacyCost& cost : costs) {
    if (std::find(units.begin(), units.end(), cost.unit) == units.end()) units.push_back(cost.unit);
  }
  return fmt::format("{}", fmt::join(units, "; "));
}

}  // namespace bench
