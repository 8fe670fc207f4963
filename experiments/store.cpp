#include "experiments/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/files.h"
#include "experiments/cards.h"
#include "metrics/peer_normalise.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr auto kStages = "../../stages/";  // from a cell's folder
constexpr const char* kCsvColumns[] = {"dataset",   "generator", "variant",     "seed",   "sample",  "metric",
                                       "mode",      "field",     "outcome",     "value",  "reason",  "unit",
                                       "direction", "n_real",    "n_synthetic", "family", "version", "cell"};
constexpr const char* kPeerUnit = "of the worst";

json coordinates(const Sweep& sweep, const Cell& cell) {
  const ModelSpec& model = sweep.models[cell.model];
  return {{"dataset", sweep.datasets[cell.dataset].label},
          {"generator", model.model},
          {"variant", model.variant},
          {"seed", cell.repeat},
          {"sample", cell.sample},
          {"cell", cell.id}};
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

/// Adds the EMDs of one dataset, mode and field, scaled so that the best row gets 0 and the worst 1.
void add_peer_scores(std::vector<CellScore>& scores) {
  std::map<std::tuple<size_t, std::string, std::string>, std::vector<size_t>> groups;
  for (size_t i = 0; i < scores.size(); ++i) {
    const Score& s = scores[i].score;
    if (s.metric == "emd" && s.outcome == Outcome::value)
      groups[{scores[i].cell->dataset, s.mode, s.field}].push_back(i);
  }
  for (const auto& [key, members] : groups) {
    std::vector<double> values;
    for (const size_t i : members) values.push_back(scores[i].score.value);
    const std::vector<double> scaled = peer_normalise(values);
    for (size_t k = 0; k < members.size(); ++k) {
      CellScore added = scores[members[k]];
      added.score.metric = "emd_peer";
      added.score.unit = kPeerUnit;
      added.score.value = scaled[k];
      scores.push_back(std::move(added));
    }
  }
}

/// Units of a cell's training that have ended.
std::vector<UnitStatus> units_of(const Plan& plan, const Outcomes& outcomes, const Cell& cell) {
  std::vector<UnitStatus> out;
  for (const size_t index : cell.stages) {
    const Stage& stage = plan.stages[index];
    if (stage.kind == StageKind::train && outcomes[index])
      out.push_back({stage.unit_name(), *outcomes[index]});
  }
  return out;
}

TrainingCost training_cost(const std::vector<UnitStatus>& units) {
  TrainingCost out;
  if (units.empty()) return out;
  const StageOutcome& first = units[0].outcome;
  double begin = first.started;
  double end = first.ended;
  bool together = !first.session.empty();
  for (const auto& [name, o] : units) {
    out.wall_seconds += o.wall_seconds;
    out.cpu_seconds += o.cpu_seconds;
    together = together && o.session == first.session;
    begin = std::min(begin, o.started);
    end = std::max(end, o.ended);
  }
  if (together) out.wall_seconds = end - begin;
  return out;
}

bool chosen(const Sweep& sweep, const std::string& metric, const std::string& mode) {
  const ListedCard* card = find_card(metric, mode);
  return is_chosen(sweep.metrics, card == nullptr ? "" : card->owner, metric);
}

std::vector<Score> read_scores(const fs::path& file) {
  const std::string text = read_text_file(file);
  std::vector<Score> out;
  for (size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    out.push_back(score_from_json(json::parse(text.substr(begin, end - begin), nullptr, false)));
  return out;
}

json score_row(const Sweep& sweep, const CellScore& s) {
  json row = coordinates(sweep, *s.cell);
  row.update(to_json(s.score));
  const ListedCard* card = find_card(s.score.metric, s.score.mode);
  row["family"] = card == nullptr ? "" : card->owner;
  row["version"] = card == nullptr ? 0 : card->version;
  return row;
}

}  // namespace

RunLock::RunLock(const fs::path& run) {
  const fs::path file = run / ".lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) fail(Kind::io, "{}: the run folder cannot be written", run.string());
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd_);
    fail(Kind::io, "{}: another run_experiment is at work on this run; wait for it or give another --out",
         run.string());
  }
}

RunLock::~RunLock() { ::close(fd_); }

std::vector<CellStatus> cell_statuses(const Plan& plan, const Outcomes& outcomes) {
  std::vector<CellStatus> out;
  for (const auto& cell : plan.cells) {
    StageOutcome total{"ok", "", "", 0, 0, 0};
    std::string notes;
    std::string failed_stage;
    json privacy;
    for (const size_t index : cell.stages) {
      if (!outcomes[index]) {
        if (total.outcome == "ok") {
          total.outcome = "cancelled";
          total.phase = stage_name(plan.stages[index].kind);
          total.message = "not started";
        }
        break;
      }
      const StageOutcome& o = *outcomes[index];
      total.wall_seconds += o.wall_seconds;
      total.cpu_seconds += o.cpu_seconds;
      total.peak_bytes = std::max(total.peak_bytes, o.peak_bytes);
      if (o.outcome == "ok") {
        if (!o.message.empty()) notes += (notes.empty() ? "" : "; ") + o.message;
        if (!o.privacy.is_null()) privacy = o.privacy;  // of the last unit
        continue;
      }
      total.outcome = o.outcome;
      total.phase = std::string(stage_name(plan.stages[index].kind)) + (o.phase.empty() ? "" : "/" + o.phase);
      total.message = o.message;
      failed_stage = plan.stages[index].folder() + ".failed";
      break;
    }
    std::vector<UnitStatus> units = units_of(plan, outcomes, cell);
    const TrainingCost training = training_cost(units);
    out.push_back({&cell, total, std::move(units), training, notes, privacy, failed_stage});
  }
  return out;
}

const std::vector<MetricCard>& derived_metrics() {
  static const std::vector<MetricCard> cards = [] {
    std::vector<MetricCard> out;
    for (const char* mode : {"paper", "strict"}) {
      out.push_back({"emd_peer", mode,
                     "the emd of the same mode, min-max over the rows of a dataset: 0 the best, 1 the worst",
                     kPeerUnit, Direction::lower, 0, 1, "NetShare (SIGCOMM 2022), normalised EMD",
                     "(emd - least) / (greatest - least) over the rows of a dataset, for each field",
                     "another row in the run changes it: it says nothing by itself"});
    }
    return out;
  }();
  return cards;
}

std::vector<CellScore> collect_scores(const Sweep& sweep, const Plan& plan,
                                      const std::vector<CellStatus>& statuses,
                                      const fs::path& stages_folder) {
  std::vector<CellScore> out;
  std::vector<CellScore> of_tasks;
  for (const auto& status : statuses) {
    if (status.outcome.outcome != "ok") continue;
    for (const size_t index : status.cell->stages) {
      const Stage& stage = plan.stages[index];
      if (stage.kind != StageKind::score && stage.kind != StageKind::task) continue;
      for (Score& score : read_scores(stages_folder / stage.folder() / kScoresFile)) {
        if (stage.kind == StageKind::task) {
          of_tasks.push_back({status.cell, std::move(score)});
        } else if (chosen(sweep, score.metric, score.mode)) {
          out.push_back({status.cell, std::move(score)});
        }
      }
    }
  }
  if (is_chosen(sweep.metrics, kDerivedFamily, "emd_peer")) add_peer_scores(out);
  std::move(of_tasks.begin(), of_tasks.end(), std::back_inserter(out));
  std::stable_sort(out.begin(), out.end(),
                   [](const CellScore& a, const CellScore& b) { return a.cell < b.cell; });
  return out;
}

void write_cells(const Sweep& sweep, const Plan& plan, const fs::path& run) {
  for (const auto& cell : plan.cells) {
    json description = coordinates(sweep, cell);
    json stages = json::object();
    for (const size_t index : cell.stages) {
      const Stage& stage = plan.stages[index];
      const std::string kind(stage_name(stage.kind));
      if (stage.fields.contains("unit")) {
        description["units"].push_back(
            {{"unit", stage.unit_name()}, {"folder", std::string(kStages) + stage.folder()}});
      }
      // Of a training with several units the last one stands here: generators are loaded from its folder.
      stages[kind] = {{"folder", std::string(kStages) + stage.folder()}, {"fields", stage.fields}};
    }
    description["params"] = sweep.models[cell.model].params;
    description["folder"] = sweep.folder.string();
    description["workers"] = sweep.models[cell.model].workers;
    description["surrogate"] = sweep.datasets[cell.dataset].entry->surrogate;
    description["stages"] = stages;
    make_folder(run / "cells" / cell.id);
    write_text_file(run / "cells" / cell.id / "cell.json", description.dump(1) + "\n");
  }
}

void write_tables(const Sweep& sweep, const Plan& plan, const std::vector<CellStatus>& statuses,
                  const std::vector<CellScore>& scores, const std::vector<CellScore>& costs,
                  const fs::path& run) {
  std::string lines;
  for (const auto& status : statuses) {
    json row = coordinates(sweep, *status.cell);
    row.update(to_json(status.outcome));
    json keys = json::array();
    for (const size_t index : status.cell->stages) keys.push_back(plan.stages[index].folder());
    row["stages"] = keys;
    row["notes"] = status.notes;
    row["train_wall"] = status.training.wall_seconds;
    row["train_cpu"] = status.training.cpu_seconds;
    if (!status.privacy.is_null()) row["privacy"] = status.privacy;
    row["units"] = json::array();
    for (const auto& [name, o] : status.units) {
      row["units"].push_back({{"unit", name},
                              {"outcome", o.outcome},
                              {"wall", o.session.empty() ? o.wall_seconds : o.ended - o.started},
                              {"cpu", o.cpu_seconds},
                              {"peak", o.peak_bytes}});
    }
    lines += row.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  write_text_file(run / "status.jsonl", lines);

  std::string jsonl;
  std::string csv = fmt::format("{}\n", fmt::join(kCsvColumns, ","));
  for (const auto& s : scores) {
    const json row = score_row(sweep, s);
    jsonl += row.dump() + "\n";
    for (const char* column : kCsvColumns) {
      const auto at = row.find(column);
      if (column != kCsvColumns[0]) csv += ",";
      if (at == row.end()) continue;  // a value without a reason, or the other way round
      csv += at->is_string()         ? csv_text(at->get<std::string>())
             : at->is_number_float() ? fmt::format("{}", at->get<double>())
                                     : at->dump();
    }
    csv += "\n";
  }
  write_text_file(run / kScoresFile, jsonl);
  std::string bills;
  for (const auto& s : costs) bills += score_row(sweep, s).dump() + "\n";
  write_text_file(run / "cost.jsonl", bills);
  write_text_file(run / "scores.csv", csv);
}

}  // namespace bench
