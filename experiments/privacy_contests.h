#pragma once
// Numbers of private rows, and which of two regimes is better at the same budget.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/privacy_points.h"

namespace bench {

/// A number of a row; low is good.
struct RowMeasure {
  std::string title;
  std::function<std::optional<double>(const RunRow&)> value;
};

std::vector<double> values_of(const std::vector<const RunRow*>& rows, const RowMeasure& measure);

/// For each pair of regimes that the dataset has, and each measure: at how many budgets up to epsilon 8 the
/// mean of the first is below that of the second and at how many every seed agrees, then each budget with the
/// difference and in how many of the seeds that both have the first is better. Pairs: same and naive,
/// different and naive, marginal and same.
std::string contests_text(const PrivacyCurves& curves, const std::vector<RowMeasure>& measures);

}  // namespace bench
