// Field by field: the tables and figures of the diffusion report.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "core/stats.h"
#include "datasets/flows.h"
#include "datasets/hdf5_trace.h"
#include "experiments/reports.h"
#include "experiments/sweep.h"
#include "experiments/table.h"

namespace bench {
namespace {

using nlohmann::json;

struct Field {
  const char* name;
  const char* score;   ///< as in RunRow::scores
  const char* column;  ///< of the trace
  double unit;         ///< of the column's integers; 0 for a category
};
constexpr Field kAttributes[] = {{"srcip", "jsd_distance strict srcip", "srcip", 0},
                                 {"dstip", "jsd_distance strict dstip", "dstip", 0},
                                 {"srcport", "jsd_distance strict srcport", "srcport", 0},
                                 {"dstport", "jsd_distance strict dstport", "dstport", 0},
                                 {"proto", "jsd_distance strict proto", "proto", 0}};
constexpr Field kFeatures[] = {{"td", "emd paper td", "duration", 1e9},
                               {"pkt", "emd paper pkt", "packets", 1},
                               {"byt", "emd paper byt", "bytes", 1},
                               {"type", "jsd_distance strict type", "", 0},
                               {"ts", "emd paper ts", "time", 1e9}};

using Rows = std::vector<const RunRow*>;

std::string title_of(const RunRow& row) {
  const auto& references = reference_rows();
  const std::string out = row_title(row.generator, row.variant);
  return std::find(references.begin(), references.end(), row.generator) == references.end() ? out
                                                                                            : "(" + out + ")";
}

std::vector<double> values_of(const Rows& rows, const Field& field) {
  std::vector<double> out;
  for (const RunRow* row : rows) {
    if (const auto value = row->score(field.score)) out.push_back(*value);
  }
  return out;
}

std::string spread_text(const std::vector<double>& values) {
  if (values.empty()) return "n/a";
  const std::string middle = fmt::format("{:.4g}", mean(values));
  return values.size() == 1 ? middle : middle + fmt::format(" +- {:.2g}", sample_sd(values));
}

std::string table_of(const std::vector<std::pair<std::string, Rows>>& groups, std::span<const Field> fields,
                     const json& published) {
  std::vector<std::string> head{"generator"};
  for (const Field& field : fields) head.emplace_back(field.name);
  Table table(head);
  for (const auto& [title, values] : published.items()) {
    std::vector<std::string> line{title};
    for (const Field& field : fields)
      line.push_back(values.contains(field.name) ? fmt::format("{:.4g}", values.at(field.name).get<double>())
                                                 : "n/a");
    table.add(std::move(line));
  }
  for (const auto& [title, rows] : groups) {
    std::vector<std::string> line{title};
    for (const Field& field : fields) line.push_back(spread_text(values_of(rows, field)));
    table.add(std::move(line));
  }
  return table.markdown();
}

std::vector<Field> all_fields() {
  std::vector<Field> out(std::begin(kAttributes), std::end(kAttributes));
  out.insert(out.end(), std::begin(kFeatures), std::end(kFeatures));
  return out;
}

/// The fields that both rows have, and among them those in which the mean of `rows` is the higher one.
struct Duel {
  size_t all = 0;
  std::vector<std::string> lost;
  size_t won() const { return all - lost.size(); }
};

Duel duel(const Rows& rows, const Rows& other, std::span<const Field> fields) {
  Duel out;
  for (const Field& field : fields) {
    const auto own = values_of(rows, field), theirs = values_of(other, field);
    if (own.empty() || theirs.empty()) continue;
    ++out.all;
    if (mean(own) > mean(theirs)) out.lost.emplace_back(field.name);
  }
  return out;
}

/// What was expected of this run, and whether it is so.
std::string claims_text(const std::vector<std::pair<std::string, Rows>>& groups, const json& claims) {
  const auto rows_of = [&](const std::string& title) {
    const auto it =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == title; });
    return it == groups.end() ? Rows{} : it->second;
  };
  std::string out;
  for (const json& claim : claims) {
    const std::vector<Field> every = all_fields();
    const bool attributes = claim.value("fields", "all") == "attributes";
    const Duel found = duel(rows_of(claim.at("row")), rows_of(claim.at("against")),
                            attributes ? std::span<const Field>(kAttributes) : std::span<const Field>(every));
    const auto wanted = claim.at("wins").get<size_t>();
    out += fmt::format("- {}: {} ({} of {}{})\n", claim.at("claim").get<std::string>(),
                       found.all < wanted      ? "cannot be told"
                       : found.won() >= wanted ? "holds"
                                               : "does not hold",
                       found.won(), found.all,
                       found.lost.empty() ? "" : fmt::format("; not in {}", fmt::join(found.lost, ", ")));
  }
  return out.empty() ? out : "\nExpected of this experiment, by the means over the seeds:\n\n" + out;
}

/// Mean share of a row's records whose five-tuple is one of the training part; "n/a" without the traces.
std::string copies_text(const Rows& rows) {
  std::vector<double> shares;
  for (const RunRow* row : rows) {
    if (row->real.empty() || row->synthetic.empty()) continue;
    const TrainingTrace real = load_training(row->real);
    std::set<FiveTuple> known;
    for (size_t i = 0; i < real.trace().size(); ++i) known.insert(five_tuple(real.trace(), i));
    const Trace made = read_hdf5_trace(row->synthetic);
    size_t copies = 0;
    for (size_t i = 0; i < made.size(); ++i) copies += known.count(five_tuple(made, i));
    shares.push_back(static_cast<double>(copies) / static_cast<double>(made.size()));
  }
  return shares.empty() ? "n/a" : fmt::format("{:.2f}", mean(shares));
}

/// In how many fields the mean of a row is at most that of each other row.
std::string comparison(const std::vector<std::pair<std::string, Rows>>& groups) {
  std::vector<std::string> head{"fields in which the row is at least as good as"};
  for (const auto& [title, rows] : groups) head.push_back(title);
  head.emplace_back("five-tuples of the training part");
  head.emplace_back("training CPU s");
  head.emplace_back("sampling CPU s");
  Table table(head);
  for (const auto& [title, rows] : groups) {
    std::vector<std::string> line{title};
    for (const auto& [other_title, other] : groups) {
      const Duel found = duel(rows, other, all_fields());
      line.push_back(title == other_title ? "" : fmt::format("{} of {}", found.won(), found.all));
    }
    line.push_back(copies_text(rows));
    for (double RunRow::*cost : {&RunRow::train_cpu, &RunRow::sample_cpu}) {
      std::vector<double> seconds;
      for (const RunRow* row : rows) seconds.push_back(row->*cost);
      line.push_back(fmt::format("{:.1f}", mean(seconds)));
    }
    table.add(std::move(line));
  }
  return table.markdown();
}

/// Category: share of the records that the r most frequent values have, by r. Number: share of the records
/// that are no larger, by value + 1.
std::vector<std::pair<double, double>> distribution_of(const Trace& trace, const Field& field) {
  constexpr size_t kMostPoints = 200;
  std::vector<int64_t> column;
  for_each_column(trace, [&](std::string_view name, const auto& values) {
    if (name == field.column) column.assign(values.begin(), values.end());
  });
  std::vector<std::pair<double, double>> all;
  const auto n = static_cast<double>(column.size());
  if (field.unit == 0) {
    std::map<int64_t, int64_t> counts;
    for (const int64_t value : column) ++counts[value];
    std::vector<int64_t> sorted;
    for (const auto& [value, count] : counts) sorted.push_back(count);
    std::sort(sorted.rbegin(), sorted.rend());
    double sum = 0;
    for (const int64_t count : sorted) {
      sum += static_cast<double>(count);
      all.emplace_back(static_cast<double>(all.size() + 1), sum / n);
    }
  } else {
    std::sort(column.begin(), column.end());
    const int64_t origin = std::string_view(field.column) == "time" && !column.empty() ? column.front() : 0;
    for (size_t i = 0; i < column.size(); ++i) {
      if (i + 1 == column.size() || column[i + 1] != column[i])
        all.emplace_back(static_cast<double>(column[i] - origin) / field.unit + 1,
                         static_cast<double>(i + 1) / n);
    }
  }
  std::vector<std::pair<double, double>> out;
  const size_t step = all.size() / kMostPoints + 1;
  for (size_t i = 0; i < all.size(); ++i)
    if (i % step == 0 || i + 1 == all.size()) out.push_back(all[i]);
  return out;
}

std::vector<Panel> panels_of(const std::vector<std::pair<std::string, Rows>>& groups) {
  std::vector<Panel> out;
  std::vector<Field> fields = all_fields();
  std::erase_if(fields, [](const Field& field) { return std::string_view(field.column).empty(); });
  for (const Field& field : fields)
    out.push_back(
        {field.name, field.unit == 0 ? "most frequent values" : "value + 1", "share of records", {}});
  const auto add = [&](const std::string& title, const Trace& trace, bool dashed) {
    for (size_t i = 0; i < fields.size(); ++i)
      out[i].lines.push_back({title, distribution_of(trace, fields[i]), dashed});
  };
  bool real = false;
  for (const auto& [title, rows] : groups) {
    if (title.starts_with("(") || title == "zeros" || rows.front()->synthetic.empty()) continue;
    if (!real) add("training part", load_training(rows.front()->real).trace(), true);
    real = true;
    add(title, read_hdf5_trace(rows.front()->synthetic), false);
  }
  return out;
}

}  // namespace

Report fields_report(const std::vector<RunRow>& rows, const std::vector<RunFailure>& failures,
                     const json& published) {
  if (rows.empty()) fail(Kind::data, "the run has no cell that ended ok");
  std::map<std::string, std::vector<std::pair<std::string, Rows>>> by_dataset;
  for (const RunRow& row : rows) {
    auto& groups = by_dataset[row.dataset];
    const std::string title = title_of(row);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == title; });
    if (group == groups.end()) group = groups.insert(groups.end(), {title, {}});
    group->second.push_back(&row);
  }
  Report out;
  out.markdown =
      published.value("note", "") +
      " Low is good. Mean +- standard deviation over the seeds; rows in brackets are references.\n";
  for (const auto& [dataset, groups] : by_dataset) {
    const json theirs = published.value("rows", json::object());
    out.markdown += fmt::format(
        "\n## {}{}\n\nAttributes: Jensen-Shannon distance, addresses by rank of their "
        "counts\n\n{}\nFeatures: earth mover's distance in "
        "raw units (td s, ts us); type: Jensen-Shannon distance\n\n{}\n{}",
        dataset, dataset.find("-surrogate") == std::string::npos ? "" : " (simulated, not real data)",
        table_of(groups, kAttributes, theirs), table_of(groups, kFeatures, theirs), comparison(groups));
    out.markdown += claims_text(groups, published.value("claims", json::array()));
    for (Panel& panel : panels_of(groups)) out.panels.push_back(std::move(panel));
  }
  out.markdown += failures_section(failures);
  return out;
}

}  // namespace bench
