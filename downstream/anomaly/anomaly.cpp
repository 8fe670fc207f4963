#include "downstream/anomaly/anomaly.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/rank.h"
#include "core/score_list.h"
#include "datasets/labels.h"
#include "downstream/anomaly/comparison.h"

namespace bench {
namespace {

constexpr double kNsPerSecond = 1e9;

/// A trace as NetML reads it.
struct Pieces {
  std::string reason;                ///< why it cannot be read, one sentence; empty if it can
  std::vector<FlowVectors> by_mode;  ///< in the order of kNetmlModes; empty if there is a reason
  int64_t records = 0;
};

/// Detectors fitted on each trace ("self") or on the real one ("real"), and what they then score.
struct Fit {
  std::string_view name;
  const Pieces& training;  ///< of the real trace; with "self" also what is scored
  const Pieces& real;      ///< what is scored: with "real" the held-out records
  const Pieces& synthetic;
  bool labelled;  ///< the real trace has the label column
};

std::string unreadable(std::string_view name, const Trace& trace) {
  if (trace.kind != TraceKind::packets)
    return fmt::format("the {} trace has flow records and NetML reads packets", name);
  if (trace.size() == 0) return fmt::format("the {} trace has no records", name);
  if (!trace.has_time()) return fmt::format("the {} trace has no time", name);
  const auto [first, last] = std::minmax_element(trace.time.begin(), trace.time.end());
  if (static_cast<uint64_t>(*last) - static_cast<uint64_t>(*first) > uint64_t{INT64_MAX})
    return fmt::format("the {} trace spans more than 292 years", name);
  return {};
}

Pieces pieces_of(std::string_view name, const Trace* trace, const AnomalyParams& params,
                 const std::optional<NetmlScale>& scale = {}) {
  if (trace == nullptr) return {"there are no held-out records", {}, 0};
  Pieces out{unreadable(name, *trace), {}, static_cast<int64_t>(trace->size())};
  if (out.reason.empty()) out.by_mode = netml_vectors(*trace, params.netml(), params.label, scale);
  return out;
}

void add(std::string_view metric, std::string_view mode, const Compared& what, std::optional<double> value,
         std::string_view reason, Direction direction, ScoreList& list) {
  if (value) {
    list.value(metric, mode, what, "", *value, direction);
  } else {
    list.not_applicable(metric, mode, what, "", reason, direction);
  }
}

void add_counts(std::string_view fit, const Pieces& real, const Pieces& synthetic, ScoreList& list) {
  const Compared what{fit, real.records, synthetic.records};
  for (const auto& [mode, side] : {std::pair{"real", &real}, std::pair{"synthetic", &synthetic}}) {
    std::optional<double> count;
    if (side->reason.empty()) count = static_cast<double>(side->by_mode.front().features.rows());
    add("netml_flows", mode, what, count, side->reason, Direction::neither, list);
  }
}

AnomalyComparison compared(const DetectorEntry& detector, const Fit& fit, size_t mode, size_t cap,
                           Seed seed) {
  AnomalyComparison out;
  out.not_applicable = fit.real.reason.empty() ? fit.synthetic.reason : fit.real.reason;
  if (!out.not_applicable.empty()) return out;
  const FlowVectors &training = fit.training.by_mode[mode], &synthetic = fit.synthetic.by_mode[mode];
  if (fit.name == "self") return anomalies_fit_on_self(detector, training, synthetic, cap, seed);
  return anomalies_fit_on_real(detector, training, fit.real.by_mode[mode], synthetic, cap, seed);
}

std::string no_auc(std::string_view side, const Pieces& pieces, std::string_view label) {
  if (pieces.by_mode.front().anomalous.empty())
    return fmt::format("the {} trace has no label column \"{}\"", side, label);
  return fmt::format("the flows of the {} trace are all normal or all anomalous", side);
}

void add_mode(const std::string& field, const Fit& fit, const AnomalyComparison& result,
              std::string_view label, ScoreList& list) {
  const bool self = fit.name == "self";
  const Compared what{field, static_cast<int64_t>(result.real_training_flows),
                      static_cast<int64_t>(self ? result.synthetic_training_flows : result.synthetic_flows)};
  const std::string& lacking = result.not_applicable;
  const auto if_any = [&](double value) { return lacking.empty() ? std::optional(value) : std::nullopt; };
  add("anomaly_ratio", "real", what, if_any(result.real_ratio), lacking, Direction::neither, list);
  add("anomaly_ratio", "synthetic", what, if_any(result.synthetic_ratio), lacking, Direction::neither, list);
  const std::string no_error =
      lacking.empty() ? fmt::format("no flow of the real trace is flagged; the absolute difference is {:.6g}",
                                    result.synthetic_ratio)
                      : lacking;
  add("anomaly_ratio_error", "strict", what, result.relative_error, no_error, Direction::lower, list);
  if (!self) add("anomaly_score_emd", "strict", what, result.score_emd, lacking, Direction::lower, list);
  if (!fit.labelled) return;
  const auto reason = [&](std::string_view side, const Pieces& pieces) {
    return lacking.empty() ? no_auc(side, pieces, label) : lacking;
  };
  add("anomaly_auc", "real", what, result.real_auc, reason("real", fit.real), Direction::neither, list);
  add("anomaly_auc", "synthetic", what, result.synthetic_auc, reason("synthetic", fit.synthetic),
      Direction::neither, list);
}

void add_ranks(const std::string& group, const std::vector<AnomalyComparison>& results, ScoreList& list) {
  const auto n = static_cast<int64_t>(results.size());
  std::string reason = results.front().not_applicable;
  std::vector<double> real, synthetic;
  for (const AnomalyComparison& result : results) {
    real.push_back(result.real_ratio);
    synthetic.push_back(result.synthetic_ratio);
  }
  std::optional<double> rho, tau, p;
  if (reason.empty()) {
    rho = spearman(real, synthetic);
    tau = kendall_tau_b(real, synthetic);
    p = spearman_p_value(real, synthetic);
    reason = "all modes flag the same share of one of the traces";
  }
  const std::string by_rho = group + " spearman", by_tau = group + " kendall";
  add("anomaly_rank", "strict", {by_rho, n, n}, rho, reason, Direction::higher, list);
  add("anomaly_rank", "strict", {by_tau, n, n}, tau, reason, Direction::higher, list);
  add("anomaly_rank_p", "strict", {by_rho, n, n}, p, reason, Direction::neither, list);
}

void add_fit(const Fit& fit, const AnomalyParams& params, Seed seed, ScoreList& list) {
  add_counts(fit.name, fit.real, fit.synthetic, list);
  for (const DetectorEntry& detector : all_detectors()) {
    if (params.detectors != "all" && params.detectors != detector.id) continue;
    const size_t cap =
        params.training_cap == 0 ? detector.training_cap : static_cast<size_t>(params.training_cap);
    const std::string group = fmt::format("{} {}", detector.id, fit.name);
    std::vector<AnomalyComparison> results;
    for (size_t m = 0; m < std::size(kNetmlModes); ++m) {
      results.push_back(compared(detector, fit, m, cap, seed.child(detector.id, m)));
      add_mode(fmt::format("{} {}", group, netml_mode_name(kNetmlModes[m])), fit, results.back(),
               params.label, list);
    }
    add_ranks(group, results, list);
  }
}

std::vector<Score> evaluate(const ScoringPair& pair, const Params& base, Seed seed) {
  const auto& params = static_cast<const AnomalyParams&>(base);
  const bool self = params.fit != "real", fit_real = params.fit != "self";
  ScoreList list;
  // Nothing of any detector where not even the real trace can be read.
  if (const std::string reason = unreadable("real", pair.real); !reason.empty()) {
    if (self) add_counts("self", {reason, {}, 0}, {reason, {}, 0}, list);
    if (fit_real) add_counts("real", {reason, {}, 0}, {reason, {}, 0}, list);
    return list.take();
  }
  const NetmlScale scale = netml_flows(pair.real, params.netml()).scale;
  const Pieces real = pieces_of("real", &pair.real, params, scale);
  const bool labelled = find_label(pair.real, params.label) != nullptr;
  if (self) {
    const Pieces synthetic = pieces_of("synthetic", &pair.synthetic, params);
    add_fit({"self", real, real, synthetic, labelled}, params, seed, list);
  }
  if (fit_real) {
    const Pieces holdout = pieces_of("held-out", pair.holdout, params, scale);
    const Pieces synthetic = pieces_of("synthetic", &pair.synthetic, params, scale);
    add_fit({"real", real, holdout, synthetic, labelled}, params, seed, list);
  }
  return list.take();
}

}  // namespace

void AnomalyParams::describe(FieldVisitor& v) {
  std::vector<std::string> known{"all"};
  for (const DetectorEntry& detector : all_detectors()) known.emplace_back(detector.id);
  v.text({"detectors", "", "which detectors judge: one of them or all", "NetShare: OCSVM"}, detectors, known);
  v.text({"fit", "",
          "self: fitted on each trace and scored on the same; real: fitted on the real trace, scored on the "
          "held-out records and the synthetic trace; or both",
          "NetShare: self"},
         fit, {"self", "real", "both"});
  v.text(
      {"rules", "", "how packets become flows: as the netml library does, quirks included, or without them",
       "netml 0.7.1: compat"},
      rules, {"compat", "strict"});
  v.number({"quantile", "", "of durations (the gap that cuts a flow) and of packets per flow (vector length)",
            "netml 0.7.1: 0.9"},
           quantile, 0, 1);
  v.integer({"min_packets", "packets", "a flow, or a piece of one, with fewer is dropped", "netml 0.7.1: 2"},
            min_packets, 2, 1'000'000);
  v.number({"timeout_s", "s", "a flow that is idle for longer is cut", "netml 0.7.1: 600"}, timeout_s, 0,
           1e9);
  v.integer({"link_header", "bytes", "added to each packet's IP length",
             "our choice; the library counts Ethernet's 14"},
            link_header, 0, 65'535);
  v.integer(
      {"training_cap", "flows",
       "a detector is trained on at most so many, drawn at random; 0 = its own default (2000 for ocsvm, "
       "all for the others). n_real says how many it saw",
       "our choice"},
      training_cap, 0, 1'000'000'000);
  v.text({"label", "",
          "label column whose names other than normal, benign and background mark anomalous packets; a real "
          "trace without it gets no anomaly_auc",
          "our choice"},
         label, {});
}

NetmlParams AnomalyParams::netml() const {
  NetmlParams out;
  out.rules = rules == "strict" ? NetmlRules::strict : NetmlRules::compat;
  out.quantile = quantile;
  out.min_packets = static_cast<size_t>(min_packets);
  out.timeout = std::llround(timeout_s * kNsPerSecond);
  out.link_header = static_cast<int32_t>(link_header);
  return out;
}

Task anomaly_task() {
  return {"anomaly",
          1,
          "share of flows that novelty detectors flag, with NetML's features [NetShare 2022]",
          anomaly_cards(),
          {{"anomaly_ratio", "real", "synthetic"}},
          [] { return std::unique_ptr<Params>(std::make_unique<AnomalyParams>()); },
          evaluate};
}

}  // namespace bench
