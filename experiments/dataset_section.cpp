#include "experiments/dataset_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/stats.h"
#include "experiments/metric_order.h"
#include "experiments/table.h"

namespace bench {
namespace {

using Columns = std::vector<ScoreColumn>;

/// A table holds at most so many columns beside the generators and goes on below; even, so that the two sides
/// of a field stay together.
constexpr size_t kWidest = 12;

struct Headline {
  const char* title;
  const char* mode;
  std::vector<std::string> metrics;
  bool shows(const ScoreColumn& c) const {
    return c.mode == mode && std::find(metrics.begin(), metrics.end(), c.metric) != metrics.end();
  }
};

const std::vector<Headline>& headlines() {
  static const std::vector<Headline> list{
      {"Paper metrics (JSD in nats; EMD in units of the field, time against each trace's own first record)",
       "paper",
       {"jsd", "emd"}},
      {"Strict: two-sample KS distance", "strict", {"ks"}},
      {"Joint structure (total variation; difference of correlations)",
       "strict",
       {"tv_proto_dstport", "tv_src_dst", "corr_log_pkt_byt"}}};
  return list;
}

class DatasetTables {
 public:
  DatasetTables(const ScoreBoard& board, const std::vector<CellStatus>& statuses, size_t dataset)
      : board_(board), statuses_(statuses), dataset_(dataset), models_(board.models(dataset)) {}

  std::string headline() const {
    std::string out;
    for (const Headline& h : headlines()) {
      const Columns chosen = columns([&](const ScoreColumn& c) { return h.shows(c); });
      if (!chosen.empty()) out += fmt::format("{}\n\n{}\n", h.title, table(chosen, chosen));
    }
    return board_.columns(dataset_).empty() ? table({}, {}) + "\n" : out;
  }

  std::string positions() const {
    std::optional<size_t> floor, ceiling;
    for (const size_t m : models_) {
      if (model(m).model == "uniform") floor = m;
      if (model(m).model == "split") ceiling = m;
    }
    Columns chosen;
    for (const Headline& h : headlines()) {
      for (const ScoreColumn& c : board_.columns(dataset_)) {
        if (h.shows(c) && c.direction != Direction::neither) chosen.push_back(c);
      }
    }
    if (!floor || !ceiling || chosen.empty()) return "";
    return "Position: 0 = as good as `uniform` (the floor), 1 = as good as real against real (`split`)\n\n" +
           in_blocks(chosen,
                     [&](const Columns& block) { return positions(block, chosen, *floor, *ceiling); }) +
           "\n";
  }

  /// Every metric that is in no headline, by family.
  std::string others() const {
    const Columns rest = columns([](const ScoreColumn& c) {
      return std::none_of(headlines().begin(), headlines().end(),
                          [&](const Headline& h) { return h.shows(c); });
    });
    std::string out;
    std::string family;
    for (const MetricColumns& metric : by_metric(rest)) {
      if (metric.family != family) out += fmt::format("### {}\n\n", metric.family);
      family = metric.family;
      Columns with_value;
      Columns empty;
      for (const ScoreColumn& c : metric.columns)
        (has_value(c.field, metric.columns) ? with_value : empty).push_back(c);
      out += metric.title + "\n\n";
      if (!with_value.empty()) {
        out += in_blocks(with_value, [&](const Columns& block) { return table(block, with_value); }) + "\n";
      }
      if (!empty.empty()) out += "No value: " + reasons(empty) + "\n\n";
    }
    return out;
  }

 private:
  const ModelSpec& model(size_t m) const { return board_.sweep().models[m]; }

  Columns columns(auto&& wanted) const {
    Columns out;
    std::copy_if(board_.columns(dataset_).begin(), board_.columns(dataset_).end(), std::back_inserter(out),
                 wanted);
    return out;
  }

  static std::string in_blocks(const Columns& all, auto&& block_table) {
    std::string out;
    for (size_t begin = 0; begin < all.size(); begin += kWidest) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = std::min(kWidest, all.size() - begin);
      out +=
          (begin == 0 ? "" : "\n") + block_table(Columns(first, first + static_cast<std::ptrdiff_t>(count)));
    }
    return out;
  }

  /// Whether a row has a value of the field, on either side.
  bool has_value(const std::string& field, const Columns& all) const {
    return std::any_of(all.begin(), all.end(), [&](const ScoreColumn& c) {
      return c.field == field && std::any_of(models_.begin(), models_.end(), [&](size_t m) {
               return !board_.values(dataset_, m, c).empty();
             });
    });
  }

  /// Why columns have no value in any row, each reason once.
  std::string reasons(const Columns& empty) const {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
    for (const ScoreColumn& c : empty) {
      std::string reason;
      for (const size_t m : models_) {
        for (const CellScore* s : board_.scores(dataset_, m, c)) {
          if (reason.empty())
            reason = (s->score.outcome == Outcome::error ? "error: " : "") + s->score.reason;
        }
      }
      auto it = std::find_if(by_reason.begin(), by_reason.end(),
                             [&](const auto& entry) { return entry.first == reason; });
      if (it == by_reason.end()) it = by_reason.insert(it, {reason, {}});
      it->second.push_back(column_head(c, empty));
    }
    std::string out;
    for (const auto& [reason, heads] : by_reason)
      out += fmt::format("{}{} ({})", out.empty() ? "" : "; ", fmt::join(heads, ", "), reason);
    return out;
  }

  std::string cell_text(size_t m, const ScoreColumn& c) const {
    const std::vector<const CellScore*>& scores = board_.scores(dataset_, m, c);
    if (scores.empty()) return "-";
    const std::vector<double> v = board_.values(dataset_, m, c);
    if (v.empty()) return scores[0]->score.outcome == Outcome::error ? "error" : "n/a";
    const std::string missing =
        v.size() < scores.size() ? fmt::format(" ({}/{})", v.size(), scores.size()) : "";
    if (v.size() == 1) return fmt::format("{:.3g}", v[0]) + missing;
    return fmt::format("{:.3g} ±{:.2g}", mean(v), sample_sd(v)) + missing;
  }

  std::string counts(size_t m) const {
    int ok = 0;
    int planned = 0;
    for (const CellStatus& status : statuses_) {
      if (status.cell->dataset != dataset_ || status.cell->model != m) continue;
      ++planned;
      ok += status.outcome.outcome == "ok" ? 1 : 0;
    }
    return fmt::format("{}/{}", ok, planned);
  }

  /// Best among the sweep's own generators; reference rows are no competitors. None where no way is better.
  std::optional<double> best(const ScoreColumn& c) const {
    if (c.direction == Direction::neither) return std::nullopt;
    std::optional<double> out;
    int competitors = 0;
    for (const size_t m : models_) {
      const std::optional<double> value = board_.mean_value(dataset_, m, c);
      if (!board_.own(m) || !value) continue;
      ++competitors;
      if (!out || (c.direction == Direction::lower ? *value < *out : *value > *out)) out = value;
    }
    return competitors > 1 ? out : std::nullopt;
  }

  /// `shown` is a part of `all`, which the heads are made for.
  std::string table(const Columns& shown, const Columns& all) const {
    std::vector<std::string> head{"generator"};
    std::vector<std::optional<double>> bests;
    for (const ScoreColumn& c : shown) {
      head.push_back(column_head(c, all));
      bests.push_back(best(c));
    }
    head.emplace_back("ok");
    Table out(head);
    for (const size_t m : models_) {
      std::vector<std::string> row{row_name(model(m))};
      for (size_t i = 0; i < shown.size(); ++i) {
        const std::string text = cell_text(m, shown[i]);
        const bool marked = bests[i] && board_.own(m) && board_.mean_value(dataset_, m, shown[i]) == bests[i];
        row.push_back(marked ? "**" + text + "**" : text);
      }
      row.push_back(counts(m));
      out.add(std::move(row));
    }
    return out.markdown();
  }

  std::string positions(const Columns& shown, const Columns& all, size_t floor, size_t ceiling) const {
    std::vector<std::string> head{"generator"};
    for (const ScoreColumn& c : shown) head.push_back(column_head(c, all));
    Table out(head);
    for (const size_t m : models_) {
      std::vector<std::string> row{row_name(model(m))};
      for (const ScoreColumn& c : shown) {
        const std::optional<double> lo = board_.mean_value(dataset_, floor, c);
        const std::optional<double> hi = board_.mean_value(dataset_, ceiling, c);
        const std::optional<double> v = board_.mean_value(dataset_, m, c);
        const double span = lo && hi ? *lo - *hi : 0;
        row.push_back(
            !v || span == 0 || !std::isfinite(span) ? "n/a" : fmt::format("{:.2f}", (*lo - *v) / span + 0.0));
      }
      out.add(std::move(row));
    }
    return out.markdown();
  }

  const ScoreBoard& board_;
  const std::vector<CellStatus>& statuses_;
  size_t dataset_;
  std::vector<size_t> models_;  ///< that run on the dataset
};

}  // namespace

std::string dataset_section(const ScoreBoard& board, const std::vector<CellStatus>& statuses, size_t dataset,
                            bool headline) {
  const DatasetSpec& spec = board.sweep().datasets[dataset];
  const DatasetTables tables(board, statuses, dataset);
  std::string out = fmt::format("## {}{}\n\n", spec.label,
                                spec.entry->surrogate ? " (SURROGATE: simulated, not real data)" : "");
  out += tables.headline();
  return headline ? out : out + tables.positions() + tables.others();
}

}  // namespace bench
