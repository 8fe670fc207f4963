#include "experiments/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "experiments/aggregates.h"
#include "experiments/cards.h"
#include "experiments/cost.h"
#include "experiments/dataset_section.h"
#include "experiments/display.h"
#include "experiments/pairs.h"
#include "experiments/privacy_section.h"
#include "experiments/rank_order.h"
#include "experiments/settings.h"

namespace bench {
namespace {

/// Cells that failed, what to know about the others, and pairs that do not apply.
std::string remarks(const Sweep& sweep, const std::vector<CellStatus>& statuses) {
  std::string failed;
  std::string notes;
  for (const auto& status : statuses) {
    if (!status.notes.empty()) notes += fmt::format("- {}: {}\n", status.cell->id, status.notes);
    if (status.outcome.outcome == "ok") continue;
    failed +=
        fmt::format("- {}: {} in {}{}{}\n", status.cell->id, status.outcome.outcome, status.outcome.phase,
                    status.outcome.message.empty() ? "" : ": " + status.outcome.message,
                    status.failed_stage.empty() ? "" : " (stages/" + status.failed_stage + ")");
  }
  const auto section = [](const char* title, const std::string& lines) {
    return lines.empty() ? "" : fmt::format("## {}\n\n{}\n", title, lines);
  };
  return section("Cells that did not end ok", failed) + section("Notes", notes) +
         section("Left out, because they do not apply", left_out_text(sweep));
}

/// The card of every metric and mode that occurs, in the order of all_cards().
std::string cards_section(const std::vector<CellScore>& scores, const std::vector<CellScore>& costs) {
  std::set<std::pair<std::string_view, std::string_view>> shown;
  for (const auto* list : {&scores, &costs}) {
    for (const auto& s : *list) shown.emplace(s.score.metric, s.score.mode);
  }
  std::string text;
  for (const auto& [owner, version, card] : all_cards()) {
    if (shown.contains({card.id, card.mode})) text += "\n" + card_text(owner, version, card);
  }
  return text.empty() ? "" : "## Metric cards\n\n```text" + text + "```\n";
}

}  // namespace

Summary summarise(const Sweep& sweep, const Plan& plan, const std::vector<CellStatus>& statuses,
                  const std::vector<CellScore>& scores, const std::vector<CellScore>& costs) {
  const ScoreBoard board(sweep, scores);
  const auto ok = std::count_if(statuses.begin(), statuses.end(),
                                [](const CellStatus& s) { return s.outcome.outcome == "ok"; });
  double cpu = 0;
  int64_t peak = 0;
  for (const auto& s : statuses) {
    cpu += s.outcome.cpu_seconds;
    peak = std::max(peak, s.outcome.peak_bytes);
  }
  const std::string title = fmt::format(
      "# {}\n\n{} of {} cells ok; {} stages; {} of CPU over the cells, at most {} in one process. Lower is "
      "better unless a title says otherwise; mean ± sd over seeds. Rows in brackets are references: split, "
      "holdout and resample are real data again, independent and uniform have no structure.\n\n",
      sweep.name, ok, statuses.size(), plan.stages.size(), format_duration(cpu),
      format_bytes(static_cast<double>(peak)));
  Summary out{title, title};
  for (size_t d = 0; d < sweep.datasets.size(); ++d) {
    out.headline += dataset_section(board, statuses, d, true);
    out.markdown += dataset_section(board, statuses, d, false);
  }
  const std::string rest = aggregates_section(sweep, scores) + rank_order_section(sweep, scores) +
                           settings_section(sweep, scores) + privacy_section(sweep, statuses) +
                           cost_section(sweep, costs) + remarks(sweep, statuses);
  out.headline += rest;
  out.markdown += rest + cards_section(scores, costs);
  return out;
}

}  // namespace bench
