#include "metrics/distribution.h"

#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/emd.h"
#include "core/score_list.h"
#include "core/stats.h"
#include "metrics/divergence.h"
#include "metrics/fields.h"
#include "metrics/histogram.h"
#include "metrics/marginals.h"

namespace bench {
namespace {

constexpr double kNanosecondsPerMicrosecond = 1e3;
constexpr std::string_view kPaperClockUnit = "us";

int64_t size_of(const std::vector<int64_t>& values) { return static_cast<int64_t>(values.size()); }

// Ports and addresses have more to say than their divergence.
void add_operators_view(const CountField& field, const Compared& what, ScoreList& list) {
  const bool ports = field.name == "srcport" || field.name == "dstport";
  const bool addresses = field.name == "srcip" || field.name == "dstip";
  const auto overlap = [&](std::string_view metric, size_t k, size_t end, std::string_view none) {
    // Port 0 says that there is no port.
    const auto named = [&](const std::vector<int64_t>& counts) {
      return std::span(counts).subspan(1, end - 1);
    };
    const auto share = field.missing.empty() ? top_overlap(named(field.real), named(field.synthetic), k)
                                             : std::optional<double>();
    if (share) {
      list.value(metric, "strict", what, "", *share, Direction::higher);
    } else {
      list.not_applicable(metric, "strict", what, "", field.missing.empty() ? none : field.missing,
                          Direction::higher);
    }
  };
  if (ports) {
    overlap("top5_services", 5, kServicePorts, "the real trace has no port from 1 to 1023");
    overlap("top10_ports", 10, field.real.size(), "the real trace has no ports");
  }
  if (addresses) {
    const auto real = zipf_slope(field.real);
    const auto synthetic = zipf_slope(field.synthetic);
    if (real && synthetic) {
      list.value("zipf_slope", "strict", what, "", std::abs(*synthetic - *real));
    } else {
      list.not_applicable("zipf_slope", "strict", what, "",
                          field.missing.empty() ? "one trace has a single address" : field.missing);
    }
  }
  if (!ports && !addresses) return;
  if (field.missing.empty()) {
    list.value("distinct", "strict", what, "",
               relative_difference(distinct(field.real), distinct(field.synthetic)));
  } else {
    list.not_applicable("distinct", "strict", what, "", field.missing);
  }
}

void add_counts(const ScoringPair& pair, Modes modes, ScoreList& list) {
  for (const CountField& field : count_fields(pair)) {
    const Compared what{field.name, static_cast<int64_t>(pair.real.size()),
                        static_cast<int64_t>(pair.synthetic.size())};
    const auto add = [&](std::string_view metric, std::string_view mode, std::string_view unit,
                         auto distance) {
      if (field.missing.empty()) {
        list.value(metric, mode, what, unit, distance(field.real, field.synthetic));
      } else {
        list.not_applicable(metric, mode, what, unit, field.missing);
      }
    };
    if (modes.paper && field.in_paper) add("jsd", "paper", "nats", jsd);
    if (!modes.strict) continue;
    add("jsd", "strict", "nats", jsd);
    add("jsd_distance", "strict", "sqrt(nats)", jsd_distance);
    add("tv", "strict", "", total_variation);
    add("hellinger", "strict", "", hellinger);
    add_operators_view(field, what, list);
  }
}

// Who the hosts are, which their popularity ranks do not say.
void add_addresses(const ScoringPair& pair, ScoreList& list) {
  const std::string no_records = empty_side(pair);
  const auto keys = [](const std::vector<uint32_t>& addresses) {
    return ascending(std::vector<uint64_t>(addresses.begin(), addresses.end()));
  };
  for (const auto& [field, column] : {std::pair("srcip", &Trace::srcip), {"dstip", &Trace::dstip}}) {
    const Compared what{field, static_cast<int64_t>(pair.real.size()),
                        static_cast<int64_t>(pair.synthetic.size())};
    if (no_records.empty()) {
      list.value("jsd_value", "strict", what, "nats",
                 jsd_of_keys(keys(pair.real.*column), keys(pair.synthetic.*column)));
    } else {
      list.not_applicable("jsd_value", "strict", what, "nats", no_records);
    }
  }
}

// Clocks run in microseconds from each trace's own first record; everything else is raw.
void add_paper(const NumericSpec& spec, const NumericPair& field, const Compared& what, ScoreList& list) {
  const std::string_view unit = spec.clock ? kPaperClockUnit : spec.unit;
  if (!field.missing.empty()) {
    list.not_applicable("emd", "paper", what, unit, field.missing);
  } else if (spec.clock) {
    const double raw = emd_of_sorted(relative_to(field.real, field.real.front()),
                                     relative_to(field.synthetic, field.synthetic.front()));
    list.value("emd", "paper", what, unit, raw / kNanosecondsPerMicrosecond);
  } else {
    list.value("emd", "paper", what, unit, emd_of_sorted(field.real, field.synthetic) / spec.raw_per_unit);
  }
}

// `field` stands on the training window's clock.
void add_strict(const NumericSpec& spec, const NumericPair& field, const Compared& what, ScoreList& list) {
  if (!field.missing.empty()) {
    list.not_applicable("ks", "strict", what, "", field.missing);
    list.not_applicable("emd_log1p", "strict", what, "ln", field.missing);
    list.not_applicable("jsd", "strict", what, "nats", field.missing);
    list.not_applicable("emd", "strict", what, spec.unit, field.missing);
    list.not_applicable("emd_over_std", "strict", what, "sd", field.missing);
    list.not_applicable("emd_over_range", "strict", what, "", field.missing);
    return;
  }
  list.value("ks", "strict", what, "", ks_of_sorted(field.real, field.synthetic));
  const std::vector<double> real = in_units(field.real, spec.raw_per_unit);
  const double sd = sample_sd(real);
  list.value("emd_log1p", "strict", what, "ln",
             emd_of_sorted(signed_log1p(real), signed_log1p(in_units(field.synthetic, spec.raw_per_unit))));
  const std::vector<int64_t> starts = bin_starts(field.real);
  list.value("jsd", "strict", what, "nats",
             jsd(bin_counts(field.real, starts), bin_counts(field.synthetic, starts)));
  const double distance = emd_of_sorted(field.real, field.synthetic) / spec.raw_per_unit;
  list.value("emd", "strict", what, spec.unit, distance);
  if (field.real.front() < field.real.back() && sd > 0) {
    list.value("emd_over_std", "strict", what, "sd", distance / sd);
  } else {
    list.not_applicable("emd_over_std", "strict", what, "sd", "the real column is constant");
  }
  const double range =
      (static_cast<double>(field.real.back()) - static_cast<double>(field.real.front())) / spec.raw_per_unit;
  if (range > 0) {
    list.value("emd_over_range", "strict", what, "", distance / range);
  } else {
    list.not_applicable("emd_over_range", "strict", what, "", "the real column is constant");
  }
}

// A column of flow sizes has one value per five-tuple.
void add_five_tuples(const NumericPair& sizes, const ScoringPair& pair, ScoreList& list) {
  const Compared what{"five-tuple", static_cast<int64_t>(pair.real.size()),
                      static_cast<int64_t>(pair.synthetic.size())};
  if (sizes.missing.empty()) {
    list.value("distinct", "strict", what, "",
               relative_difference(size_of(sizes.real), size_of(sizes.synthetic)));
  } else {
    list.not_applicable("distinct", "strict", what, "", sizes.missing);
  }
}

void add_numeric(const ScoringPair& pair, Modes modes, ScoreList& list) {
  for (const NumericSpec& spec : numeric_specs(pair.real.kind)) {
    if (!modes.strict && !spec.in_paper) continue;
    NumericPair field = prepare(spec, pair);
    if (spec.header && field.real.empty()) continue;
    const Compared what{spec.name, size_of(field.real), size_of(field.synthetic)};
    if (modes.paper && spec.in_paper) add_paper(spec, field, what, list);
    if (!modes.strict) continue;
    if (spec.clock) {
      field.real = relative_to(field.real, pair.window.begin);
      field.synthetic = relative_to(field.synthetic, pair.window.begin);
    }
    add_strict(spec, field, what, list);
    if (spec.name == "flow_size") add_five_tuples(field, pair, list);
  }
}

std::vector<Score> evaluate(const ScoringPair& pair) { return distribution_scores(pair, {}); }

}  // namespace

std::vector<Score> distribution_scores(const ScoringPair& pair, Modes modes) {
  ScoreList list;
  add_counts(pair, modes, list);
  if (modes.strict) add_addresses(pair, list);
  add_numeric(pair, modes, list);
  return list.take();
}

MetricFamily distribution_family() { return {"distribution", 3, distribution_cards(), evaluate}; }

}  // namespace bench
