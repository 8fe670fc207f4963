#include "experiments/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "experiments/selection.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr std::string_view kNote =
    "Settings ranked on every paper metric, flow size and services of flows, on the validation slice; low is "
    "good, "
    "the first of equals wins. A setting without a value ranks last. Normalised mean: 0 the best setting in "
    "every "
    "metric, 1 the worst in every one.\n\n";

std::string ranking(const Sweep& sweep, const std::vector<CellScore>& scores, const std::string& title,
                    const std::vector<size_t>& settings, const std::vector<size_t>& datasets) {
  if (settings.size() < 2) return "";
  Comparison comparison(settings.size());
  for (const CellScore& s : scores) {
    const auto setting = std::find(settings.begin(), settings.end(), s.cell->model);
    const bool here = std::find(datasets.begin(), datasets.end(), s.cell->dataset) != datasets.end();
    if (setting == settings.end() || !here) continue;
    comparison.add(static_cast<size_t>(setting - settings.begin()), s.score,
                   sweep.datasets[s.cell->dataset].label);
  }
  const Comparison::Result result = comparison.result();
  if (result.metrics.empty()) return "";
  std::vector<size_t> order(settings.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return result.sums[a] < result.sums[b]; });
  Table table({"setting", "rank-sum", "mean rank", "normalised mean"});
  for (const size_t i : order) {
    table.add({sweep.models[settings[i]].title(), fmt::format("{:g}", result.sums[i]),
               fmt::format("{:.2f}", result.sums[i] / static_cast<double>(result.metrics.size())),
               fmt::format("{:.3f}", result.normalised_means[i])});
  }
  return fmt::format("{}: **{}** wins over {} metrics\n\n{}\n", title,
                     sweep.models[settings[result.winner]].title(), result.metrics.size(), table.markdown());
}

}  // namespace

std::string settings_section(const Sweep& sweep, const std::vector<CellScore>& scores) {
  if (sweep.score_against != "validation") return "";
  std::vector<std::vector<size_t>> own(sweep.datasets.size());  // by dataset
  std::vector<size_t> runs(sweep.models.size());                // on how many datasets
  for (const Pair& pair : sweep.pairs) {
    if (sweep.models[pair.model].reference) continue;
    own[pair.dataset].push_back(pair.model);
    ++runs[pair.model];
  }
  std::string out;
  for (size_t d = 0; d < sweep.datasets.size(); ++d)
    out += ranking(sweep, scores, sweep.datasets[d].label, own[d], {d});
  if (sweep.datasets.size() > 1) {
    std::vector<size_t> all(sweep.datasets.size());
    std::iota(all.begin(), all.end(), size_t{0});
    std::vector<size_t> everywhere;
    for (size_t m = 0; m < runs.size(); ++m) {
      if (runs[m] == all.size()) everywhere.push_back(m);
    }
    out += ranking(sweep, scores, "All datasets", everywhere, all);
  }
  return out.empty() ? "" : "## Rank-sum over the settings\n\n" + std::string(kNote) + out;
}

}  // namespace bench
