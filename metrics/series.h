#pragma once
// Family "series": a trace as a set of sessions, the five-tuples, each with attributes (the five fields) and
// a time series of features (its records). The metric group of NetShare's later library (SDMetrics for time
// series), with formulas of our own where the library's depend on padding or on the largest value.

#include <optional>
#include <span>
#include <vector>

#include "metrics/metric.h"

namespace bench {

/// Pearson correlation of (v_i, v_(i + lag)) over all sessions: session s holds
/// values[offsets[s] .. offsets[s + 1]). None below `fewest` such pairs; 0 where a side is constant.
std::optional<double> autocorrelation(std::span<const double> values, std::span<const size_t> offsets,
                                      size_t lag, size_t fewest);

std::vector<MetricCard> series_cards();
MetricFamily series_family();

}  // namespace bench
