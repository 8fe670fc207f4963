#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "experiments/reports.h"
#include "experiments/table.h"

namespace bench {
namespace {

using nlohmann::json;

constexpr double kLeast = 1e-4;  // a logarithmic axis has no 0

/// "ks td", "jsd srcip" for "ks strict td", "jsd paper srcip".
std::string short_name(const std::string& name) {
  const size_t first = name.find(' ');
  const size_t second = name.find(' ', first + 1);
  return name.substr(0, first) + " " + name.substr(second + 1);
}

/// Rows that differ in the length of the training only: one curve.
json curve_of(const RunRow& row) {
  json params = row.params;
  params.erase("iterations");
  return params;
}

std::string title_of(const RunRow& row) {
  const std::string out = without_axis(row.variant, "iterations");
  return out.empty() ? row.generator : out;
}

/// What a generator takes from the training part without learning it, so that a reader does not take it for
/// learned.
std::string taken_over(const std::vector<const RunRow*>& rows) {
  const auto any = [&](const char* key, const char* value) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const RunRow* row) { return row->params.value(key, "") == value; });
  };
  std::string out;
  if (any("structure", "given")) {
    out +=
        "Where structure is given, protocol, ports and the number of records of a flow are drawn from the "
        "training "
        "flows: columns of proto, ports, flow size and services do not measure what was learned. ";
  }
  if (any("continuous", "calibrated")) {
    out +=
        "Where continuous is calibrated, the distribution of each numeric field is set to that of the "
        "training part "
        "afterwards: distances of a single numeric field do not measure what was learned. ";
  }
  return out.empty() ? "" : out + "\n\n";
}

class DatasetPart {
 public:
  DatasetPart(std::string dataset, std::vector<const RunRow*> rows, const json& peer, std::string peer_title)
      : dataset_(std::move(dataset)),
        rows_(std::move(rows)),
        peer_(peer),
        peer_title_(std::move(peer_title)) {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const RunRow* a, const RunRow* b) { return a->train_cpu < b->train_cpu; });
  }

  std::string markdown() const {
    const json& scores = peer_.at("scores");
    const json also = peer_.value("also", json::object());
    std::vector<std::string> head{"training", "CPU s", "better than the peer"};
    std::vector<std::string> last{peer_title_, fmt::format("{:g}", peer_.at("train_cpu").get<double>()), ""};
    for (const json* group : {&scores, &also}) {
      for (const auto& [name, value] : group->items()) {
        head.push_back(short_name(name) + (group == &also ? " (not counted)" : ""));
        last.push_back(value.is_null() ? "-" : fmt::format("{:.3g}", value.get<double>()));
      }
    }
    Table table(head);
    for (const RunRow* row : rows_) {
      int better = 0;
      std::vector<std::string> cells;
      for (const auto& [name, value] : scores.items()) better += wins(*row, name, value) ? 1 : 0;
      for (const json* group : {&scores, &also}) {
        for (const auto& [name, value] : group->items()) {
          const auto own = row->score(name);
          const std::string text = own ? fmt::format("{:.3g}", *own) : "n/a";
          cells.push_back(wins(*row, name, value) ? "**" + text + "**" : text);
        }
      }
      std::vector<std::string> line{row->variant.empty() ? row->generator : row->variant,
                                    fmt::format("{:.0f}", row->train_cpu),
                                    fmt::format("{} of {}", better, scores.size())};
      line.insert(line.end(), cells.begin(), cells.end());
      table.add(std::move(line));
    }
    table.add(last);
    return fmt::format("## {}\n\n{}{}\n", dataset_, taken_over(rows_), table.markdown());
  }

  /// One panel for each curve.
  std::vector<Panel> panels() const {
    std::vector<Panel> out;
    std::vector<json> curves;
    for (const RunRow* row : rows_) {
      const json curve = curve_of(*row);
      auto at = static_cast<size_t>(std::find(curves.begin(), curves.end(), curve) - curves.begin());
      if (at == curves.size()) {
        curves.push_back(curve);
        out.push_back(empty_panel(dataset_ + ": " + title_of(*row)));
      }
      size_t line = 0;
      for (const auto& [name, value] : peer_.at("scores").items()) {
        const auto own = row->score(name);
        if (own && value.get<double>() > 0)
          out[at].lines[line].points.emplace_back(row->train_cpu,
                                                  std::max(*own / value.get<double>(), kLeast));
        ++line;
      }
    }
    return out;
  }

 private:
  static bool wins(const RunRow& row, const std::string& name, const json& theirs) {
    const auto own = row.score(name);
    return own && theirs.is_number() && *own < theirs.get<double>();
  }

  Panel empty_panel(const std::string& title) const {
    Panel panel{title, "CPU seconds of training", "score / score of " + peer_title_, {}};
    for (const auto& [name, value] : peer_.at("scores").items())
      panel.lines.push_back({short_name(name), {}});
    panel.lines.push_back({"as good as " + peer_title_,
                           {{rows_.front()->train_cpu, 1}, {peer_.at("train_cpu").get<double>(), 1}},
                           true});
    return panel;
  }

  std::string dataset_;
  std::vector<const RunRow*> rows_;
  const json& peer_;
  std::string peer_title_;
};

}  // namespace

Report curve_report(const std::vector<RunRow>& rows, const json& peers) {
  Report out;
  try {
    const std::string title = peers.at("title");
    out.markdown = fmt::format(
        "Each row is a training of its own to the end of its schedule; CPU seconds are those of the "
        "training. Low "
        "is good; bold where better than {}. {}\n\n",
        title, peers.value("note", ""));
    for (const auto& [dataset, peer] : peers.at("datasets").items()) {
      std::vector<const RunRow*> own;
      for (const RunRow& row : rows) {
        if (row.dataset == dataset && row.params.contains("iterations")) own.push_back(&row);
      }
      if (own.empty()) continue;
      const DatasetPart part(dataset, own, peer, title);
      out.markdown += part.markdown();
      for (Panel& panel : part.panels()) out.panels.push_back(std::move(panel));
    }
  } catch (const json::exception& e) {
    fail(Kind::data, "the scores of the peer are not of the right form: {}", e.what());
  }
  if (out.panels.empty())
    fail(Kind::data, "no trained cell of the run is of a dataset that the peer has scores for");
  return out;
}

}  // namespace bench
