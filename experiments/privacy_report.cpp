#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/stats.h"
#include "experiments/privacy_contests.h"
#include "experiments/reports.h"
#include "experiments/sweep.h"
#include "experiments/table.h"

namespace bench {
namespace {

using nlohmann::json;

RowMeasure prefixed(const char* title, const char* prefix) {
  return {title, [prefix](const RunRow& row) { return row.mean_score(prefix); }};
}

constexpr auto kPairs = "pairwise TV";

std::string mean_sd(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const std::string out = fmt::format("{:.3f}", mean(values));
  return values.size() == 1 ? out : out + fmt::format(" ±{:.3f}", sample_sd(values));
}

class DatasetPage {
 public:
  explicit DatasetPage(const PrivacyCurves& curves) : curves_(curves) {
    const RowMeasure emd{"mean normalised EMD", [this](const RunRow& row) {
                           const auto it = curves_.emd.find(&row);
                           return it == curves_.emd.end() ? std::nullopt : std::optional(it->second);
                         }};
    fidelity_ = {{"mean JSD", [](const RunRow& row) { return row.mean_jsd(); }}, emd};
    double most = 0;
    for (const PrivacyPoint& point : curves_.points) {
      const auto epsilon = point.epsilon();
      if (epsilon && std::isfinite(*epsilon)) most = std::max(most, *epsilon);
    }
    // Twice the largest, or four or eight times where its text would touch that of a power of ten.
    infinite_at_ = most > 0 ? 2 * most : 1;
    const auto part = [this] { return std::log10(infinite_at_) - std::floor(std::log10(infinite_at_)); };
    constexpr double kLeft = .3, kRight = .75;  // of a decade; farther apart than a doubling is long
    while (most > 0 && (part() < kLeft || part() > kRight)) infinite_at_ *= 2;
  }

  std::string markdown() const {
    const bool simulated = curves_.dataset.find("-surrogate") != std::string::npos;
    return fmt::format("\n## {}{}\n\n{}{}{}", curves_.dataset, simulated ? " (simulated, not real data)" : "",
                       units(), table(), contests_text(curves_, compared()));
  }

  /// One for each measure.
  std::vector<Panel> panels() const {
    std::vector<Panel> out;
    for (const RowMeasure& measure : fidelity_) {
      Panel panel{curves_.dataset, "epsilon", measure.title, {}, false, {}};
      for (const std::string& regime : curves_.regimes) panel.lines.push_back(line(regime, measure));
      const auto unlimited = [](const PrivacyPoint& p) {
        return p.epsilon() && std::isinf(*p.epsilon()) && !p.rows.empty();
      };
      if (std::any_of(curves_.points.begin(), curves_.points.end(), unlimited))
        panel.x_marks = {{infinite_at_, "inf"}};
      out.push_back(std::move(panel));
    }
    return out;
  }

 private:
  Line line(const std::string& regime, const RowMeasure& measure) const {
    Line out{regime, {}, false, {}};
    for (const PrivacyPoint& point : curves_.points) {
      const auto epsilon = point.epsilon();
      const std::vector<double> values = values_of(point.rows, measure);
      if (point.regime != regime || !epsilon || values.empty()) continue;
      out.points.emplace_back(std::isinf(*epsilon) ? infinite_at_ : *epsilon, mean(values));
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      out.spans.emplace_back(*low, *high);
    }
    return out;
  }

  /// In what neighbouring training parts differ, for each regime.
  std::string units() const {
    std::string out;
    for (const std::string& regime : curves_.regimes) {
      std::vector<PrivacyCost> costs;
      std::vector<double> deltas;
      for (const PrivacyPoint& point : curves_.points) {
        if (point.regime != regime) continue;
        for (const PrivacyCost& cost : point.costs()) {
          costs.push_back(cost);
          if (cost.delta) deltas.push_back(*cost.delta);
        }
      }
      if (!costs.empty())
        out +=
            fmt::format("- {}: one unit is a {}; delta {}\n", regime, units_text(costs), range_text(deltas));
    }
    return out.empty() ? out : out + "\n";
  }

  /// The measures that the run has, those of fidelity first.
  std::vector<RowMeasure> shown() const {
    std::vector<RowMeasure> out = fidelity_;
    for (const RowMeasure& joint :
         {prefixed("C2ST", "c2st strict "), prefixed(kPairs, "cmd_tv strict "),
          prefixed("TV proto x dstport of flows", "tv_proto_dstport strict proto x dstport of flows")}) {
      const bool any = std::any_of(curves_.points.begin(), curves_.points.end(),
                                   [&](const PrivacyPoint& p) { return !values_of(p.rows, joint).empty(); });
      if (any) out.push_back(joint);
    }
    return out;
  }

  /// Fidelity of single fields and of pairs of them.
  std::vector<RowMeasure> compared() const {
    std::vector<RowMeasure> out = fidelity_;
    for (const RowMeasure& measure : shown())
      if (measure.title == kPairs) out.push_back(measure);
    return out;
  }

  std::string table() const {
    const std::vector<RowMeasure> measures = shown();
    std::vector<std::string> head{"regime", "epsilon", "sigma", "by orders", "numerical", "as published"};
    for (const RowMeasure& measure : measures) head.push_back(measure.title);
    head.insert(head.end(), {"canaries: epsilon above", "canaries: accuracy", "training CPU s", "ok"});
    Table table(head);
    for (const PrivacyPoint& point : curves_.points) {
      const std::vector<PrivacyCost> costs = point.costs();
      std::vector<double> noises;
      for (const PrivacyCost& cost : costs) {
        if (cost.noise) noises.push_back(*cost.noise);
      }
      std::vector<std::string> row{point.regime,
                                   point.budget.text(),
                                   range_text(noises),
                                   figure_text(costs, &PrivacyCost::moments),
                                   figure_text(costs, &PrivacyCost::numerical),
                                   figure_text(costs, &PrivacyCost::published)};
      add_scores(point.rows, measures, row);
      row.push_back(fmt::format("{}/{}", point.rows.size(), point.planned));
      table.add(std::move(row));
    }
    std::vector<std::string> titles;
    for (const RunRow* other : curves_.others) {
      const std::string title = row_title(other->generator, other->variant);
      if (std::find(titles.begin(), titles.end(), title) == titles.end()) titles.push_back(title);
    }
    for (const std::string& title : titles) {
      std::vector<const RunRow*> rows;
      std::copy_if(curves_.others.begin(), curves_.others.end(), std::back_inserter(rows),
                   [&](const RunRow* r) { return row_title(r->generator, r->variant) == title; });
      const auto& references = reference_rows();
      const bool reference =
          std::find(references.begin(), references.end(), rows[0]->generator) != references.end();
      std::vector<std::string> row{reference ? "(" + title + ")" : title, "", "", "", "", ""};
      add_scores(rows, measures, row);
      table.add(std::move(row));
    }
    return table.markdown();
  }

  static void add_scores(const std::vector<const RunRow*>& rows, const std::vector<RowMeasure>& measures,
                         std::vector<std::string>& out) {
    for (const RowMeasure& measure : measures) out.push_back(mean_sd(values_of(rows, measure)));
    double found = 0;
    bool attacked = false;
    for (const RunRow* row : rows) {
      for (const auto& [name, value] : row->scores) {
        if (!name.starts_with("canary_epsilon ")) continue;
        found = attacked ? std::max(found, value) : value;
        attacked = true;
      }
    }
    out.push_back(attacked ? fmt::format("{:.3g}", found) : "-");
    out.push_back(mean_sd(values_of(rows, prefixed("", "canary_accuracy "))));
    std::vector<double> seconds;
    for (const RunRow* row : rows) seconds.push_back(row->train_cpu);
    out.push_back(seconds.empty() ? "-" : fmt::format("{:.1f}", mean(seconds)));
  }

  const PrivacyCurves& curves_;
  std::vector<RowMeasure> fidelity_;
  double infinite_at_ = 1;  ///< on the axis of epsilon
};

/// Somebody else's curves for the datasets of the run: tables and panels.
void add_published(const json& published, const std::vector<PrivacyCurves>& all, Report& report) {
  double least = std::numeric_limits<double>::infinity();
  std::string tables;
  for (const PrivacyCurves& curves : all) {
    const json datasets = published.at("datasets");
    if (!datasets.contains(curves.dataset)) continue;
    const json& dataset = datasets[curves.dataset];
    const auto epsilons = dataset.at("epsilon").get<std::vector<double>>();
    std::vector<std::string> head{"regime"};
    for (const double epsilon : epsilons) {
      head.push_back(fmt::format("epsilon {:.3g}", epsilon));
      least = std::min(least, epsilon);
    }
    Table table(head);
    Panel panel{fmt::format("{}: {}", curves.dataset, published.at("title").get<std::string>()),
                "epsilon",
                "mean normalised EMD",
                {},
                false,
                {}};
    // In the order of the run, so that colours agree.
    std::vector<std::string> regimes = curves.regimes;
    for (const auto& [regime, values] : dataset.at("regimes").items()) {
      if (std::find(regimes.begin(), regimes.end(), regime) == regimes.end()) regimes.push_back(regime);
    }
    for (const std::string& regime : regimes) {
      if (!dataset["regimes"].contains(regime)) {
        panel.lines.push_back({regime, {}, false, {}});
        continue;
      }
      const auto values = dataset["regimes"][regime].get<std::vector<double>>();
      if (values.size() != epsilons.size())
        fail(Kind::data, "the published curve {} of {} has {} values for {} epsilons", regime, curves.dataset,
             values.size(), epsilons.size());
      std::vector<std::string> row{regime};
      Line line{regime, {}, false, {}};
      for (size_t i = 0; i < values.size(); ++i) {
        row.push_back(fmt::format("{:.3f}", values[i]));
        line.points.emplace_back(epsilons[i], values[i]);
      }
      table.add(std::move(row));
      panel.lines.push_back(std::move(line));
    }
    tables += fmt::format("\n{}\n\n{}", curves.dataset, table.markdown());
    report.panels.push_back(std::move(panel));
  }
  if (tables.empty()) return;
  report.markdown += fmt::format(
      "\n## {}\n\n{} No point has an epsilon below {:.3g}. Its EMDs are normalised among its own "
      "curves, so levels here and there do not compare; order and slope of the curves do.\n{}",
      published.at("title").get<std::string>(), published.value("note", ""), least, tables);
}

}  // namespace

Report privacy_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures,
                      const json& published) {
  const std::vector<PrivacyCurves> all = privacy_curves(rows, failures);
  if (all.empty()) fail(Kind::data, "the run has no row that trains privately");
  Report out;
  out.markdown =
      "Low is good. Mean ± sd over the seeds; in the figure mean, least and greatest. Mean JSD: over the "
      "paper's fields, nats. Mean normalised EMD: over the paper's fields, each scaled so that the best "
      "private row of the dataset has 0 and the worst 1; rows without a budget may lie outside. Sigma is the "
      "noise multiplier. Epsilon: asked for; by orders: Renyi orders or zCDP; numerical: composed on a grid, "
      "the least of the sound bounds; as published: what the accountant released with NetShare would say, "
      "which counts one release per iteration. Canaries: the greatest of the lower bounds of epsilon that "
      "attacks prove, over attacks and seeds, each true 19 times in 20, and their mean accuracy; bounds "
      "above the numerical epsilon contradict it. inf: no noise and no guarantee, drawn behind the largest "
      "epsilon. Rows in brackets are references: split, holdout and resample are real data again, "
      "independent and uniform have no structure.\n";
  for (const PrivacyCurves& curves : all) {
    const DatasetPage page(curves);
    out.markdown += page.markdown();
    for (Panel& panel : page.panels()) out.panels.push_back(std::move(panel));
  }
  if (published.contains("datasets")) {
    try {
      add_published(published, all, out);
    } catch (const json::exception& e) {
      fail(Kind::data, "the published curves are not of the right form: {}", e.what());
    }
  }
  out.markdown += failures_section(failures);
  return out;
}

}  // namespace bench
