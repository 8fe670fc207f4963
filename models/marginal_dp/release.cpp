#include "models/marginal_dp/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/error.h"
#include "datasets/flows.h"
#include "models/encode/fields.h"
#include "models/marginal_dp/pair_scores.h"

namespace bench {
namespace {

/// A bin, and on average a context of more than one parent, holds at least so many deviations of the noise.
constexpr double kUseful = 8;
/// A column depends on another if the score is at least this share of the records, and so many deviations.
constexpr double kDependence = .02, kDeviations = 2;
constexpr double kLeastModel = 1000, kMostModel = 100'000;  ///< records that are drawn during training

class Releases {
 public:
  Releases(const MarginalDpParams& params, NoiseBudget& budget, FitContext& context)
      : params_(params), budget_(budget), context_(context) {}
  NoisyMarginals all(const TrainingTrace& train);

 private:
  /// What everybody knows: kind, columns, names of labels, window.
  void set_public(const TrainingTrace& train);
  void release_rules(const Trace& trace, double share, Rng& rng);
  void release_columns(const Trace& trace);
  void choose_bins();
  void release_structure(const CodedRecords& data);
  void release_tables(const CodedRecords& data);
  /// The protocol and params_.degree others.
  size_t most_parents() const { return 1 + static_cast<size_t>(params_.degree); }
  double tables_share() const { return 1 - params_.values_share - params_.structure_share; }
  /// Of a histogram, in L2: all records of a unit may be in one cell.
  double sensitivity() const {
    return static_cast<double>(std::max<int64_t>(1, params_.max_records_per_flow));
  }

  const MarginalDpParams& params_;
  NoiseBudget& budget_;
  FitContext& context_;
  NoisyMarginals out_;
};

void Releases::set_public(const TrainingTrace& train) {
  const Trace& trace = train.trace();
  if (trace.size() == 0) fail(Kind::data, "marginal_dp: the training part has no record");
  out_.like.kind = trace.kind;
  for (const LabelColumn& label : trace.labels) out_.like.labels.push_back({label.name, label.names, {}});
  out_.window = train.window();
  out_.own_window = params_.window_end == 0;
  if (!out_.own_window) {
    out_.window = {std::llround(params_.window_begin * kNanosecondsPerSecond),
                   std::llround(params_.window_end * kNanosecondsPerSecond)};
  } else if (!trace.time.empty()) {
    context_.progress.log("no window_begin and window_end: the training part's own count as public");
  }
  for (const LabelColumn& label : trace.labels) out_.add_column("label:" + label.name);
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (!column.empty()) out_.add_column(std::string(name));
  });
}

void Releases::release_rules(const Trace& trace, double share, Rng& rng) {
  const double sigma = budget_.spend("records and rules", share, sensitivity());
  // Records by the rules they break: header, ports.
  std::vector<std::vector<double>> counts(2, std::vector<double>(2, 0));
  for (size_t i = 0; i < trace.size(); ++i) {
    const int64_t bytes = trace.kind == TraceKind::packets ? trace.length[i] : trace.bytes[i];
    ++counts[bytes < least_bytes(trace, i)][breaks_ports_rule(trace, i)];
  }
  std::normal_distribution<double> noise(0, 1);
  for (auto& row : counts)
    for (double& count : row) count += sigma * noise(rng);
  out_.records = std::max(1.0, counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1]);
  constexpr double kTolerance = .01, kNoise = 3;
  const double most = std::max(kTolerance * out_.records, kNoise * sigma);
  out_.rules = {counts[1][0] + counts[1][1] <= most, counts[0][1] + counts[1][1] <= most};
}

void Releases::release_columns(const Trace& trace) {
  size_t levels = 1;  // the rules
  for (const MarginalColumn& column : out_.columns) levels += column.leaves.levels();
  const double share = params_.values_share / static_cast<double>(levels);
  Rng rules_rng = context_.seed.child("rules").rng();
  release_rules(trace, share, rules_rng);
  for (size_t c = 0; c < out_.columns.size(); ++c) {
    std::vector<int64_t> values = column_of(trace, out_.columns[c].name);
    for (int64_t& value : values) value -= out_.offset_of(out_.columns[c].name);
    Rng rng = context_.seed.child("values", c).rng();
    out_.columns[c].leaves.release(out_.columns[c].name, values, out_.records, share, sensitivity(), budget_,
                                   rng);
  }
}

void Releases::choose_bins() {
  size_t tables = 2 * out_.columns.size();
  constexpr int kRounds = 2;  // fewer bins may need leaves inside them, whose tables share the budget
  for (int round = 0; round < kRounds; ++round) {
    const double sigma =
        budget_.sigma(tables_share() / static_cast<double>(tables * most_parents()), sensitivity());
    const double useful = sigma > 0 ? out_.records / (kUseful * sigma) : INFINITY;
    const auto most = static_cast<int64_t>(std::clamp(useful, 2.0, static_cast<double>(params_.bins)));
    tables = out_.columns.size();
    for (MarginalColumn& column : out_.columns) {
      column.leaves.merge(most);
      tables += column.has_inside();
    }
  }
}

void Releases::release_structure(const CodedRecords& data) {
  // Every header field hangs on the protocol, which has few values: it stands first and is everybody's first
  // parent.
  const size_t proto =
      static_cast<size_t>(std::find_if(out_.columns.begin(), out_.columns.end(),
                                       [](const MarginalColumn& c) { return c.name == "proto"; }) -
                          out_.columns.begin());
  out_.order = {proto};
  if (out_.columns.size() < 2) return;
  std::vector<BinnedColumn> binned;
  for (size_t c = 0; c < out_.columns.size(); ++c) {
    const ColumnLeaves& leaves = out_.columns[c].leaves;
    binned.push_back({data.bins[c], std::vector<double>(leaves.bins(), 0)});
    for (size_t leaf = 0; leaf < leaves.size(); ++leaf)
      binned[c].masses[static_cast<size_t>(leaves.bin(leaf))] += leaves.mass(leaf);
  }
  const double sigma = budget_.spend("dependences", params_.structure_share,
                                     sensitivity() * pairs_sensitivity(out_.columns.size()));
  Rng rng = context_.seed.child("structure").rng();
  const auto order = order_columns(pair_scores(binned, out_.records, sigma, rng),
                                   std::max(kDependence * out_.records, kDeviations * sigma), proto);
  out_.order = order.order;
  const double table_sigma = budget_.sigma(
      tables_share() / static_cast<double>(out_.columns.size() * most_parents()), sensitivity());
  constexpr double kMostCells = 1e17;  // of leaves
  for (const size_t c : out_.order) {
    auto candidates = order.candidates[c];
    std::stable_partition(candidates.begin(), candidates.end(), [&](size_t p) { return p == proto; });
    std::vector<size_t>& parents = out_.columns[c].parents;
    parents.clear();
    double contexts = 1,
           cells = static_cast<double>(out_.columns[c].leaves.size() * out_.columns[c].leaves.bins());
    for (const size_t p : candidates) {
      const ColumnLeaves& its = out_.columns[p].leaves;
      // The protocol hardly cuts the records of the other contexts.
      const double more = p == proto ? contexts : contexts * static_cast<double>(its.bins());
      const bool useful = contexts <= 1 || more * kUseful * table_sigma <= out_.records;
      if (!useful || cells * static_cast<double>(its.size()) > kMostCells) continue;
      parents.push_back(p);
      contexts = more;
      cells *= static_cast<double>(its.size());
      if (parents.size() == static_cast<size_t>(params_.degree) + (parents.front() == proto ? 1 : 0)) break;
    }
  }
}

void Releases::release_tables(const CodedRecords& data) {
  size_t releases = 0;
  for (const MarginalColumn& column : out_.columns)
    releases += column.parents.size() * (column.has_inside() ? 2 : 1);
  const double share = tables_share() / static_cast<double>(std::max<size_t>(releases, 1));
  const auto model_records = static_cast<size_t>(std::clamp(out_.records, kLeastModel, kMostModel));
  const double weight = out_.records / static_cast<double>(model_records);
  CodedRecords model(out_.columns.size());
  size_t done = 0;
  for (const size_t c : out_.order) {
    MarginalColumn& column = out_.columns[c];
    Rng rng = context_.seed.child("tables", c).rng();
    std::vector<double> leaf_masses(column.leaves.size()), bin_masses(column.leaves.bins(), 0);
    std::vector<int32_t> bins(column.leaves.size());
    for (size_t leaf = 0; leaf < column.leaves.size(); ++leaf) {
      leaf_masses[leaf] = column.leaves.mass(leaf);
      bins[leaf] = column.leaves.bin(leaf);
      bin_masses[static_cast<size_t>(bins[leaf])] += leaf_masses[leaf];
    }
    const auto bin_count = static_cast<int32_t>(column.leaves.bins());
    column.bins = NoisyTable(bin_masses, {}, 1);
    // With a single bin the leaf has no context of its own.
    column.inside = column.has_inside() ? NoisyTable(leaf_masses, bins, bin_count) : NoisyTable();
    std::vector<size_t> parents;
    for (const size_t p : column.parents) {
      parents.push_back(p);
      const double sigma =
          budget_.spend(fmt::format("{} given {}", column.name, out_.columns[p].name), share, sensitivity());
      column.bins.add_level(static_cast<int32_t>(out_.columns[p].leaves.bins()), data.bins[c],
                            data.bins_of(parents), model.bins_of(parents), weight, sigma, rng);
    }
    model.bins[c] = column.bins.draw(model_records, model.bins_of(parents), rng);
    parents.clear();
    for (const size_t p : column.parents) {
      if (!column.has_inside()) break;
      parents.push_back(p);
      const double sigma =
          budget_.spend(fmt::format("{} inside its bins given {}", column.name, out_.columns[p].name), share,
                        sensitivity());
      column.inside.add_level(static_cast<int32_t>(out_.columns[p].leaves.size()), data.leaves[c],
                              data.leaves_of(c, parents), model.leaves_of(c, parents), weight, sigma, rng);
    }
    out_.draw(c, model_records, model, rng);
    if (context_.progress.cancelled())
      fail(Kind::cancelled, "marginal_dp: stopped at column {}", column.name);
    context_.progress.report(static_cast<double>(++done), static_cast<double>(out_.columns.size()), "columns",
                             "");
  }
}

NoisyMarginals Releases::all(const TrainingTrace& train) {
  set_public(train);
  const Trace trace = params_.max_records_per_flow > 0
                          ? first_records_of_flows(train.trace(), params_.max_records_per_flow)
                          : train.trace();
  release_columns(trace);
  choose_bins();
  CodedRecords data(out_.columns.size());
  for (size_t c = 0; c < out_.columns.size(); ++c) {
    for (const int64_t value : column_of(trace, out_.columns[c].name)) {
      const int32_t leaf = out_.columns[c].leaves.leaf_of(value - out_.offset_of(out_.columns[c].name));
      data.leaves[c].push_back(leaf);
      data.bins[c].push_back(out_.columns[c].leaves.bin(static_cast<size_t>(leaf)));
    }
  }
  release_structure(data);
  release_tables(data);
  return std::move(out_);
}

}  // namespace

NoisyMarginals release_marginals(const TrainingTrace& train, const MarginalDpParams& params,
                                 NoiseBudget& budget, FitContext& context) {
  return Releases(params, budget, context).all(train);
}

Trace first_records_of_flows(const Trace& trace, int64_t most) {
  const FlowIndex flows = group_flows(trace);
  std::vector<size_t> rows;
  for (size_t f = 0; f < flows.size(); ++f) {
    const auto of = flows.flow(f);
    rows.insert(
        rows.end(), of.begin(),
        of.begin() + std::min(static_cast<std::ptrdiff_t>(of.size()), static_cast<std::ptrdiff_t>(most)));
  }
  std::sort(rows.begin(), rows.end());
  return select(trace, rows);
}

}  // namespace bench
