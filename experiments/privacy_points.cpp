#include "experiments/privacy_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/stats.h"

namespace bench {
namespace {

constexpr auto kInfinite = std::numeric_limits<double>::infinity();
constexpr std::string_view kEmd = "emd paper ";

/// What is no number counts as infinite: a run does not accept it.
double epsilon_number(const nlohmann::json& value) {
  double out = 0;
  if (value.is_number()) out = value.get<double>();
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc()) return kInfinite;
  }
  return out > 0 ? out : kInfinite;
}

/// The mean over the fields of EMDs that are scaled so that the best private row has 0 and the worst 1; a
/// field in which these do not differ is left out.
std::map<const RunRow*, double> normalised_emd(const PrivacyCurves& curves) {
  std::map<std::string, std::pair<double, double>> ends;
  std::vector<const RunRow*> all = curves.others;
  for (const PrivacyPoint& point : curves.points) {
    for (const RunRow* row : point.rows) {
      all.push_back(row);
      for (const auto& [name, value] : row->scores) {
        if (!name.starts_with(kEmd)) continue;
        auto& [low, high] = ends.try_emplace(name, value, value).first->second;
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  std::map<const RunRow*, double> out;
  for (const RunRow* row : all) {
    std::vector<double> scaled;
    for (const auto& [name, span] : ends) {
      const auto value = row->score(name);
      if (value && span.second > span.first)
        scaled.push_back((*value - span.first) / (span.second - span.first));
    }
    if (!scaled.empty()) out[row] = mean(scaled);
  }
  return out;
}

PrivacyPoint& point_of(PrivacyCurves& curves, const std::string& regime, const PrivacyBudget& budget) {
  if (std::find(curves.regimes.begin(), curves.regimes.end(), regime) == curves.regimes.end())
    curves.regimes.push_back(regime);
  for (PrivacyPoint& point : curves.points) {
    if (point.regime == regime && point.budget == budget) return point;
  }
  curves.points.push_back({regime, budget, {}, 0});
  return curves.points.back();
}

PrivacyCurves& curves_of(std::vector<PrivacyCurves>& all, const std::string& dataset) {
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const PrivacyCurves& c) { return c.dataset == dataset; });
  if (it != all.end()) return *it;
  all.push_back({dataset, {}, {}, {}, {}});
  return all.back();
}

}  // namespace

std::string PrivacyBudget::text() const {
  if (noise > 0) return fmt::format("sigma {:g}", noise);
  return std::isinf(epsilon) ? "inf" : fmt::format("{:g}", epsilon);
}

std::optional<PrivacyBudget> budget_of(const nlohmann::json& params) {
  if (!params.is_object() || !params.contains("epsilon")) return std::nullopt;
  const std::string privacy = params.value("privacy", "dp");
  if (privacy == "none") return std::nullopt;
  PrivacyBudget out;
  if (privacy != "dp") return out;
  out.noise = params.value("noise_multiplier", 0.0);
  if (out.noise <= 0) out.epsilon = epsilon_number(params["epsilon"]);
  return out;
}

std::string regime_of(const std::string& generator, const std::string& variant) {
  const std::string out = without_axis(without_axis(variant, "epsilon"), "noise_multiplier");
  return out.empty() ? generator : out;
}

std::vector<PrivacyCost> PrivacyPoint::costs() const {
  std::vector<PrivacyCost> out;
  for (const RunRow* row : rows) {
    if (!row->privacy.is_null()) out.push_back(privacy_cost(row->privacy));
  }
  return out;
}

std::optional<double> PrivacyPoint::epsilon() const {
  if (budget.noise <= 0) return budget.epsilon;
  std::vector<double> values;
  for (const PrivacyCost& cost : costs()) {
    if (const auto value = cost.numerical ? cost.numerical : cost.moments) values.push_back(*value);
  }
  return values.empty() ? std::nullopt : std::optional(mean(values));
}

const PrivacyPoint* PrivacyCurves::find(const std::string& regime, const PrivacyBudget& budget) const {
  const auto it = std::find_if(points.begin(), points.end(), [&](const PrivacyPoint& p) {
    return p.regime == regime && p.budget == budget;
  });
  return it == points.end() ? nullptr : &*it;
}

std::vector<PrivacyCurves> privacy_curves(const std::vector<RunRow>& rows,
                                          const std::vector<RunFailure>& failures) {
  std::vector<PrivacyCurves> all;
  for (const RunRow& row : rows) {
    PrivacyCurves& curves = curves_of(all, row.dataset);
    if (const auto budget = budget_of(row.params)) {
      PrivacyPoint& point = point_of(curves, regime_of(row.generator, row.variant), *budget);
      point.rows.push_back(&row);
      ++point.planned;
    } else {
      curves.others.push_back(&row);
    }
  }
  for (const RunFailure& failure : failures) {
    if (const auto budget = budget_of(failure.params))
      ++point_of(curves_of(all, failure.dataset), regime_of(failure.generator, failure.variant), *budget)
            .planned;
  }
  std::erase_if(all, [](const PrivacyCurves& c) { return c.points.empty(); });
  for (PrivacyCurves& curves : all) {
    const auto place = [&](const PrivacyPoint& p) {
      const auto regime = std::find(curves.regimes.begin(), curves.regimes.end(), p.regime);
      return std::tuple(regime, !p.epsilon(), p.epsilon().value_or(0));
    };
    std::stable_sort(curves.points.begin(), curves.points.end(),
                     [&](const PrivacyPoint& a, const PrivacyPoint& b) { return place(a) < place(b); });
    curves.emd = normalised_emd(curves);
  }
  return all;
}

}  // namespace bench
