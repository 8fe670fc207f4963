#include "metrics/temporal.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/emd.h"
#include "core/score_list.h"
#include "core/stats.h"
#include "metrics/count_series.h"
#include "metrics/fields.h"
#include "metrics/flow_times.h"

namespace bench {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Direction kLower = Direction::lower;
constexpr double kNanosecondsPerSecond = 1e9;
constexpr std::string_view kNoTime = "no time column";
constexpr std::string_view kTooFew = "no two such records";

int64_t size_of(const auto& values) { return static_cast<int64_t>(values.size()); }

struct SampleSpec {
  std::string_view name;
  std::vector<int64_t> FlowTimes::*values;
  double raw_per_unit;
  bool bursts;  ///< gaps whose burstiness is compared as well
};

constexpr SampleSpec kSamples[] = {
    {"packets of flow", &FlowTimes::packets, 1, false},
    {"bytes of flow", &FlowTimes::bytes, 1, false},
    {"flow duration", &FlowTimes::duration, kNanosecondsPerSecond, false},
    {"gap", &FlowTimes::gaps, kNanosecondsPerSecond, true},
    {"gap in flow", &FlowTimes::gaps_in_flows, kNanosecondsPerSecond, true},
    {"gap of flow starts", &FlowTimes::gaps_of_flows, kNanosecondsPerSecond, true},
};

struct SeriesSpec {
  std::string_view name;
  std::vector<double> RateSeries::*values;
};

constexpr SeriesSpec kSeries[] = {
    {"records", &RateSeries::records},
    {"bytes", &RateSeries::bytes},
    {"active flows", &RateSeries::active},
};

std::string lacks(std::string_view side, const Trace& trace, std::string_view otherwise) {
  return fmt::format("the {} trace has {}", side, trace.time.empty() ? kNoTime : otherwise);
}

void add_sample(const ScoringPair& pair, const SampleSpec& spec, const FlowTimes& of_real,
                const FlowTimes& of_synthetic, const std::string& incomparable, ScoreList& list) {
  const auto& real = of_real.*spec.values;
  const auto& synthetic = of_synthetic.*spec.values;
  const Compared what{spec.name, size_of(real), size_of(synthetic)};
  std::string reason = incomparable;
  if (reason.empty() && real.empty()) reason = lacks("real", pair.real, kTooFew);
  if (reason.empty() && synthetic.empty()) reason = lacks("synthetic", pair.synthetic, kTooFew);
  if (!reason.empty()) {
    list.not_applicable("temporal_ks", "strict", what, "", reason);
    list.not_applicable("temporal_emd_over_std", "strict", what, "sd", reason);
    if (spec.bursts) list.not_applicable("burstiness", "strict", what, "", reason);
    return;
  }
  list.value("temporal_ks", "strict", what, "", ks_of_sorted(real, synthetic));
  const std::vector<double> real_units = in_units(real, spec.raw_per_unit);
  const double sd = sample_sd(real_units);
  if (real.front() < real.back() && sd > 0) {
    list.value("temporal_emd_over_std", "strict", what, "sd",
               emd_of_sorted(real, synthetic) / spec.raw_per_unit / sd);
  } else {
    list.not_applicable("temporal_emd_over_std", "strict", what, "sd", "the real values are all equal");
  }
  if (!spec.bursts) return;
  const double of_gaps = burstiness(in_units(synthetic, spec.raw_per_unit));
  list.value("burstiness", "strict", what, "", std::abs(of_gaps - burstiness(real_units)));
}

// Mean |difference| over the lags where the real series is significant; none where it is nowhere.
std::optional<double> acf_difference(const std::vector<double>& real, const std::vector<double>& synthetic) {
  const size_t lags = std::min(kLagsAtMost, real.size() / 4);
  const std::vector<double> of_real = series_acf(real, lags);
  const std::vector<size_t> significant = bartlett_lags(of_real, real.size());
  if (significant.empty()) return std::nullopt;
  const std::vector<double> of_synthetic = series_acf(synthetic, significant.back());
  double sum = 0;
  for (const size_t k : significant) sum += std::abs(of_synthetic[k - 1] - of_real[k - 1]);
  return sum / static_cast<double>(significant.size());
}

void add_acf(const Compared& what, const std::vector<double>& real, const std::vector<double>& synthetic,
             ScoreList& list) {
  if (real.size() < kFewestForAcf) {
    list.not_applicable(
        "rate_acf", "strict", what, "",
        fmt::format("the real series has {} intervals; {} are needed", real.size(), kFewestForAcf));
  } else if (const auto difference = acf_difference(real, synthetic)) {
    list.value("rate_acf", "strict", what, "", *difference);
  } else {
    list.not_applicable("rate_acf", "strict", what, "", "the real series has no significant autocorrelation");
  }
}

void add_hurst(const Compared& what, const std::vector<double>& real, const std::vector<double>& synthetic,
               ScoreList& list) {
  const auto of_real = hurst_exponent(real);
  const auto of_synthetic = hurst_exponent(synthetic);
  if (of_real && of_synthetic) {
    list.value("hurst", "strict", what, "", std::abs(*of_synthetic - *of_real));
  } else {
    list.not_applicable("hurst", "strict", what, "",
                        fmt::format("the {} series is constant or has fewer than {} intervals",
                                    of_real ? "synthetic" : "real", kFewestForHurst));
  }
}

void add_series(std::string_view field, const std::vector<double>& real, const std::vector<double>& synthetic,
                const std::string& reason, ScoreList& list) {
  const Compared what{field, size_of(real), size_of(synthetic)};
  if (!reason.empty()) {
    list.not_applicable("rate_emd_over_std", "strict", what, "sd", reason);
    list.not_applicable("rate_acf", "strict", what, "", reason);
    list.not_applicable("hurst", "strict", what, "", reason);
    list.not_applicable("dispersion", "strict", what, "ln", reason);
    return;
  }
  const double sd = sample_sd(real);
  if (sd > 0) {
    list.value("rate_emd_over_std", "strict", what, "sd", emd(real, synthetic) / sd);
  } else {
    list.not_applicable("rate_emd_over_std", "strict", what, "sd", "the real series is constant");
  }
  add_acf(what, real, synthetic, list);
  add_hurst(what, real, synthetic, list);
  list.value("dispersion", "strict", what, "ln",
             std::abs(std::log1p(index_of_dispersion(synthetic)) - std::log1p(index_of_dispersion(real))));
}

void add_persistence(const FlowTimes& real, const FlowTimes& synthetic, const std::string& reason,
                     ScoreList& list) {
  const Compared what{"flows", size_of(real.packets), size_of(synthetic.packets)};
  if (!reason.empty()) {
    list.not_applicable("persistence", "strict", what, "", reason);
    return;
  }
  const auto share = [](const FlowTimes& times) {
    return static_cast<double>(times.persistent) / static_cast<double>(times.packets.size());
  };
  list.value("persistence", "strict", what, "", std::abs(share(synthetic) - share(real)));
}

std::vector<Score> evaluate(const ScoringPair& pair) {
  ScoreList list;
  std::string reason = empty_side(pair);
  if (reason.empty() && pair.real.kind != pair.synthetic.kind)
    reason = "one trace has packets and the other flow records";
  FlowTimes real, synthetic;
  if (reason.empty()) {
    real = flow_times(pair.real);
    synthetic = flow_times(pair.synthetic);
  }
  for (const SampleSpec& spec : kSamples) add_sample(pair, spec, real, synthetic, reason, list);
  if (reason.empty() && pair.real.time.empty()) reason = lacks("real", pair.real, "");
  if (reason.empty() && pair.synthetic.time.empty()) reason = lacks("synthetic", pair.synthetic, "");
  // Half of a trace keeps the window of the whole, so reference rows get the same intervals.
  const bool has_window = pair.window.begin < pair.window.end;
  const int64_t width = bin_width(has_window ? pair.window : time_window(pair.real));
  RateSeries real_series, synthetic_series;
  if (reason.empty()) {
    real_series = rate_series(pair.real, real.spans, width);
    synthetic_series = rate_series(pair.synthetic, synthetic.spans, width);
  }
  for (const SeriesSpec& spec : kSeries) {
    add_series(fmt::format("{} per {}", spec.name, width_text(width)), real_series.*spec.values,
               synthetic_series.*spec.values, reason, list);
  }
  add_persistence(real, synthetic, reason, list);
  return list.take();
}

}  // namespace

MetricFamily temporal_family() {
  constexpr std::string_view kSeriesIntervals =
      "series: equal intervals of 1 s from each trace's own first record, or of the largest power of ten "
      "below "
      "that cuts the training window into 100";
  return {
      "temporal",
      1,
      {
          {"temporal_ks", "strict",
           "Kolmogorov-Smirnov of packets, bytes and duration per five-tuple and of the gaps between "
           "records, "
           "inside five-tuples and between their first records",
           "", kLower, 0, 1, "two-sample Kolmogorov-Smirnov statistic",
           "max |F_real - F_synthetic|; duration = last end - first start of a five-tuple, no timeout; a gap "
           "is the "
           "time between neighbours in order of time",
           "the order of the values: gaps shuffled among themselves score 0"},
          {"temporal_emd_over_std", "strict",
           "the same samples by Wasserstein-1 over the real standard deviation", "sd", kLower, 0, kUnbounded,
           "HeaderBench", "integral |F_real - F_synthetic| / sample standard deviation of the real values",
           "a heavy tail makes the standard deviation so large that a collapse to the mean scores near 0: "
           "read "
           "temporal_ks first"},
          {"burstiness", "strict",
           "|B_synthetic - B_real| of gaps, B from -1 (regular) over 0 (Poisson) to 1", "", kLower, 0, 2,
           "Goh and Barabasi, EPL 81 (2008) 48002",
           "B = (sd - mean) / (sd + mean) of the gaps; -1 if all gaps are zero",
           "the scale of time, and the order of the gaps"},
          {"rate_emd_over_std", "strict",
           "Wasserstein-1 between the counts per interval, over the real standard deviation", "sd", kLower, 0,
           kUnbounded, "HeaderBench", kSeriesIntervals,
           "the order of the intervals; one record far away from the others stretches a series with zeros"},
          {"rate_acf", "strict",
           "mean |r_synthetic(k) - r_real(k)| of the counts per interval over the lags where the real "
           "autocorrelation is significant",
           "", kLower, 0, 2, "Bartlett (1946); FlowChronicle (CoNEXT 2024) compares the same function",
           "lags 1 .. min(100, intervals / 4) with |r_real(k)| > 1.96 sqrt((1 + 2 sum_{j<k} r_real(j)^2) / "
           "n); r is 0 "
           "for a constant synthetic series and at lags that it is too short for",
           "dependence at lags where the real series has none; the level of the counts"},
          {"hurst", "strict", "|H_synthetic - H_real| of the counts per interval, by aggregated variance", "",
           kLower, 0, 1, "Taqqu, Teverovsky and Willinger, Fractals 3 (1995)",
           "H = 1 + b / 2, b the slope of ln variance of means of m neighbours over ln m, m = 1, 2, 3, 4, 6, "
           "8, ... "
           "with ten means or more; held in 0 .. 1",
           "a trend or one step looks like H near 1; short series give H with a spread of about 0.1"},
          {"dispersion", "strict",
           "|ln(1 + I_synthetic) - ln(1 + I_real)|, I = variance / mean of the counts per interval", "ln",
           kLower, 0, kUnbounded, "index of dispersion (Cox and Lewis 1966)", kSeriesIntervals,
           "where the bursts are and how long they last; in bytes one huge flow rules it: "
           "two halves of one real trace differed by 0.8 to 2.8 on samples of UGR16, CAIDA and DC"},
          {"persistence", "strict",
           "|difference| of the share of five-tuples with records in more than one of ten equal parts of the "
           "trace's "
           "time",
           "", kLower, 0, 1, "HeaderBench, after the epochs of NetShare (SIGCOMM 2022)",
           "parts are equal intervals between a trace's own first and last record",
           "how many parts a five-tuple spans beyond two; a generator that trains on chunks may repeat "
           "five-tuples "
           "by chance"},
      },
      evaluate};
}

}  // namespace bench
