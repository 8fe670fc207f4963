#include "models/marginal_dp/marginal_dp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "datasets/flows.h"
#include "models/encode/fields.h"
#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/column_leaves.h"
#include "models/marginal_dp/noisy_table.h"
#include "models/marginal_dp/pair_scores.h"
#include "models/marginal_dp/params.h"
#include "models/privacy/privacy_params.h"
#include "models/rows/record_rules.h"

namespace bench {
namespace {

constexpr auto kFile = "marginal_dp.h5";
/// A bin, and on average a context of more than one parent, holds at least so many deviations of the noise.
constexpr double kUseful = 8;
/// A column depends on another if the score is at least this share of the records, and so many deviations.
constexpr double kDependence = .02, kDeviations = 2;
constexpr double kLeastModel = 1000, kMostModel = 100'000;  ///< records that are drawn during training

/// One column: its leaves and, where these are more than its bins, the leaf given the bin.
struct Column {
  std::string name;
  ColumnLeaves leaves;
  std::vector<size_t> parents;  ///< columns that stand before it
  NoisyTable bins, inside;
  bool has_inside() const { return leaves.size() > leaves.bins(); }
};

/// Bins and leaves of some records, by column.
struct CodedRecords {
  explicit CodedRecords(size_t columns) : bins(columns), leaves(columns) {}
  std::vector<std::vector<int32_t>> bins, leaves;
  std::vector<NoisyTable::Codes> bins_of(const std::vector<size_t>& columns) const {
    std::vector<NoisyTable::Codes> out;
    for (const size_t c : columns) out.emplace_back(bins[c]);
    return out;
  }
  /// The bins of one column and the leaves of others.
  std::vector<NoisyTable::Codes> leaves_of(size_t own, const std::vector<size_t>& columns) const {
    std::vector<NoisyTable::Codes> out{bins[own]};
    for (const size_t c : columns) out.emplace_back(leaves[c]);
    return out;
  }
};

class MarginalDp : public Generator {
 public:
  explicit MarginalDp(const MarginalDpParams& params) : params_(params) {}
  void fit(const TrainingTrace& train, FitContext& context) override;
  Trace sample(int64_t records, SampleContext& context) override;
  void save(const std::filesystem::path& folder) const override;
  void load(const std::filesystem::path& folder) override;

 private:
  /// What everybody knows: kind, columns, names of labels, window.
  void set_public(const TrainingTrace& train, Progress& progress);
  void add_column(const std::string& name);
  int64_t offset_of(const std::string& column) const { return column == "time" ? window_.begin : 0; }
  void release_rules(const Trace& trace, NoiseBudget& budget, double share, Rng& rng);
  void release_columns(const Trace& trace, FitContext& context, NoiseBudget& budget);
  void choose_bins(const NoiseBudget& budget);
  void release_structure(const CodedRecords& data, FitContext& context, NoiseBudget& budget);
  void release_tables(const CodedRecords& data, FitContext& context, NoiseBudget& budget);
  /// Draws a column for which its parents were drawn.
  void draw(size_t column, size_t records, CodedRecords& coded, Rng& rng) const;
  /// The protocol and params_.degree others.
  size_t most_parents() const { return 1 + static_cast<size_t>(params_.degree); }
  double tables_share() const { return 1 - params_.values_share - params_.structure_share; }
  double sensitivity() const {
    return static_cast<double>(std::max<int64_t>(1, params_.max_records_per_flow));
  }

  MarginalDpParams params_;
  Trace like_;  ///< no records: kind and labels
  TimeWindow window_;
  bool own_window_ = true;  ///< of the training part
  RecordRules rules_;
  double records_ = 0;  ///< of the training part, as released
  std::vector<Column> columns_;
  std::vector<size_t> order_;
  nlohmann::json privacy_;
};

void MarginalDp::add_column(const std::string& name) {
  size_t names = 0;
  for (const LabelColumn& label : like_.labels)
    if (name == "label:" + label.name) names = label.names.size();
  columns_.push_back({name, ColumnLeaves(PublicDomain::of(name, window_, names)), {}, {}, {}});
}

void MarginalDp::set_public(const TrainingTrace& train, Progress& progress) {
  const Trace& trace = train.trace();
  if (trace.size() == 0) fail(Kind::data, "marginal_dp: the training part has no record");
  like_ = {};
  like_.kind = trace.kind;
  for (const LabelColumn& label : trace.labels) like_.labels.push_back({label.name, label.names, {}});
  window_ = train.window();
  own_window_ = params_.window_end == 0;
  if (!own_window_) {
    window_ = {std::llround(params_.window_begin * kNanosecondsPerSecond),
               std::llround(params_.window_end * kNanosecondsPerSecond)};
  } else if (!trace.time.empty()) {
    progress.log("no window_begin and window_end: the training part's own count as public");
  }
  columns_.clear();
  for (const LabelColumn& label : trace.labels) add_column("label:" + label.name);
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (!column.empty()) add_column(std::string(name));
  });
}

void MarginalDp::release_rules(const Trace& trace, NoiseBudget& budget, double share, Rng& rng) {
  const double sigma = budget.spend("records and rules", share, sensitivity());
  // Records by the rules they break: header, ports.
  std::vector<std::vector<double>> counts(2, std::vector<double>(2, 0));
  for (size_t i = 0; i < trace.size(); ++i) {
    const int64_t bytes = trace.kind == TraceKind::packets ? trace.length[i] : trace.bytes[i];
    ++counts[bytes < least_bytes(trace, i)][breaks_ports_rule(trace, i)];
  }
  std::normal_distribution<double> noise(0, 1);
  for (auto& row : counts)
    for (double& count : row) count += sigma * noise(rng);
  records_ = std::max(1.0, counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1]);
  constexpr double kTolerance = .01, kNoise = 3;
  const double most = std::max(kTolerance * records_, kNoise * sigma);
  rules_ = {counts[1][0] + counts[1][1] <= most, counts[0][1] + counts[1][1] <= most};
}

void MarginalDp::release_columns(const Trace& trace, FitContext& context, NoiseBudget& budget) {
  size_t levels = 1;  // the rules
  for (const Column& column : columns_) levels += column.leaves.levels();
  const double share = params_.values_share / static_cast<double>(levels);
  Rng rules_rng = context.seed.child("rules").rng();
  release_rules(trace, budget, share, rules_rng);
  for (size_t c = 0; c < columns_.size(); ++c) {
    std::vector<int64_t> values = column_of(trace, columns_[c].name);
    for (int64_t& value : values) value -= offset_of(columns_[c].name);
    Rng rng = context.seed.child("values", c).rng();
    columns_[c].leaves.release(columns_[c].name, values, records_, share, sensitivity(), budget, rng);
  }
}

void MarginalDp::choose_bins(const NoiseBudget& budget) {
  size_t tables = 2 * columns_.size();
  constexpr int kRounds = 2;  // fewer bins may need leaves inside them, whose tables share the budget
  for (int round = 0; round < kRounds; ++round) {
    const double sigma =
        budget.sigma(tables_share() / static_cast<double>(tables * most_parents()), sensitivity());
    const double useful = sigma > 0 ? records_ / (kUseful * sigma) : INFINITY;
    const auto most = static_cast<int64_t>(std::clamp(useful, 2.0, static_cast<double>(params_.bins)));
    tables = columns_.size();
    for (Column& column : columns_) {
      column.leaves.merge(most);
      tables += column.has_inside();
    }
  }
}

void MarginalDp::release_structure(const CodedRecords& data, FitContext& context, NoiseBudget& budget) {
  // Every header field hangs on the protocol, which has few values: it stands first and is everybody's first
  // parent.
  const size_t proto = static_cast<size_t>(
      std::find_if(columns_.begin(), columns_.end(), [](const Column& c) { return c.name == "proto"; }) -
      columns_.begin());
  order_ = {proto};
  if (columns_.size() < 2) return;
  std::vector<BinnedColumn> binned;
  for (size_t c = 0; c < columns_.size(); ++c) {
    const ColumnLeaves& leaves = columns_[c].leaves;
    binned.push_back({data.bins[c], std::vector<double>(leaves.bins(), 0)});
    for (size_t leaf = 0; leaf < leaves.size(); ++leaf)
      binned[c].masses[static_cast<size_t>(leaves.bin(leaf))] += leaves.mass(leaf);
  }
  const double sigma = budget.spend("dependences", params_.structure_share,
                                    sensitivity() * pairs_sensitivity(columns_.size()));
  Rng rng = context.seed.child("structure").rng();
  const auto order = order_columns(pair_scores(binned, records_, sigma, rng),
                                   std::max(kDependence * records_, kDeviations * sigma), proto);
  order_ = order.order;
  const double table_sigma =
      budget.sigma(tables_share() / static_cast<double>(columns_.size() * most_parents()), sensitivity());
  constexpr double kMostCells = 1e17;  // of leaves
  for (const size_t c : order_) {
    auto candidates = order.candidates[c];
    std::stable_partition(candidates.begin(), candidates.end(), [&](size_t p) { return p == proto; });
    std::vector<size_t>& parents = columns_[c].parents;
    parents.clear();
    double contexts = 1, cells = static_cast<double>(columns_[c].leaves.size() * columns_[c].leaves.bins());
    for (const size_t p : candidates) {
      const ColumnLeaves& its = columns_[p].leaves;
      // The protocol hardly cuts the records of the other contexts.
      const double more = p == proto ? contexts : contexts * static_cast<double>(its.bins());
      const bool useful = contexts <= 1 || more * kUseful * table_sigma <= records_;
      if (!useful || cells * static_cast<double>(its.size()) > kMostCells) continue;
      parents.push_back(p);
      contexts = more;
      cells *= static_cast<double>(its.size());
      if (parents.size() == static_cast<size_t>(params_.degree) + (parents.front() == proto ? 1 : 0)) break;
    }
  }
}

void MarginalDp::release_tables(const CodedRecords& data, FitContext& context, NoiseBudget& budget) {
  size_t releases = 0;
  for (const Column& column : columns_) releases += column.parents.size() * (column.has_inside() ? 2 : 1);
  const double share = tables_share() / static_cast<double>(std::max<size_t>(releases, 1));
  const auto model_records = static_cast<size_t>(std::clamp(records_, kLeastModel, kMostModel));
  const double weight = records_ / static_cast<double>(model_records);
  CodedRecords model(columns_.size());
  size_t done = 0;
  for (const size_t c : order_) {
    Column& column = columns_[c];
    Rng rng = context.seed.child("tables", c).rng();
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
          budget.spend(fmt::format("{} given {}", column.name, columns_[p].name), share, sensitivity());
      column.bins.add_level(static_cast<int32_t>(columns_[p].leaves.bins()), data.bins[c],
                            data.bins_of(parents), model.bins_of(parents), weight, sigma, rng);
    }
    model.bins[c] = column.bins.draw(model_records, model.bins_of(parents), rng);
    parents.clear();
    for (const size_t p : column.parents) {
      if (!column.has_inside()) break;
      parents.push_back(p);
      const double sigma = budget.spend(
          fmt::format("{} inside its bins given {}", column.name, columns_[p].name), share, sensitivity());
      column.inside.add_level(static_cast<int32_t>(columns_[p].leaves.size()), data.leaves[c],
                              data.leaves_of(c, parents), model.leaves_of(c, parents), weight, sigma, rng);
    }
    draw(c, model_records, model, rng);
    if (context.progress.cancelled()) fail(Kind::cancelled, "marginal_dp: stopped at column {}", column.name);
    context.progress.report(static_cast<double>(++done), static_cast<double>(columns_.size()), "columns", "");
  }
}

void MarginalDp::draw(size_t c, size_t records, CodedRecords& coded, Rng& rng) const {
  const Column& column = columns_[c];
  coded.bins[c] = column.bins.draw(records, coded.bins_of(column.parents), rng);
  coded.leaves[c] = column.has_inside() ? column.inside.draw(records, coded.leaves_of(c, column.parents), rng)
                                        : coded.bins[c];
}

void MarginalDp::fit(const TrainingTrace& train, FitContext& context) {
  set_public(train, context.progress);
  const bool capped = params_.max_records_per_flow > 0;
  const Trace trace =
      capped ? first_records_of_flows(train.trace(), params_.max_records_per_flow) : train.trace();
  NoiseBudget budget(params_.epsilon > 0 ? rho_of_epsilon(params_.epsilon, params_.delta) : INFINITY);
  release_columns(trace, context, budget);
  choose_bins(budget);
  CodedRecords data(columns_.size());
  for (size_t c = 0; c < columns_.size(); ++c) {
    for (const int64_t value : column_of(trace, columns_[c].name)) {
      const int32_t leaf = columns_[c].leaves.leaf_of(value - offset_of(columns_[c].name));
      data.leaves[c].push_back(leaf);
      data.bins[c].push_back(columns_[c].leaves.bin(static_cast<size_t>(leaf)));
    }
  }
  release_structure(data, context, budget);
  release_tables(data, context, budget);
  for (const auto& [what, rho, sensitivity, sigma] : budget.releases())
    context.progress.log(fmt::format("released {}: sigma {:.3g}, rho {:.3g}", what, sigma, rho));
  for (const size_t c : order_) {
    std::vector<std::string> parents;
    for (const size_t p : columns_[c].parents) parents.push_back(columns_[p].name);
    context.progress.log(fmt::format("{} ({} leaves, {} bins) <- [{}]", columns_[c].name,
                                     columns_[c].leaves.size(), columns_[c].leaves.bins(),
                                     fmt::join(parents, ", ")));
  }
  privacy_ = params_.record(budget);
  if (params_.epsilon > 0) {
    context.progress.log(fmt::format("rho {:.4g}, epsilon {:.4g} at delta {:.2g} for each {}", budget.spent(),
                                     epsilon_of_rho(budget.spent(), params_.delta), params_.delta,
                                     capped ? "five-tuple" : "record"));
  } else {
    context.progress.log("epsilon 0: no noise, no guarantee");
  }
}

Trace MarginalDp::sample(int64_t records, SampleContext& context) {
  if (order_.empty()) fail(Kind::config, "marginal_dp: used before fit() or load()");
  const auto n = static_cast<size_t>(records);
  CodedRecords coded(columns_.size());
  Trace out = like_;
  for (const size_t c : order_) {
    const Column& column = columns_[c];
    Rng rng = context.seed.child("sampling", c).rng();
    draw(c, n, coded, rng);
    std::vector<int64_t> values(n);
    for (size_t i = 0; i < n; ++i)
      values[i] = column.leaves.draw(coded.leaves[c][i], rng) + offset_of(column.name);
    if (column.name == "time") {
      for (int64_t& value : values) value = std::min(value, window_.end);
    }
    put_column(out, column.name, values);
    if (context.progress.cancelled()) fail(Kind::cancelled, "marginal_dp: sampling was stopped");
  }
  std::map<std::string, int64_t> changes;
  make_legal(out, rules_, changes);
  for (const auto& [column, count] : changes)
    context.progress.log(fmt::format("{} of {} values of {} were made legal", count, records, column));
  out = select(out, time_order(out));
  // A window that the training part gave begins with a record.
  if (own_window_ && !out.time.empty()) out.time.front() = window_.begin;
  return out;
}

void MarginalDp::save(const std::filesystem::path& folder) const {
  if (order_.empty()) fail(Kind::config, "marginal_dp: used before fit() or load()");
  nlohmann::json head{{"flows", like_.kind == TraceKind::flows},
                      {"window", {window_.begin, window_.end}},
                      {"own_window", own_window_},
                      {"rules", {rules_.header, rules_.ports}},
                      {"records", records_},
                      {"labels", nlohmann::json::array()},
                      {"columns", nlohmann::json::array()},
                      {"order", order_}};
  for (const auto& label : like_.labels)
    head["labels"].push_back({{"name", label.name}, {"names", label.names}});
  H5Writer file(folder / kFile);
  for (const Column& column : columns_) {
    head["columns"].push_back({{"name", column.name}, {"parents", column.parents}});
    column.leaves.save(file, column.name + ":leaves");
    column.bins.save(file, column.name + ":bins");
    if (column.has_inside()) column.inside.save(file, column.name + ":inside");
  }
  file.attribute("marginals", head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  file.finish();
  if (!privacy_.is_null()) write_text_file(folder / kPrivacyFile, privacy_.dump(1) + "\n");
}

void MarginalDp::load(const std::filesystem::path& folder) {
  const H5Reader file(folder / kFile);
  const std::filesystem::path record = folder / kPrivacyFile;
  privacy_ = std::filesystem::exists(record) ? read_json_file(record.string()) : nlohmann::json();
  try {
    const auto head = nlohmann::json::parse(file.attribute("marginals"));
    like_ = {};
    like_.kind = head.at("flows").get<bool>() ? TraceKind::flows : TraceKind::packets;
    for (const auto& label : head.at("labels"))
      like_.labels.push_back({label.at("name"), label.at("names"), {}});
    window_ = {head.at("window").at(0), head.at("window").at(1)};
    own_window_ = head.at("own_window");
    rules_ = {head.at("rules").at(0), head.at("rules").at(1)};
    records_ = head.at("records");
    order_ = head.at("order").get<std::vector<size_t>>();
    columns_.clear();
    for (const auto& item : head.at("columns")) {
      add_column(item.at("name"));
      Column& column = columns_.back();
      column.parents = item.at("parents").get<std::vector<size_t>>();
      column.leaves.load(file, column.name + ":leaves");
      column.bins.load(file, column.name + ":bins");
      if (column.has_inside()) column.inside.load(file, column.name + ":inside");
    }
  } catch (const nlohmann::json::exception& e) {
    fail(Kind::data, "saved noisy marginals: attribute marginals is damaged: {}", e.what());
  }
}

}  // namespace

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

std::unique_ptr<Params> marginal_dp_params() { return std::make_unique<MarginalDpParams>(); }

std::unique_ptr<Generator> make_marginal_dp(const Params& params) {
  return std::make_unique<MarginalDp>(dynamic_cast<const MarginalDpParams&>(params));
}

}  // namespace bench
