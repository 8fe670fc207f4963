#include "experiments/run_rows.h"

#include <fmt/format.h>

#include <sstream>

#include "core/files.h"
#include "core/params.h"
#include "core/score.h"

namespace bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::vector<json> json_lines(const fs::path& file) {
  std::vector<json> out;
  std::istringstream text(read_text_file(file));
  for (std::string line; std::getline(text, line);) out.push_back(parse_json(line, file.string()));
  return out;
}

/// A file of a stage of a cell; empty if it is not there.
fs::path file_of(const fs::path& folder, const json& cell, const char* stage, const char* name) {
  const json stages = cell.value("stages", json::object());
  if (!stages.contains(stage)) return {};
  const fs::path out = folder / stages[stage].value("folder", "") / name;
  return fs::exists(out) ? out : fs::path();
}

}  // namespace

std::optional<double> RunRow::score(const std::string& name) const {
  const auto it = scores.find(name);
  return it == scores.end() ? std::nullopt : std::optional(it->second);
}

std::optional<double> RunRow::mean_jsd() const { return mean_score("jsd paper "); }

std::optional<double> RunRow::mean_score(std::string_view prefix) const {
  double sum = 0;
  int count = 0;
  for (const auto& [name, value] : scores) {
    if (!name.starts_with(prefix)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

std::string row_title(const std::string& generator, const std::string& variant) {
  return variant.empty() ? generator : generator + "[" + variant + "]";
}

std::string without_axis(std::string variant, const std::string& axis) {
  size_t at = variant.find(axis + "=");
  while (at != std::string::npos && at > 0 && variant[at - 1] != ',') at = variant.find(axis + "=", at + 1);
  if (at == std::string::npos) return variant;
  const size_t end = variant.find(',', at);
  variant.erase(at, end == std::string::npos ? end : end + 1 - at);
  if (variant.ends_with(",")) variant.pop_back();
  return variant;
}

std::string failures_section(const std::vector<RunFailure>& failures) {
  if (failures.empty()) return {};
  std::string out = "\n## Cells that did not end ok\n\n";
  for (const RunFailure& f : failures)
    out += fmt::format("- {} on {}: {}: {}\n", row_title(f.generator, f.variant), f.dataset, f.outcome,
                       f.message);
  return out;
}

std::vector<RunFailure> read_failures(const fs::path& run) {
  std::vector<RunFailure> out;
  for (const json& status : json_lines(run / "status.jsonl")) {
    const std::string outcome = status.value("outcome", "");
    if (outcome == "ok") continue;
    const std::string id = status.at("cell");
    out.push_back({status.at("dataset"), status.at("generator"), status.at("variant"), outcome,
                   status.value("message", ""),
                   read_json_file((run / "cells" / id / "cell.json").string()).at("params")});
  }
  return out;
}

std::vector<RunRow> read_run(const fs::path& run) {
  std::vector<RunRow> out;
  std::map<std::string, size_t> by_cell;
  for (const json& status : json_lines(run / "status.jsonl")) {
    if (status.value("outcome", "") != "ok") continue;
    const std::string id = status.at("cell");
    const json cell = read_json_file((run / "cells" / id / "cell.json").string());
    RunRow row;
    row.dataset = status.at("dataset");
    row.generator = status.at("generator");
    row.variant = status.at("variant");
    row.params = cell.at("params");
    row.privacy = status.value("privacy", json());
    row.workers = cell.value("workers", int64_t{0});
    row.seed = status.at("seed");
    row.train_wall = status.at("train_wall");
    row.train_cpu = status.at("train_cpu");
    row.cpu = status.at("cpu_seconds");
    for (const json& unit : status.at("units")) row.units.emplace_back(unit.at("unit"), unit.at("wall"));
    row.real = file_of(run / "cells" / id, cell, "prepare", "train.h5");
    row.synthetic = file_of(run / "cells" / id, cell, "sample", "synthetic.h5");
    const fs::path sampled = file_of(run / "cells" / id, cell, "sample", "stage.json");
    if (!sampled.empty()) row.sample_cpu = read_json_file(sampled.string()).value("cpu_seconds", 0.0);
    by_cell[id] = out.size();
    out.push_back(std::move(row));
  }
  for (const json& line : json_lines(run / "scores.jsonl")) {
    const auto it = by_cell.find(line.at("cell").get<std::string>());
    const Score score = score_from_json(line);
    if (it == by_cell.end() || score.outcome != Outcome::value) continue;
    RunRow& row = out[it->second];
    row.scores[fmt::format("{} {} {}", score.metric, score.mode, score.field)] = score.value;
    row.records = std::max(row.records, score.n_real);
  }
  return out;
}

}  // namespace bench
