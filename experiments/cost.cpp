#include "experiments/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "core/params.h"
#include "core/score_list.h"
#include "experiments/display.h"
#include "experiments/score_board.h"
#include "experiments/table.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMode = "strict";
constexpr auto kField = "cell";
constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// What one cell's stages left behind.
struct Bill {
  bool trains = false;
  double sample_wall = 0, sample_cpu = 0;
  int64_t peak_bytes = 0;  ///< over training, choice and sampling
  int64_t model_bytes = 0;
  int64_t records = 0;
};

Bill bill_of(const Plan& plan, const Outcomes& outcomes, const Cell& cell, const fs::path& stages_folder) {
  Bill out;
  for (const size_t index : cell.stages) {
    const Stage& stage = plan.stages[index];
    const StageOutcome& o = *outcomes[index];
    const auto report = [&] {
      return read_json_file((stages_folder / stage.folder() / "stage.json").string()).at("report");
    };
    if (stage.kind == StageKind::train) {
      out.trains = true;
      out.model_bytes = report().value("model_bytes", int64_t{0});  // the last unit's: it is what samples
    }
    if (stage.kind == StageKind::sample) {
      out.sample_wall = o.wall_seconds;
      out.sample_cpu = o.cpu_seconds;
      out.records = report().value("records", int64_t{0});
    }
    if (stage.kind == StageKind::train || stage.kind == StageKind::select || stage.kind == StageKind::sample)
      out.peak_bytes = std::max(out.peak_bytes, o.peak_bytes);
  }
  return out;
}

}  // namespace

const std::vector<MetricCard>& cost_cards() {
  static const std::vector<MetricCard> cards = [] {
    constexpr std::string_view kClock =
        "other work on the machine lengthens it: compare rows of one run with one stage at a time";
    constexpr std::string_view kSource = "processes' own accounting (getrusage, monotonic clock)";
    const auto lower = [](std::string_view id, std::string_view summary, std::string_view unit,
                          std::string_view formula, std::string_view blind_spot) {
      return MetricCard{id, kMode,      summary, unit,    Direction::lower,
                        0,  kUnbounded, kSource, formula, blind_spot};
    };
    return std::vector<MetricCard>{
        lower("train_wall", "time of the training", "s",
              "end of the last unit - start of the first; sum over the units if several runs made them",
              kClock),
        lower("train_cpu", "CPU time of the training", "s",
              "user + system time, summed over units and programs", "a device beside the CPU is not in it"),
        lower("sample_wall", "time of sampling", "s",
              "from loading the model to the written trace; the start of the process is not in it", kClock),
        lower("sample_cpu", "CPU time of sampling", "s", "user + system time, start of the process included",
              "a device beside the CPU is not in it"),
        lower("peak_memory", "greatest resident memory of one process", "bytes",
              "maximum over training, choice of snapshots and sampling",
              "memory of the operating system's file cache and of a device is not in it"),
        lower("model_bytes", "size of the trained model on disk", "bytes",
              "sum of the files that the last unit of the training left",
              "a model that keeps its training records is large: look at the privacy family"),
        {"records_per_second", kMode, "speed of sampling", "records/s", Direction::higher, 0, kUnbounded,
         kSource, "records of the sample / sample_wall",
         "short samples are mostly loading the model and writing the trace"}};
  }();
  return cards;
}

std::vector<CellScore> cost_scores(const Plan& plan, const Outcomes& outcomes,
                                   const std::vector<CellStatus>& statuses, const fs::path& stages_folder) {
  std::vector<CellScore> out;
  for (const auto& status : statuses) {
    if (status.outcome.outcome != "ok") continue;
    const Bill bill = bill_of(plan, outcomes, *status.cell, stages_folder);
    const std::map<std::string_view, double> values{
        {"train_wall", status.training.wall_seconds},
        {"train_cpu", status.training.cpu_seconds},
        {"sample_wall", bill.sample_wall},
        {"sample_cpu", bill.sample_cpu},
        {"peak_memory", static_cast<double>(bill.peak_bytes)},
        {"model_bytes", static_cast<double>(bill.model_bytes)},
        {"records_per_second", static_cast<double>(bill.records) / bill.sample_wall}};
    ScoreList list;
    for (const MetricCard& card : cost_cards()) {
      const Compared what{kField, 0, bill.records};
      if (!bill.trains && (card.id.starts_with("train") || card.id == "model_bytes")) {
        list.not_applicable(card.id, kMode, what, card.unit, "the row trains nothing", card.direction);
      } else {
        list.value(card.id, kMode, what, card.unit, values.at(card.id), card.direction);
      }
    }
    for (Score& score : list.take()) out.push_back({status.cell, std::move(score)});
  }
  return out;
}

std::string cost_section(const Sweep& sweep, const std::vector<CellScore>& costs) {
  if (costs.empty()) return "";
  const ScoreBoard board(sweep, costs);
  std::vector<std::string> head{"dataset", "generator"};
  for (const MetricCard& card : cost_cards())
    head.push_back(card.unit == "bytes" ? std::string(card.id) : fmt::format("{} [{}]", card.id, card.unit));
  Table table(head);
  for (const auto& [d, m] : sweep.pairs) {
    std::vector<std::string> row{sweep.datasets[d].label, row_name(sweep.models[m])};
    for (const MetricCard& card : cost_cards()) {
      const auto value = board.mean_value(d, m, {std::string(card.id), std::string(kMode), kField, "", {}});
      row.push_back(!value                 ? "n/a"
                    : card.unit == "bytes" ? format_bytes(*value)
                                           : fmt::format("{:.4g}", *value));
    }
    table.add(std::move(row));
  }
  return "## Cost\n\nMeans over the cells of a row. Seconds hold for the machine and its other work at the "
         "time.\n\n" +
         table.markdown() + "\n";
}

}  // namespace bench
