#include "experiments/privacy_contests.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/stats.h"

namespace bench {
namespace {

/// Beyond it a guarantee says little, and regimes are not compared.
constexpr double kMostEpsilon = 8;

/// Pairs of regimes: whether the first is better than the second.
struct Contest {
  const char* first;
  const char* second;
  const char* claim;
};
constexpr Contest kContests[] = {{"same", "naive", "pre-training on the same kind of network beats none"},
                                 {"different", "naive", "pre-training on another kind of network beats none"},
                                 {"marginal", "same", "noisy marginals beat pre-training on the same kind"}};

std::string unit_of(const PrivacyCurves& curves, const char* regime) {
  std::vector<PrivacyCost> costs;
  for (const PrivacyPoint& point : curves.points) {
    if (point.regime != regime) continue;
    for (const PrivacyCost& cost : point.costs()) costs.push_back(cost);
  }
  return units_text(costs);
}

struct Verdict {
  bool first_wins = false;     ///< its mean is lower
  bool in_every_seed = false;  ///< and so is each of its values, of the seeds that both have
};

/// The comparison is appended to `lines`; nothing if one of the two has no value.
std::optional<Verdict> compare(const PrivacyPoint& first, const PrivacyPoint& second,
                               const RowMeasure& measure, std::string& lines) {
  const std::vector<double> a = values_of(first.rows, measure), b = values_of(second.rows, measure);
  if (a.empty() || b.empty()) return std::nullopt;
  const auto by_seed = [&](const PrivacyPoint& point) {
    std::map<int64_t, std::vector<double>> out;
    for (const RunRow* row : point.rows) {
      if (const auto value = measure.value(*row)) out[row->seed].push_back(*value);
    }
    return out;
  };
  const auto others = by_seed(second);
  int better = 0, seeds = 0;
  for (const auto& [seed, values] : by_seed(first)) {
    const auto it = others.find(seed);
    if (it == others.end()) continue;
    ++seeds;
    better += mean(values) < mean(it->second) ? 1 : 0;
  }
  const double difference = mean(a) - mean(b);
  lines += fmt::format("- epsilon {}: {} {:.3f}, {} {:.3f}: {}, better in {} of {} seeds\n",
                       first.budget.text(), first.regime, mean(a), second.regime, mean(b),
                       difference == 0  ? "equal"
                       : difference < 0 ? fmt::format("better by {:.3f}", -difference)
                                        : fmt::format("worse by {:.3f}", difference),
                       better, seeds);
  return Verdict{difference<0, seeds> 0 && better == seeds};
}

}  // namespace

std::vector<double> values_of(const std::vector<const RunRow*>& rows, const RowMeasure& measure) {
  std::vector<double> out;
  for (const RunRow* row : rows) {
    if (const auto value = measure.value(*row)) out.push_back(*value);
  }
  return out;
}

std::string contests_text(const PrivacyCurves& curves, const std::vector<RowMeasure>& measures) {
  const auto& known = curves.regimes;
  std::string out;
  for (const Contest& contest : kContests) {
    if (std::find(known.begin(), known.end(), contest.first) == known.end() ||
        std::find(known.begin(), known.end(), contest.second) == known.end())
      continue;
    const std::string units = unit_of(curves, contest.first) == unit_of(curves, contest.second)
                                  ? ""
                                  : " Their units differ, so their guarantees do.";
    for (const RowMeasure& measure : measures) {
      std::string lines;
      int won = 0, clearly = 0, all = 0;
      for (const PrivacyPoint& first : curves.points) {
        const PrivacyPoint* second = curves.find(contest.second, first.budget);
        const auto epsilon = first.epsilon();
        if (first.regime != contest.first || second == nullptr || !epsilon || *epsilon > kMostEpsilon)
          continue;
        const std::optional<Verdict> verdict = compare(first, *second, measure, lines);
        if (!verdict) continue;
        ++all;
        won += verdict->first_wins ? 1 : 0;
        clearly += verdict->first_wins && verdict->in_every_seed ? 1 : 0;
      }
      if (all == 0) {
        out += fmt::format("\nBy {}, {} and {} cannot be compared: no budget up to epsilon {:g} has both.\n",
                           measure.title, contest.first, contest.second, kMostEpsilon);
        continue;
      }
      out += fmt::format("\nBy {}, {} at {} of {} budgets up to epsilon {:g}, in every seed at {}.{}\n\n{}",
                         measure.title, contest.claim, won, all, kMostEpsilon, clearly, units, lines);
    }
  }
  return out;
}

}  // namespace bench
