#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/stats.h"
#include "experiments/generators.h"
#include "experiments/reports.h"
#include "experiments/schedule.h"
#include "experiments/table.h"

namespace bench {
namespace {

constexpr size_t kSimulated[] = {10, 200};
constexpr size_t kCurve[] = {1, 2, 3, 5, 10, 20, 50, 100, 200};

/// Rows that differ in workers and seed only.
struct Setting {
  std::string dataset;
  std::string title;
  const RunRow* first = nullptr;
  std::map<int64_t, std::vector<const RunRow*>> by_workers;
};

std::vector<Setting> settings_of(const std::vector<RunRow>& rows) {
  std::vector<Setting> out;
  for (const RunRow& row : rows) {
    if (row.workers == 0) continue;
    const int64_t chunks = row.params.value("chunks", int64_t{1});
    const std::string start = chunks == 1                            ? ""
                              : row.params.value("hot_start", false) ? ", hot start"
                                                                     : ", each from scratch";
    const std::string title = fmt::format("{} chunk{}{}", chunks, chunks == 1 ? "" : "s", start);
    auto it = std::find_if(out.begin(), out.end(), [&](const Setting& s) {
      return s.dataset == row.dataset && s.first->params == row.params;
    });
    if (it == out.end()) it = out.insert(it, {row.dataset, title, &row, {}});
    it->by_workers[row.workers].push_back(&row);
  }
  return out;
}

double mean_of(const std::vector<const RunRow*>& rows, double (*value)(const RunRow&)) {
  std::vector<double> values;
  for (const RunRow* row : rows) values.push_back(value(*row));
  return mean(values);
}
double wall(const RunRow& row) { return row.train_wall; }
double cpu(const RunRow& row) { return row.train_cpu; }

/// Mean over the seeds of one score; "-" without.
std::string score_text(const std::vector<const RunRow*>& rows, std::initializer_list<const char*> names) {
  std::vector<double> values;
  for (const RunRow* row : rows) {
    for (const char* name : names) {
      if (const auto value = row->score(name)) values.push_back(*value);
    }
  }
  return values.empty() ? "-" : fmt::format("{:.3f}", mean(values));
}

std::string jsd_text(const std::vector<const RunRow*>& rows) {
  std::vector<double> values;
  for (const RunRow* row : rows) {
    if (const auto value = row->mean_jsd()) values.push_back(*value);
  }
  return values.empty() ? "-" : fmt::format("{:.3f}", mean(values));
}

/// The units of a setting with the times of the fewest workers: those disturb each other least.
std::vector<Job> jobs_of(const Setting& setting) {
  const std::vector<const RunRow*>& rows = setting.by_workers.begin()->second;
  const RunRow& row = *setting.first;
  const auto units = make_generator(row.generator, row.params, row.variant)->units();
  std::vector<Job> jobs;
  for (size_t u = 0; u < units.size(); ++u) {
    double seconds = 0;
    for (const RunRow* r : rows) seconds += r->units.at(u).second / static_cast<double>(rows.size());
    jobs.push_back({seconds, units[u].needs});
  }
  return jobs;
}

}  // namespace

Report speedup_report(const std::vector<RunRow>& rows) {
  const std::vector<Setting> settings = settings_of(rows);
  if (settings.empty()) fail(Kind::data, "the run has no timed cell; a sweep with \"workers\" has some");
  std::set<int64_t> workers;
  for (const Setting& s : settings) {
    for (const auto& [count, members] : s.by_workers) workers.insert(count);
  }

  std::vector<std::string> head{"trace", "training", "units", "CPU s"};
  for (const int64_t w : workers) head.push_back(fmt::format("wall s, {} worker{}", w, w == 1 ? "" : "s"));
  for (const int64_t w : workers) {
    if (w > *workers.begin()) head.push_back(fmt::format("speed-up, {} workers", w));
  }
  for (const char* name : {"mean JSD", "KS time", "KS flow size"}) head.emplace_back(name);
  Table measured(head);
  std::vector<std::string> simulated_head{"trace", "training"};
  for (const int64_t w : workers) simulated_head.push_back(fmt::format("{} (measured)", w));
  for (const size_t w : kSimulated) simulated_head.push_back(fmt::format("{}", w));
  for (const size_t w : kSimulated) simulated_head.push_back(fmt::format("speed-up, {}", w));
  Table simulated(simulated_head);
  std::map<std::string, Panel> panels;
  std::vector<std::string> order;

  for (const Setting& s : settings) {
    const std::vector<const RunRow*>& least = s.by_workers.begin()->second;
    const std::vector<Job> jobs = jobs_of(s);
    std::vector<std::string> row{s.dataset, s.title, fmt::format("{}", jobs.size()),
                                 fmt::format("{:.1f}", mean_of(least, cpu))};
    const auto wall_at = [&](int64_t w) {
      const auto it = s.by_workers.find(w);
      return it == s.by_workers.end() ? 0 : mean_of(it->second, wall);
    };
    const auto seconds = [](double v) { return v > 0 ? fmt::format("{:.1f}", v) : "-"; };
    for (const int64_t w : workers) row.push_back(seconds(wall_at(w)));
    for (const int64_t w : workers) {
      if (w > *workers.begin())
        row.push_back(wall_at(w) > 0 ? fmt::format("{:.2f}", mean_of(least, wall) / wall_at(w)) : "-");
    }
    row.push_back(jsd_text(least));
    row.push_back(score_text(least, {"ks strict ts", "ks strict time"}));
    row.push_back(score_text(least, {"ks strict flow_size"}));
    measured.add(std::move(row));

    std::vector<std::string> line{s.dataset, s.title};
    for (const int64_t w : workers) {
      line.push_back(fmt::format("{:.1f} ({})", makespan(jobs, static_cast<size_t>(w)), seconds(wall_at(w))));
    }
    const double serial = makespan(jobs, 1);
    for (const size_t w : kSimulated) line.push_back(fmt::format("{:.1f}", makespan(jobs, w)));
    for (const size_t w : kSimulated) line.push_back(fmt::format("{:.2f}", serial / makespan(jobs, w)));
    simulated.add(std::move(line));

    if (!panels.contains(s.dataset)) {
      order.push_back(s.dataset);
      panels[s.dataset] = {s.dataset + " (dashed: simulated)", "workers", "training, wall seconds", {}};
    }
    Line points{s.title, {}};
    for (const auto& [w, members] : s.by_workers) points.points.emplace_back(w, mean_of(members, wall));
    Line curve{"", {}, true};
    for (const size_t w : kCurve) curve.points.emplace_back(w, makespan(jobs, w));
    panels[s.dataset].lines.push_back(std::move(points));
    panels[s.dataset].lines.push_back(std::move(curve));
  }

  const nlohmann::json& params = settings[0].first->params;
  Report out;
  out.markdown = fmt::format(
      "Iterations: {} for a training from scratch, {:g} times as many for a chunk that starts from the first "
      "one's networks. Each training ran alone on the machine. Wall seconds from the start of the first unit "
      "to "
      "the end of the last, start of processes included. Scores do not depend on the number of "
      "workers.\n\n{}\n"
      "Simulated wall seconds: a list schedule of the unit times measured with {} worker{}; no cost between "
      "units, "
      "every worker as fast as that one. The measured times in brackets tell how far to trust it.\n\n{}",
      params.value("iterations", int64_t{0}), params.value("fine_tune_share", 1.0), measured.markdown(),
      *workers.begin(), *workers.begin() == 1 ? "" : "s", simulated.markdown());
  for (const std::string& dataset : order) out.panels.push_back(panels[dataset]);
  return out;
}

}  // namespace bench
