#pragma once
// A metric's card as text: what a reader must know before trusting a score.

#include <string>
#include <string_view>
#include <vector>

#include "metrics/metric.h"

namespace bench {

/// One line each for id, version, formula, unit, range, direction, source and blind spot.
std::string card_text(const MetricFamily& family, const MetricCard& card);
/// The cards of every mode of the metric `id`, or all of the family `id`, separated by empty lines; empty if
/// no family knows the name.
std::string cards_text(const std::vector<MetricFamily>& families, std::string_view id);

}  // namespace bench
