#include "metrics/validity.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/score_list.h"
#include "metrics/fields.h"
#include "metrics/rule_file.h"

namespace bench {
namespace {

constexpr std::string_view kGap = "rule_gap";
constexpr std::string_view kPass = "rule_pass";

struct Side {
  std::string_view name;
  const Trace& trace;
  std::vector<uint8_t> violating;

  Side(std::string_view side, const Trace& records) : name(side), trace(records), violating(records.size()) {}
  /// Why the rule says nothing here; "" if it does.
  std::string apply(const Rule& rule, TimeWindow window, RuleCount& count) {
    if (trace.size() == 0) return fmt::format("the {} trace has no records", name);
    if (std::find(rule.kinds.begin(), rule.kinds.end(), trace.kind) == rule.kinds.end())
      return fmt::format("the rule is not about {}", kind_name(trace.kind));
    if (const std::string column = missing_column(rule, trace); !column.empty())
      return fmt::format("the {} trace has no {} column", name, column);
    count = rule.count({trace, window, violating});
    return count.applies > 0 ? "" : fmt::format("no {} record meets the premise: {}", name, rule.text);
  }
};

double share(const RuleCount& count) {
  return static_cast<double>(count.keeps) / static_cast<double>(count.applies);
}

void add(std::string_view field, const RuleCount& real, const RuleCount& synthetic,
         const std::string& lacking_real, const std::string& lacking_synthetic, ScoreList& list) {
  const Compared what{field, real.applies, synthetic.applies};
  if (lacking_real.empty() && lacking_synthetic.empty()) {
    list.value(kGap, "strict", what, "", std::abs(share(synthetic) - share(real)));
  } else {
    list.not_applicable(kGap, "strict", what, "", lacking_real.empty() ? lacking_synthetic : lacking_real);
  }
  const auto add_pass = [&](std::string_view mode, const RuleCount& count, const std::string& lacking) {
    if (lacking.empty()) {
      list.value(kPass, mode, what, "", share(count));
    } else {
      list.not_applicable(kPass, mode, what, "", lacking);
    }
  };
  add_pass("real", real, lacking_real);
  add_pass("synthetic", synthetic, lacking_synthetic);
}

RuleCount unmarked(const Side& side) {
  return {static_cast<int64_t>(side.trace.size()),
          std::count(side.violating.begin(), side.violating.end(), uint8_t{0})};
}

std::vector<Score> evaluate(const ScoringPair& pair) {
  if (pair.rules.empty()) return validity_scores(pair, {});
  return validity_scores(pair, parse_rules(pair.rules, "rules of the user"));
}

}  // namespace

std::vector<Score> validity_scores(const ScoringPair& pair, std::span<const Rule> extra) {
  Side real("real", pair.real);
  Side synthetic("synthetic", pair.synthetic);
  ScoreList list;
  const auto add_rule = [&](const Rule& rule) {
    RuleCount of_real, of_synthetic;
    const std::string lacking_real = real.apply(rule, pair.window, of_real);
    const std::string lacking_synthetic = synthetic.apply(rule, pair.window, of_synthetic);
    add(rule.id, of_real, of_synthetic, lacking_real, lacking_synthetic, list);
  };
  for (const Rule& rule : built_in_rules()) {
    if (std::find(rule.kinds.begin(), rule.kinds.end(), pair.real.kind) != rule.kinds.end()) add_rule(rule);
  }
  for (const Rule& rule : extra) add_rule(rule);
  const std::string lacking = pair.real.kind == pair.synthetic.kind
                                  ? empty_side(pair)
                                  : "one trace has packets and the other flow records";
  add(kAnyRule, unmarked(real), unmarked(synthetic), lacking, lacking, list);
  std::vector<Score> scores = list.take();
  for (Score& score : scores) {
    if (score.metric != kPass) continue;
    score.direction = score.mode == "real" ? Direction::neither : Direction::higher;
  }
  return scores;
}

MetricFamily validity_family() {
  constexpr std::string_view kSource =
      "rules: STAN (tests 1-7), Ring et al. (2019), FlowChronicle, NetNomos, RFC 791; counts: HeaderBench";
  constexpr std::string_view kShare =
      "pass share = records that keep the rule / records that meet its premise (n_real, n_synthetic); "
      "sessions for "
      "V14; \"any\": records that keep all header rules / all records";
  return {
      "validity",
      1,
      {
          {kGap, "strict", "|fail share synthetic - fail share real| of a rule: real traces break rules too",
           "", Direction::lower, 0, 1, kSource, kShare,
           "a generator that avoids a premise (no port 53 at all) passes: compare n_real and n_synthetic"},
          {kPass, "real", "share of real records that keep a rule", "", Direction::neither, 0, 1, kSource,
           kShare, "says nothing about the synthetic trace; it stands beside the gap"},
          {kPass, "synthetic", "share of synthetic records that keep a rule", "", Direction::higher, 0, 1,
           kSource, kShare,
           "a rule that real traffic often breaks (QUIC on port 443) should be broken as often: read the "
           "gap"},
      },
      evaluate};
}

}  // namespace bench
