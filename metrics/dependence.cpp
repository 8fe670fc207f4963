#include "metrics/dependence.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/stats.h"
#include "metrics/columns.h"
#include "metrics/tables.h"

namespace bench {
namespace {

void add_tables(const ScoringPair& pair, ScoreList& list) {
  const Compared records{"every pair", static_cast<int64_t>(pair.real.size()),
                         static_cast<int64_t>(pair.synthetic.size())};
  std::vector<DiscretePair> columns;
  std::vector<std::pair<std::string, std::string>> missing;
  for (CategoryPair& c : category_pairs(pair.real, pair.synthetic)) {
    if (!c.missing.empty()) {
      missing.emplace_back(c.name, c.missing);
    } else if (c.name == "srcport" || c.name == "dstport") {
      columns.push_back({c.name, true, services(c.real), services(c.synthetic)});
    } else {
      columns.push_back({c.name, true, std::move(c.real), std::move(c.synthetic)});
    }
  }
  for (const NumberPair& n : number_pairs(pair.real, pair.synthetic, pair.window.begin)) {
    if (n.spec->clock) continue;
    const std::string name(n.spec->name);
    if (n.missing.empty()) {
      columns.push_back({name, false, quarter_octaves(n.real), quarter_octaves(n.synthetic)});
    } else {
      missing.emplace_back(name, n.missing);
    }
  }
  const TableSummary tables = compare_all_tables(columns);
  list.value("cmd", "strict", records, "", tables.mean_frobenius);
  list.value("cmd_tv", "strict", records, "", tables.mean_variation);
  for (size_t c = 0; c < columns.size(); ++c) {
    list.value("mi_difference", "strict", {columns[c].name, records.n_real, records.n_synthetic}, "nats",
               tables.mi_differences[c]);
  }
  for (const auto& [name, reason] : missing)
    list.not_applicable("mi_difference", "strict", {name, 0, 0}, "nats", reason);
  const auto column = [&](std::string_view name) {
    return *std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; });
  };
  for (const auto& [field, port] :
       {std::pair("srcport | proto", "srcport"), {"dstport | proto", "dstport"}}) {
    list.value("tv_conditional", "strict", {field, records.n_real, records.n_synthetic}, "",
               conditional_variation(column("proto"), column(port)));
  }
}

// Frobenius norm of the difference of the matrices of Pearson correlations.
double correlation_difference(const std::vector<std::vector<double>>& real,
                              const std::vector<std::vector<double>>& synthetic) {
  double squares = 0;
  for (size_t x = 0; x < real.size(); ++x) {
    for (size_t y = x + 1; y < real.size(); ++y) {
      const double difference = pearson(synthetic[x], synthetic[y]) - pearson(real[x], real[y]);
      squares += 2 * difference * difference;
    }
  }
  return std::sqrt(squares);
}

void add_correlations(const ScoringPair& pair, ScoreList& list) {
  std::vector<std::vector<double>> real, synthetic, log_real, log_synthetic;
  for (const NumberPair& n : number_pairs(pair.real, pair.synthetic, pair.window.begin)) {
    if (!n.missing.empty()) continue;
    real.push_back(in_units(n.real, n.spec->raw_per_unit));
    synthetic.push_back(in_units(n.synthetic, n.spec->raw_per_unit));
    log_real.push_back(n.spec->clock ? real.back() : signed_log1p(real.back()));
    log_synthetic.push_back(n.spec->clock ? synthetic.back() : signed_log1p(synthetic.back()));
  }
  const Compared raw{"numeric", static_cast<int64_t>(pair.real.size()),
                     static_cast<int64_t>(pair.synthetic.size())};
  const Compared logarithms{"log numeric", raw.n_real, raw.n_synthetic};
  if (real.size() < 2) {
    for (const Compared& what : {raw, logarithms})
      list.not_applicable("pcd", "strict", what, "", "the traces share fewer than two numeric columns");
    return;
  }
  list.value("pcd", "strict", raw, "", correlation_difference(real, synthetic));
  list.value("pcd", "strict", logarithms, "", correlation_difference(log_real, log_synthetic));
}

}  // namespace

void add_dependence(const ScoringPair& pair, ScoreList& list) {
  add_tables(pair, list);
  add_correlations(pair, list);
}

}  // namespace bench
