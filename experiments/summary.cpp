#include "experiments/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/stats.h"
#include "experiments/display.h"
#include "experiments/pairs.h"
#include "experiments/settings.h"
#include "experiments/table.h"

namespace bench {
namespace {

/// What a column of a table shows.
struct Column {
  std::string metric, mode, field, unit;
  Direction direction = Direction::lower;
  bool operator==(const Column& o) const { return metric == o.metric && mode == o.mode && field == o.field; }
};

/// One table: columns of some metrics of one mode.
struct Section {
  const char* title;
  const char* mode;
  std::vector<std::string> metrics;
};

const std::vector<Section>& headline_sections() {
  static const std::vector<Section> sections{
      {"Paper metrics (JSD in nats; EMD in units of the field, time against each trace's own first record)",
       "paper",
       {"jsd", "emd"}},
      {"Strict: two-sample KS distance", "strict", {"ks"}},
      {"Joint structure (total variation; difference of correlations)",
       "strict",
       {"tv_proto_dstport", "tv_src_dst", "corr_log_pkt_byt"}}};
  return sections;
}

class Summariser {
 public:
  Summariser(const Sweep& sweep, const std::vector<CellStatus>& statuses,
             const std::vector<CellScore>& scores)
      : sweep_(sweep), statuses_(statuses) {
    for (const auto& s : scores) {
      const Column column{s.score.metric, s.score.mode, s.score.field, s.score.unit, s.score.direction};
      auto& columns = columns_[s.cell->dataset];
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
      values_[{s.cell->dataset, s.cell->model, s.score.metric, s.score.mode, s.score.field}].push_back(
          &s.score);
    }
  }

  std::string dataset(size_t d, bool headline) const {
    const DatasetSpec& spec = sweep_.datasets[d];
    std::string out = fmt::format("## {}{}\n\n", spec.label,
                                  spec.entry->surrogate ? " (SURROGATE: simulated, not real data)" : "");
    const auto found = columns_.find(d);
    const std::vector<Column> columns = found == columns_.end() ? std::vector<Column>{} : found->second;
    std::vector<bool> shown(columns.size(), false);
    for (const auto& section : headline_sections()) {
      std::vector<Column> chosen;
      for (size_t i = 0; i < columns.size(); ++i) {
        const bool fits = columns[i].mode == section.mode &&
                          std::find(section.metrics.begin(), section.metrics.end(), columns[i].metric) !=
                              section.metrics.end();
        if (!fits) continue;
        shown[i] = true;
        chosen.push_back(columns[i]);
      }
      if (!chosen.empty()) out += fmt::format("{}\n\n{}\n", section.title, table(d, chosen));
    }
    if (found == columns_.end()) out += table(d, {}) + "\n";
    if (headline) return out;
    std::vector<Column> position;
    for (const auto& section : headline_sections()) {
      for (const auto& c : columns) {
        if (c.mode == section.mode &&
            std::find(section.metrics.begin(), section.metrics.end(), c.metric) != section.metrics.end()) {
          position.push_back(c);
        }
      }
    }
    if (!position.empty()) out += positions(d, position);
    std::map<std::pair<std::string, std::string>, std::vector<Column>> rest;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (!shown[i]) rest[{columns[i].mode, columns[i].metric}].push_back(columns[i]);
    }
    for (const auto& [key, chosen] : rest) {
      out += fmt::format("{}: {} ({})\n\n{}\n", key.first, key.second, chosen[0].unit, table(d, chosen));
    }
    return out;
  }

  /// Cells that failed, what to know about the others, and pairs that do not apply.
  std::string remarks() const {
    std::string failed;
    std::string notes;
    for (const auto& status : statuses_) {
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
           section("Left out, because they do not apply", left_out_text(sweep_));
  }

 private:
  std::vector<size_t> models_of(size_t d) const {
    std::vector<size_t> out;
    for (const auto& pair : sweep_.pairs) {
      if (pair.dataset == d) out.push_back(pair.model);
    }
    return out;
  }

  std::vector<double> numbers(size_t d, size_t m, const Column& c) const {
    std::vector<double> out;
    const auto it = values_.find({d, m, c.metric, c.mode, c.field});
    if (it == values_.end()) return out;
    for (const Score* s : it->second) {
      if (s->outcome == Outcome::value) out.push_back(s->value);
    }
    return out;
  }

  std::string cell_text(size_t d, size_t m, const Column& c) const {
    const auto it = values_.find({d, m, c.metric, c.mode, c.field});
    if (it == values_.end()) return "-";
    const std::vector<double> v = numbers(d, m, c);
    if (v.empty()) return it->second[0]->outcome == Outcome::error ? "error" : "n/a";
    const std::string missing =
        v.size() < it->second.size() ? fmt::format(" ({}/{})", v.size(), it->second.size()) : "";
    if (v.size() == 1) return fmt::format("{:.3g}", mean(v)) + missing;
    return fmt::format("{:.3g} ±{:.2g}", mean(v), sample_sd(v)) + missing;
  }

  std::string counts(size_t d, size_t m) const {
    int ok = 0;
    int planned = 0;
    for (const auto& status : statuses_) {
      if (status.cell->dataset != d || status.cell->model != m) continue;
      ++planned;
      ok += status.outcome.outcome == "ok" ? 1 : 0;
    }
    return fmt::format("{}/{}", ok, planned);
  }

  std::string name(size_t m) const {
    const ModelSpec& spec = sweep_.models[m];
    return spec.reference ? "(" + spec.title() + ")" : spec.title();
  }

  /// Best among the sweep's own generators; reference rows are no competitors.
  std::optional<double> best(size_t d, const Column& c) const {
    std::optional<double> out;
    int competitors = 0;
    for (const size_t m : models_of(d)) {
      const std::vector<double> v = numbers(d, m, c);
      if (sweep_.models[m].reference || v.empty()) continue;
      ++competitors;
      const double value = mean(v);
      if (!out || (c.direction == Direction::lower ? value < *out : value > *out)) out = value;
    }
    return competitors > 1 ? out : std::nullopt;
  }

  static std::string header(const Column& c, const std::vector<Column>& all) {
    const bool one_metric =
        std::all_of(all.begin(), all.end(), [&](const Column& o) { return o.metric == all[0].metric; });
    const bool joint = c.metric.starts_with("tv_") || c.metric.starts_with("corr_");
    std::string out = one_metric || joint ? c.field : c.metric + " " + c.field;
    if (c.metric == "emd") out += " [" + c.unit + "]";
    return out;
  }

  std::string table(size_t d, const std::vector<Column>& columns) const {
    std::vector<std::string> head{"generator"};
    for (const auto& c : columns) head.push_back(header(c, columns));
    head.emplace_back("ok");
    Table out(head);
    std::vector<std::optional<double>> bests;
    for (const auto& c : columns) bests.push_back(best(d, c));
    for (const size_t m : models_of(d)) {
      std::vector<std::string> row{name(m)};
      for (size_t i = 0; i < columns.size(); ++i) {
        const std::vector<double> v = numbers(d, m, columns[i]);
        const bool marked = bests[i] && !sweep_.models[m].reference && !v.empty() && mean(v) == *bests[i];
        row.push_back(marked ? "**" + cell_text(d, m, columns[i]) + "**" : cell_text(d, m, columns[i]));
      }
      row.push_back(counts(d, m));
      out.add(std::move(row));
    }
    return out.markdown();
  }

  std::string positions(size_t d, const std::vector<Column>& columns) const {
    std::optional<size_t> floor;
    std::optional<size_t> ceiling;
    for (const size_t m : models_of(d)) {
      if (sweep_.models[m].model == "uniform") floor = m;
      if (sweep_.models[m].model == "split") ceiling = m;
    }
    if (!floor || !ceiling) return "";
    std::vector<std::string> head{"generator"};
    for (const auto& c : columns)
      head.push_back((c.mode == "strict" && c.metric == "ks" ? "ks " : "") + header(c, columns));
    Table out(head);
    for (const size_t m : models_of(d)) {
      std::vector<std::string> row{name(m)};
      for (const auto& c : columns) {
        const std::vector<double> lo = numbers(d, *floor, c);
        const std::vector<double> hi = numbers(d, *ceiling, c);
        const std::vector<double> v = numbers(d, m, c);
        const double span = lo.empty() || hi.empty() ? 0 : mean(lo) - mean(hi);
        row.push_back(v.empty() || span == 0 || !std::isfinite(span)
                          ? "n/a"
                          : fmt::format("{:.2f}", (mean(lo) - mean(v)) / span));
      }
      out.add(std::move(row));
    }
    return "Position: 0 = as good as `uniform` (the floor), 1 = as good as real against real (`split`)\n\n" +
           out.markdown() + "\n";
  }

  const Sweep& sweep_;
  const std::vector<CellStatus>& statuses_;
  std::map<size_t, std::vector<Column>> columns_;
  std::map<std::tuple<size_t, size_t, std::string, std::string, std::string>, std::vector<const Score*>>
      values_;
};

}  // namespace

Summary summarise(const Sweep& sweep, const Plan& plan, const std::vector<CellStatus>& statuses,
                  const std::vector<CellScore>& scores) {
  const Summariser summariser(sweep, statuses, scores);
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
      "better in every "
      "column; mean ± sd over seeds. Rows in brackets are references: split, holdout and resample are real "
      "data again, "
      "independent and uniform have no structure.\n\n",
      sweep.name, ok, statuses.size(), plan.stages.size(), format_duration(cpu),
      format_bytes(static_cast<double>(peak)));
  Summary out{title, title};
  for (size_t d = 0; d < sweep.datasets.size(); ++d) {
    out.headline += summariser.dataset(d, true);
    out.markdown += summariser.dataset(d, false);
  }
  const std::string settings = settings_section(sweep, scores);
  out.headline += settings + summariser.remarks();
  out.markdown += settings + summariser.remarks();
  return out;
}

}  // namespace bench
