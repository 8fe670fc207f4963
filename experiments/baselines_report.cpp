#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "core/error.h"
#include "core/stats.h"
#include "experiments/reports.h"
#include "experiments/sweep.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr const char* kDistribution[] = {"jsd paper ", "emd paper ", "ks strict "};
constexpr const char* kJoint[] = {"tv_proto_dstport ", "corr_log_pkt_byt ", "ks strict flow_size"};

/// The cells of one generator on one dataset.
struct Group {
  std::string dataset, title;
  bool reference = false;
  std::vector<const RunRow*> rows;
  size_t planned = 0;

  std::string name() const { return reference ? "(" + title + ")" : title; }
};

class Groups {
 public:
  Groups(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures) {
    for (const RunRow& row : rows) {
      Group& group = at(row.dataset, row.generator, row.variant);
      group.rows.push_back(&row);
      ++group.planned;
    }
    for (const RunFailure& failure : failures)
      ++at(failure.dataset, failure.generator, failure.variant).planned;
    std::stable_partition(all_.begin(), all_.end(), [](const Group& g) { return !g.reference; });
  }

  const std::vector<Group>& all() const { return all_; }
  const std::vector<std::string>& datasets() const { return datasets_; }
  const Group* find(const std::string& dataset, const std::string& title) const {
    const auto it = std::find_if(all_.begin(), all_.end(),
                                 [&](const Group& g) { return g.dataset == dataset && g.title == title; });
    return it == all_.end() ? nullptr : &*it;
  }
  /// Titles in order, those of the reference rows last.
  std::vector<std::string> titles() const {
    std::vector<std::string> out;
    for (const Group& g : all_) {
      if (std::find(out.begin(), out.end(), g.title) == out.end()) out.push_back(g.title);
    }
    return out;
  }

 private:
  Group& at(const std::string& dataset, const std::string& generator, const std::string& variant) {
    if (std::find(datasets_.begin(), datasets_.end(), dataset) == datasets_.end())
      datasets_.push_back(dataset);
    const std::string title = row_title(generator, variant);
    for (Group& g : all_) {
      if (g.dataset == dataset && g.title == title) return g;
    }
    const auto& references = reference_rows();
    const bool reference = std::find(references.begin(), references.end(), generator) != references.end();
    all_.push_back({dataset, title, reference, {}, 0});
    return all_.back();
  }

  std::vector<std::string> datasets_;
  std::vector<Group> all_;
};

using Value = std::function<std::optional<double>(const RunRow&)>;

std::string mean_text(const Group& group, const Value& value, const char* digits) {
  std::vector<double> values;
  for (const RunRow* row : group.rows) {
    if (const auto v = value(*row)) values.push_back(*v);
  }
  return values.empty() ? "n/a" : fmt::format(fmt::runtime(digits), mean(values));
}

/// Means over the seeds of the scores whose names begin with one of `prefixes`.
std::map<std::string, double> scores_of(const Group& group, std::span<const char* const> prefixes) {
  std::map<std::string, std::vector<double>> values;
  for (const RunRow* row : group.rows) {
    for (const auto& [name, value] : row->scores) {
      if (std::any_of(prefixes.begin(), prefixes.end(), [&](const char* p) { return name.starts_with(p); }))
        values[name].push_back(value);
    }
  }
  std::map<std::string, double> out;
  for (const auto& [name, list] : values) out[name] = mean(list);
  return out;
}

/// "9 of 10": in how many of the scores that both have the group is lower than the other; every score of ours
/// is better when low.
std::string better_text(const Group& group, const Group* other, std::span<const char* const> prefixes) {
  if (other == nullptr || group.rows.empty()) return "n/a";
  const auto own = scores_of(group, prefixes);
  int better = 0;
  int all = 0;
  for (const auto& [name, value] : scores_of(*other, prefixes)) {
    const auto it = own.find(name);
    ++all;
    better += it != own.end() && it->second < value ? 1 : 0;
  }
  return all == 0 ? "n/a" : fmt::format("{} of {}", better, all);
}

std::string overview(const Groups& groups, const std::function<std::string(const Group&)>& text) {
  std::vector<std::string> head{"generator"};
  for (const auto& dataset : groups.datasets()) head.push_back(dataset);
  Table table(head);
  for (const auto& title : groups.titles()) {
    std::vector<std::string> row{title};
    for (const auto& dataset : groups.datasets()) {
      const Group* group = groups.find(dataset, title);
      row.push_back(group == nullptr ? "-" : text(*group));
      if (group != nullptr) row[0] = group->name();
    }
    table.add(std::move(row));
  }
  return table.markdown();
}

std::string one_dataset(const Groups& groups, const std::string& dataset) {
  const Group* uniform = groups.find(dataset, "uniform");
  const Group* independent = groups.find(dataset, "independent");
  Table table({"generator", "mean JSD", "mean KS", "TV proto x dstport of flows", "TV src x dst of flows",
               "corr. packets, bytes", "KS flow size", "better than uniform", "joint better than independent",
               "training CPU s", "CPU s in all", "ok"});
  const auto prefix = [](const char* text) {
    return [text](const RunRow& row) { return row.mean_score(text); };
  };
  for (const Group& group : groups.all()) {
    if (group.dataset != dataset) continue;
    table.add({group.name(), mean_text(group, prefix("jsd paper "), "{:.3f}"),
               mean_text(group, prefix("ks strict "), "{:.3f}"),
               mean_text(group, prefix("tv_proto_dstport strict proto x dstport of flows"), "{:.3f}"),
               mean_text(group, prefix("tv_src_dst strict srcip x dstip of flows"), "{:.3f}"),
               mean_text(group, prefix("corr_log_pkt_byt "), "{:.3f}"),
               mean_text(group, prefix("ks strict flow_size"), "{:.3f}"),
               better_text(group, uniform, kDistribution), better_text(group, independent, kJoint),
               mean_text(
                   group, [](const RunRow& row) { return std::optional(row.train_cpu); }, "{:.1f}"),
               mean_text(
                   group, [](const RunRow& row) { return std::optional(row.cpu); }, "{:.1f}"),
               fmt::format("{}/{}", group.rows.size(), group.planned)});
  }
  return table.markdown();
}

}  // namespace

Report baselines_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures) {
  if (rows.empty()) fail(Kind::data, "the run has no cell that ended ok");
  const Groups groups(rows, failures);
  Report out;
  out.markdown =
      "Low is good in every column but the counts. Rows in brackets are references: split, holdout and "
      "resample "
      "are real data again, independent and uniform have no structure. A dash: the generator does not learn "
      "from "
      "that kind of trace.\n\n## Mean of the paper's JSDs (nats)\n\n" +
      overview(groups,
               [&](const Group& g) {
                 return mean_text(
                     g, [](const RunRow& row) { return row.mean_jsd(); }, "{:.3f}");
               }) +
      "\n## Distribution scores (JSD, EMD, KS) better than those of uniform\n\n" +
      overview(groups, [&](const Group& g) {
        return better_text(g, groups.find(g.dataset, "uniform"), kDistribution);
      });
  for (const auto& dataset : groups.datasets()) {
    out.markdown +=
        fmt::format("\n## {}{}\n\n{}", dataset,
                    dataset.find("-surrogate") == std::string::npos ? "" : " (simulated, not real data)",
                    one_dataset(groups, dataset));
  }
  out.markdown += failures_section(failures);
  return out;
}

}  // namespace bench
