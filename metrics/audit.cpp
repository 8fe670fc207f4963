#include "metrics/audit.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>

#include "core/score_list.h"
#include "metrics/epsilon_bound.h"
#include "metrics/fields.h"
#include "metrics/nearest.h"

namespace bench {
namespace {

constexpr std::string_view kStrict = "strict";
constexpr double kDelta = 1e-5;
constexpr double kConfidence = 0.95;
// Of the canaries: so many are guessed on each side. Fixed here, before anything is seen.
constexpr size_t kGuessedPart = 4;

std::vector<size_t> all_rows(const Trace& trace) {
  std::vector<size_t> rows(trace.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  return rows;
}

std::string lacking(const ScoringPair& pair) {
  if (pair.canaries == nullptr) return "the row was not trained on canaries";
  if (std::string empty = empty_side(pair); !empty.empty()) return empty;
  if (pair.synthetic.kind != pair.canaries->records.kind)
    return "the synthetic trace is of another kind than the canaries";
  if (pair.real.kind != pair.synthetic.kind) return "one trace has packets and the other flow records";
  if (pair.canaries->records.size() >= kFewestCanaries) return "";
  return fmt::format("there are {} canaries; {} or more can be guessed", pair.canaries->records.size(),
                     kFewestCanaries);
}

struct Attack {
  std::string_view field;
  Guesses guesses = {};
};

// Canaries at one distance stay in the order in which they were drawn, which has nothing to do with the
// coins.
std::array<Attack, 2> attacks(const ScoringPair* pair) {
  std::array<Attack, 2> out{{{"closest and farthest quarter"}, {"closest quarter"}}};
  if (pair == nullptr) return out;
  const std::vector<bool>& inserted = pair->canaries->inserted;
  const std::vector<float> distances = canary_distances(*pair->canaries, pair->real, pair->synthetic);
  std::vector<size_t> order(distances.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return distances[a] < distances[b]; });
  const size_t each = order.size() / kGuessedPart;
  int64_t in = 0, out_of = 0;
  for (size_t i = 0; i < each; ++i) {
    in += inserted[order[i]] ? 1 : 0;
    out_of += inserted[order[order.size() - 1 - i]] ? 0 : 1;
  }
  const auto candidates = static_cast<int64_t>(order.size());
  const auto made = static_cast<int64_t>(each);
  out[0].guesses = {candidates, 2 * made, in + out_of};
  out[1].guesses = {candidates, made, in};
  return out;
}

}  // namespace

std::vector<float> canary_distances(const Canaries& canaries, const Trace& real, const Trace& synthetic) {
  const RecordCoder coder(real, synthetic, canaries.records);
  return nearest(coder.table(canaries.records, all_rows(canaries.records)),
                 coder.table(synthetic, all_rows(synthetic)), 1);
}

std::vector<Score> audit_scores(const ScoringPair& pair) {
  const std::string reason = lacking(pair);
  const int64_t canaries = pair.canaries == nullptr ? 0 : static_cast<int64_t>(pair.canaries->records.size());
  ScoreList list;
  for (const auto& [field, guesses] : attacks(reason.empty() ? &pair : nullptr)) {
    const Compared what{field, canaries, static_cast<int64_t>(pair.synthetic.size())};
    if (!reason.empty()) {
      list.not_applicable("canary_accuracy", kStrict, what, "", reason);
      list.not_applicable("canary_epsilon", kStrict, what, "nats", reason);
      continue;
    }
    list.value("canary_accuracy", kStrict, what, "",
               static_cast<double>(guesses.right) / static_cast<double>(guesses.made));
    list.value("canary_epsilon", kStrict, what, "nats", epsilon_lower_bound(guesses, kDelta, kConfidence));
  }
  return list.take();
}

MetricFamily audit_family() {
  constexpr std::string_view kSource =
      "Steinke, Nasr and Jagielski, Privacy auditing with one (1) training run, NeurIPS 2023";
  return {
      kAuditFamily,
      1,
      {
          {"canary_accuracy", kStrict,
           "share of right guesses at which canaries (\"canaries\" of a dataset) were in the training part",
           "", Direction::lower, 0, 1, kSource,
           "the quarter of the canaries closest to a synthetic record are guessed in, the farthest quarter "
           "out; Gower distance over addresses by leading bytes, ports, protocol, flags and ln(1 + v) of "
           "sizes, without time; ties in the order of drawing; .5 is chance (n_real: canaries)",
           "a generator that makes a fixed list of hosts or ports up hides the canaries from this distance"},
          {"canary_epsilon", kStrict,
           "lower bound of epsilon, for add or remove of a record and delta 1e-5, that the guesses prove at "
           "95 % confidence",
           "nats", Direction::lower, 0, std::numeric_limits<double>::infinity(), kSource,
           "largest epsilon with P[W >= v] + 2 m delta max_i P[v > W >= v - i] / i <= .05; v right guesses, "
           "W binomial of the guesses made at e^epsilon / (1 + e^epsilon), m canaries",
           "0 is no proof of privacy: another attack may see more, and m canaries prove ln(m / 6) at most. "
           "Repeats share the coins; each field holds at 95 % by itself"},
      },
      audit_scores};
}

}  // namespace bench
