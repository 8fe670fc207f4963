#pragma once
// A run over several budgets as curves: which regime and budget a row is of, and its place on the axis.

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/privacy_cost.h"
#include "experiments/run_rows.h"

namespace bench {

/// What a private row asked for: epsilon, infinite for no noise, or the noise itself.
struct PrivacyBudget {
  double epsilon = std::numeric_limits<double>::infinity();
  double noise = 0;  ///< above 0: noise multiplier, in place of epsilon

  auto operator<=>(const PrivacyBudget&) const = default;
  std::string text() const;  ///< "2", "inf", "sigma 0.5"
};
/// Of resolved parameters: "epsilon" as number or text, 0 being no noise, and "noise_multiplier". Nothing if
/// the row does not train privately: no "epsilon", or "privacy" is "none".
std::optional<PrivacyBudget> budget_of(const nlohmann::json& params);

/// The variant without epsilon and noise_multiplier, the generator if nothing is left: rows of one regime
/// differ in the budget only.
std::string regime_of(const std::string& generator, const std::string& variant);

/// The cells of one regime at one budget.
struct PrivacyPoint {
  std::string regime;
  PrivacyBudget budget;
  std::vector<const RunRow*> rows;  ///< that ended ok
  size_t planned = 0;

  std::vector<PrivacyCost> costs() const;  ///< of the rows that have a record
  /// Place on the axis: the epsilon asked for, or where noise was given what the accountant says, numerical
  /// before Renyi orders; nothing if no row says it. May be infinite.
  std::optional<double> epsilon() const;
};

/// One dataset of a run.
struct PrivacyCurves {
  std::string dataset;
  std::vector<std::string> regimes;  ///< in the order of the run
  std::vector<PrivacyPoint> points;  ///< by regime, then by epsilon; those without one last
  std::vector<const RunRow*> others;
  /// Of points and others: the mean over the fields of the paper-mode EMD, scaled in each field so that the
  /// best private row has 0 and the worst 1. Other rows may lie outside.
  std::map<const RunRow*, double> emd;

  const PrivacyPoint* find(const std::string& regime, const PrivacyBudget& budget) const;
};

/// Datasets in the order of the run; those without a private row are left out. `rows` must outlive the
/// result.
std::vector<PrivacyCurves> privacy_curves(const std::vector<RunRow>& rows,
                                          const std::vector<RunFailure>& failures);

}  // namespace bench
