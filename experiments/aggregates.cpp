#include "experiments/aggregates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/stats.h"
#include "experiments/score_board.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr std::string_view kNote =
    "Paper-mode distances of single fields (JSD, EMD). Baselines of a row: the other own generators of the "
    "sweep, each setting of one by itself; no references. Order: mean over seeds and samples, then over the "
    "fields of a dataset, then over datasets. EMDs of different fields have different units, so only ratios "
    "and emd_peer (min-max over all rows of a dataset, references too) are averaged. Ratio = ours / mean of "
    "the baselines, below 1 is better than they are. Improvement = (baseline - ours) / baseline in each "
    "field: at most 100 % but without a lower bound, so one field with a small baseline can rule its mean; "
    "read the geometric mean first.\n\n"
    "A field counts where the generator has a value; compare rows that stand on the same fields only (last "
    "column: of all fields that any row has, and in how many datasets). Left out, and counted in the cell: "
    "fields with a baseline of 0 (0/0 and x/0), and in the geometric mean also a ratio of 0.\n\n";

/// A mean over the fields of a dataset, then over datasets.
class Nested {
 public:
  void add(double value) {
    sum_ += value;
    ++fields_;
  }
  void leave_out() { ++left_out_; }
  void end_dataset() {
    if (fields_ > 0) means_.push_back(sum_ / static_cast<double>(fields_));
    sum_ = 0;
    fields_ = 0;
  }
  std::optional<double> result() const { return means_.empty() ? std::nullopt : std::optional(mean(means_)); }
  int left_out() const { return left_out_; }

 private:
  double sum_ = 0;
  int fields_ = 0;
  int left_out_ = 0;
  std::vector<double> means_;  ///< of the datasets that have a field
};

struct Aggregate {
  Nested jsd, peer, log_ratio, over_mean, over_best;
  int fields = 0;
  int datasets = 0;
};

bool is_distance(const ScoreColumn& c) {
  return c.mode == "paper" && c.direction == Direction::lower && (c.metric == "jsd" || c.metric == "emd");
}

/// One field: our distance beside those of the other generators.
void compare(double ours, const std::vector<double>& baselines, Aggregate& out) {
  if (baselines.empty()) return;
  const auto improve = [&](double baseline, Nested& over) {
    if (baseline > 0) {
      over.add((baseline - ours) / baseline);
    } else {
      over.leave_out();
    }
  };
  const double middle = mean(baselines);
  improve(middle, out.over_mean);
  improve(*std::min_element(baselines.begin(), baselines.end()), out.over_best);
  if (middle > 0 && ours > 0) {
    out.log_ratio.add(std::log(ours / middle));
  } else {
    out.log_ratio.leave_out();
  }
}

/// Adds what the columns of a dataset say about generator `m`.
void add_dataset(const ScoreBoard& board, size_t d, size_t m, const std::vector<size_t>& own,
                 Aggregate& out) {
  int fields = 0;
  for (const ScoreColumn& c : board.columns(d)) {
    const std::optional<double> ours = board.mean_value(d, m, c);
    if (!ours) continue;
    if (c.metric == "emd_peer" && c.mode == "paper") out.peer.add(*ours);
    if (!is_distance(c)) continue;
    ++fields;
    if (c.metric == "jsd") out.jsd.add(*ours);
    std::vector<double> baselines;
    for (const size_t other : own) {
      const std::optional<double> theirs = board.mean_value(d, other, c);
      if (other != m && theirs) baselines.push_back(*theirs);
    }
    compare(*ours, baselines, out);
  }
  out.fields += fields;
  out.datasets += fields > 0 ? 1 : 0;
  for (Nested* n : {&out.jsd, &out.peer, &out.log_ratio, &out.over_mean, &out.over_best}) n->end_dataset();
}

std::string with_left_out(const std::string& text, const Nested& nested) {
  return nested.left_out() == 0 ? text : fmt::format("{} ({} left out)", text, nested.left_out());
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.3g}", *value) : "n/a";
}

std::string percent(const Nested& nested) {
  const std::optional<double> value = nested.result();
  return with_left_out(value ? fmt::format("{:.1f} %", std::round(1000 * *value) / 10 + 0.0) : "n/a", nested);
}

std::string ratio(const Nested& logs) {
  const std::optional<double> value = logs.result();
  return with_left_out(number(value ? std::optional(std::exp(*value)) : std::nullopt), logs);
}

/// How many distances any of the generators has, and of which datasets.
struct Basis {
  int fields = 0;
  std::vector<std::string> datasets;
};

Basis basis_of(const ScoreBoard& board, const std::vector<size_t>& own) {
  Basis out;
  for (size_t d = 0; d < board.sweep().datasets.size(); ++d) {
    const auto counts = [&](const ScoreColumn& c) {
      return is_distance(c) &&
             std::any_of(own.begin(), own.end(), [&](size_t m) { return !board.values(d, m, c).empty(); });
    };
    const auto fields = std::count_if(board.columns(d).begin(), board.columns(d).end(), counts);
    if (fields == 0) continue;
    out.fields += static_cast<int>(fields);
    const DatasetSpec& spec = board.sweep().datasets[d];
    out.datasets.push_back(spec.label + (spec.entry->surrogate ? " (SURROGATE)" : ""));
  }
  return out;
}

}  // namespace

std::string aggregates_section(const Sweep& sweep, const std::vector<CellScore>& scores) {
  const ScoreBoard board(sweep, scores);
  std::vector<size_t> own;
  for (size_t m = 0; m < sweep.models.size(); ++m) {
    if (board.own(m)) own.push_back(m);
  }
  const Basis basis = basis_of(board, own);
  if (own.size() < 2 || basis.fields == 0) return "";
  Table table({"generator", "mean JSD [nats]", "mean emd_peer", "geometric mean of ratios",
               "improvement over the mean baseline", "improvement over the best baseline of each field",
               "fields"});
  for (const size_t m : own) {
    Aggregate a;
    for (size_t d = 0; d < sweep.datasets.size(); ++d) add_dataset(board, d, m, own, a);
    table.add({row_name(sweep.models[m]), number(a.jsd.result()), number(a.peer.result()), ratio(a.log_ratio),
               percent(a.over_mean), percent(a.over_best),
               fmt::format("{}/{} in {}/{}", a.fields, basis.fields, a.datasets, basis.datasets.size())});
  }
  return fmt::format("## Over all fields and datasets\n\n{}Datasets: {}.\n\n{}\n", kNote,
                     fmt::join(basis.datasets, ", "), table.markdown());
}

}  // namespace bench
