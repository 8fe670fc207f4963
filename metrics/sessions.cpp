#include "metrics/sessions.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "core/emd.h"
#include "core/stats.h"
#include "metrics/divergence.h"
#include "metrics/histogram.h"
#include "metrics/series.h"

namespace bench {
namespace {

constexpr double kNanosecondsPerMicrosecond = 1e3;
constexpr size_t kLags = 5;          ///< autocorrelation at 1 .. kLags records
constexpr size_t kFewestPairs = 30;  ///< of real records at a lag

// A feature as one series per session.
struct Series {
  std::vector<double> values;
  std::vector<size_t> offsets;
};

Series record_series(const NumberPair& number, const std::vector<int64_t>& column,
                     const FlowIndex& sessions) {
  const std::vector<double> logs = signed_log1p(in_units(column, number.spec->raw_per_unit));
  Series out{std::vector<double>(logs.size()), sessions.offsets};
  for (size_t i = 0; i < logs.size(); ++i) out.values[i] = logs[sessions.rows[i]];
  return out;
}

// A session of n records has n - 1 gaps.
Series gap_series(const std::vector<int64_t>& gaps, const FlowIndex& sessions) {
  Series out{signed_log1p(in_units(gaps, kNanosecondsPerMicrosecond)), sessions.offsets};
  for (size_t f = 0; f < out.offsets.size(); ++f) out.offsets[f] -= f;
  return out;
}

void add_autocorrelation(const std::string& field, const Series& real, const Series& synthetic,
                         ScoreList& list) {
  double sum = 0;
  size_t lags = 0;
  for (size_t lag = 1; lag <= kLags; ++lag) {
    const auto expected = autocorrelation(real.values, real.offsets, lag, kFewestPairs);
    if (!expected) break;
    sum += std::abs(autocorrelation(synthetic.values, synthetic.offsets, lag, 2).value_or(0) - *expected);
    ++lags;
  }
  const Compared what{field, count_of(real.values.size()), count_of(synthetic.values.size())};
  if (lags > 0 && what.n_synthetic > 0) {
    list.value("autocorrelation", "strict", what, "", sum / static_cast<double>(lags));
  } else {
    list.not_applicable("autocorrelation", "strict", what, "",
                        lags > 0 ? "no synthetic five-tuple has two records"
                                 : "fewer than 30 real records follow another one in their five-tuple");
  }
}

}  // namespace

void add_order(const Sessions& s, ScoreList& list) {
  const std::string no_time = "without times records have no order";
  for (const NumberPair& n : s.numbers) {
    const std::string field(n.spec->name);
    if (n.missing.empty() && s.have_times()) {
      add_autocorrelation(field, record_series(n, n.real, s.real), record_series(n, n.synthetic, s.synthetic),
                          list);
    } else {
      list.not_applicable("autocorrelation", "strict", {field, 0, 0}, "",
                          n.missing.empty() ? no_time : n.missing);
    }
  }
  if (!s.have_times()) {
    list.not_applicable("autocorrelation", "strict", {"interarrival", 0, 0}, "", no_time);
    list.not_applicable("interarrival", "strict", {"interarrival", 0, 0}, kDistanceUnit, no_time);
    return;
  }
  const std::vector<int64_t> real = gaps_in_flows(s.pair.real, s.real);
  const std::vector<int64_t> synthetic = gaps_in_flows(s.pair.synthetic, s.synthetic);
  add_autocorrelation("interarrival", gap_series(real, s.real), gap_series(synthetic, s.synthetic), list);
  const Compared what{"interarrival", count_of(real.size()), count_of(synthetic.size())};
  if (!real.empty() && !synthetic.empty()) {
    list.value("interarrival", "strict", what, kDistanceUnit, distance_of_numbers(real, synthetic));
  } else {
    list.not_applicable("interarrival", "strict", what, kDistanceUnit,
                        "one trace has no five-tuple with two records");
  }
}

double distance_of_numbers(const std::vector<int64_t>& real, const std::vector<int64_t>& synthetic) {
  const std::vector<int64_t> sorted = ascending(real);
  const std::vector<int64_t> starts = bin_starts(sorted);
  return jsd_distance(bin_counts(sorted, starts), bin_counts(ascending(synthetic), starts));
}

std::optional<double> autocorrelation(std::span<const double> values, std::span<const size_t> offsets,
                                      size_t lag, size_t fewest) {
  std::vector<double> earlier, later;
  for (size_t s = 0; s + 1 < offsets.size(); ++s) {
    for (size_t i = offsets[s]; i + lag < offsets[s + 1]; ++i) {
      earlier.push_back(values[i]);
      later.push_back(values[i + lag]);
    }
  }
  if (earlier.size() < fewest) return std::nullopt;
  return pearson(earlier, later);
}

}  // namespace bench
