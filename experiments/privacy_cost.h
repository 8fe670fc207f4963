#pragma once
// What private trainings say of their cost, for tables.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// The record of a private training: {"unit", "delta", "budget", "noise_multiplier", "epsilon": {"renyi" or
/// "zcdp", "numerical", "as published"}}.
struct PrivacyCost {
  std::string unit;   ///< in what neighbouring training parts differ
  std::string asked;  ///< epsilon, a number or "inf"; "-" where the noise was given instead
  bool finite = false;
  std::optional<double> delta, noise;
  std::optional<double> moments;    ///< epsilon by Renyi orders or zCDP
  std::optional<double> numerical;  ///< epsilon by composing losses on a grid
  std::optional<double> published;  ///< epsilon of one release per iteration
};

/// Of a record as a program left it: what is not there, or not of that type, is empty. `record` may be null.
PrivacyCost privacy_cost(const nlohmann::json& record);

/// "0.92", or "0.91 to 0.93" where values differ in three digits; "-" without any.
std::string range_text(const std::vector<double>& values);

using PrivacyFigure = std::optional<double> PrivacyCost::*;
/// range_text() of one figure over some costs; "inf" where one of them is not finite.
std::string figure_text(const std::vector<PrivacyCost>& costs, PrivacyFigure figure);

/// Units of some costs, each once, "; " between them.
std::string units_text(const std::vector<PrivacyCost>& costs);

}  // namespace bench
