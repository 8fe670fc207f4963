#include "experiments/rank_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/rank.h"
#include "core/seed.h"
#include "experiments/score_board.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr std::string_view kNote =
    "Does a synthetic trace put algorithms in the order in which the real one puts them? Order: results are "
    "averaged over the repeats (seeds and samples) unrounded, then ranked, ties sharing their mean rank; "
    "nothing is averaged over groups or datasets.\n\n"
    "Each cell: Spearman's rho [95 % bootstrap interval over whole repeats], Kendall's tau-b, p of rho "
    "(two-sided), (algorithms x repeats). One repeat has no interval, and two or three make a coarse one. An "
    "algorithm counts where both sides have a value in every repeat; n/a: fewer than two of them, or a side "
    "that puts none before another.\n\n";

/// One entry for each side: the real trace's result and the synthetic one's.
using Sides = std::pair<std::optional<double>, std::optional<double>>;
/// Of one generator on one dataset: repeats, by seed and sample, of results by algorithm.
using Repeats = std::map<std::pair<int64_t, int64_t>, std::map<std::string, Sides>>;

std::pair<std::string, std::string> group_and_algorithm(const std::string& field) {
  const size_t space = field.rfind(' ');
  if (space == std::string::npos) return {"", field};
  return {field.substr(0, space), field.substr(space + 1)};
}

struct Results {
  std::vector<std::vector<double>> real, synthetic;  ///< [algorithm][repeat]
  size_t repeats = 0;
};

/// The algorithms with a value on both sides in every repeat; a repeat without any such algorithm is no
/// repeat.
Results complete(const Repeats& repeats) {
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> by_algorithm;
  Results out;
  for (const auto& [place, algorithms] : repeats) {
    bool any = false;
    for (const auto& [algorithm, sides] : algorithms) {
      if (!sides.first || !sides.second) continue;
      any = true;
      by_algorithm[algorithm].first.push_back(*sides.first);
      by_algorithm[algorithm].second.push_back(*sides.second);
    }
    out.repeats += any ? 1 : 0;
  }
  for (auto& [algorithm, results] : by_algorithm) {
    if (results.first.size() < out.repeats) continue;
    out.real.push_back(std::move(results.first));
    out.synthetic.push_back(std::move(results.second));
  }
  return out;
}

std::string cell_text(const Repeats& repeats, Seed seed) {
  const Results results = complete(repeats);
  const std::optional<RankAgreement> agreement = rank_agreement(results.real, results.synthetic, seed);
  if (!agreement) return fmt::format("n/a ({} x {})", results.real.size(), results.repeats);
  const Interval& interval = agreement->spearman_interval;
  const bool known = results.repeats > 1 && interval.defined > 0;
  return fmt::format("{:.2f}{} {:.2f} p {:.2g} ({} x {})", agreement->spearman,
                     known ? fmt::format(" [{:.2f}, {:.2f}]", interval.lo, interval.hi) : "",
                     agreement->kendall, agreement->p_value, results.real.size(), results.repeats);
}

/// One table: what there is of a group, by generator and dataset.
using Group = std::map<std::pair<size_t, size_t>, Repeats>;

std::string group_table(const Sweep& sweep, const Group& group, Seed seed) {
  std::vector<size_t> datasets;
  std::vector<std::string> head{"generator"};
  for (size_t d = 0; d < sweep.datasets.size(); ++d) {
    const bool any =
        std::any_of(group.begin(), group.end(), [&](const auto& entry) { return entry.first.second == d; });
    if (!any) continue;
    datasets.push_back(d);
    head.push_back(sweep.datasets[d].label);
  }
  Table table(head);
  for (size_t m = 0; m < sweep.models.size(); ++m) {
    std::vector<std::string> row{row_name(sweep.models[m])};
    bool any = false;
    for (const size_t d : datasets) {
      const auto it = group.find({m, d});
      any = any || it != group.end();
      row.push_back(it == group.end() ? "-" : cell_text(it->second, seed));
    }
    if (any) table.add(std::move(row));
  }
  return table.markdown();
}

/// The groups of an ordering with a value anywhere, in the order in which scores bring them.
std::vector<std::pair<std::string, Group>> groups_of(const std::vector<CellScore>& scores,
                                                     const Ordering& ordering) {
  std::vector<std::pair<std::string, Group>> out;
  std::set<std::string> with_value;
  for (const CellScore& s : scores) {
    const bool real = s.score.mode == ordering.real_mode;
    if (s.score.metric != ordering.metric || (!real && s.score.mode != ordering.synthetic_mode)) continue;
    const auto [group, algorithm] = group_and_algorithm(s.score.field);
    const std::string& name = group;
    auto it = std::find_if(out.begin(), out.end(), [&](const auto& g) { return g.first == name; });
    if (it == out.end()) it = out.insert(it, {group, {}});
    Sides& sides = it->second[{s.cell->model, s.cell->dataset}][{s.cell->repeat, s.cell->sample}][algorithm];
    if (s.score.outcome != Outcome::value) continue;
    (real ? sides.first : sides.second) = s.score.value;
    with_value.insert(group);
  }
  std::erase_if(out, [&](const auto& g) { return !with_value.contains(g.first); });
  return out;
}

}  // namespace

std::vector<Ordering> all_orderings() {
  std::vector<Ordering> out;
  for (const Task& task : all_tasks()) out.insert(out.end(), task.orderings.begin(), task.orderings.end());
  return out;
}

std::string rank_order_section(const Sweep& sweep, const std::vector<CellScore>& scores,
                               std::span<const Ordering> orderings) {
  // The same draws of repeats everywhere: a generator more or less changes nobody else's interval.
  const Seed seed = Seed(sweep.seed).child("rank order");
  std::string out;
  for (const Ordering& ordering : orderings) {
    for (const auto& [group, results] : groups_of(scores, ordering)) {
      out += fmt::format("{}{} ({} against {})\n\n{}\n", ordering.metric, group.empty() ? "" : ": " + group,
                         ordering.synthetic_mode, ordering.real_mode, group_table(sweep, results, seed));
    }
  }
  return out.empty() ? "" : "## Rank order of algorithms\n\n" + std::string(kNote) + out;
}

std::string rank_order_section(const Sweep& sweep, const std::vector<CellScore>& scores) {
  return rank_order_section(sweep, scores, all_orderings());
}

}  // namespace bench
