#include "models/bayes_net/bayes_net.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <unordered_map>

#include "core/error.h"
#include "models/bayes_net/back_off.h"
#include "models/bayes_net/params.h"
#include "models/bayes_net/structure.h"
#include "models/bayes_net/variables.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 4096;  ///< records
constexpr int32_t kNoRecord = -1;
constexpr size_t kNoRow = SIZE_MAX;

/// Row before each row: of the trace, or of the same value of `sources` [rows].
std::vector<size_t> rows_before(size_t rows, const std::vector<int32_t>* sources) {
  std::vector<size_t> out(rows);
  std::unordered_map<int32_t, size_t> last;
  for (size_t i = 0; i < rows; ++i) {
    out[i] = i == 0 ? kNoRow : i - 1;
    if (sources == nullptr) continue;
    const auto [place, first] = last.try_emplace((*sources)[i], i);
    out[i] = first ? kNoRow : place->second;
    place->second = i;
  }
  return out;
}

class BayesNet : public RowModel {
 public:
  explicit BayesNet(const BayesNetParams& params) : params_(params) {}

  void fit(const RecordTable& table, FitContext& context) override;
  RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) override;
  bool can_condition() const override { return true; }
  void save(H5Writer& file) const override;
  void load(const H5Reader& file, const RecordTable& columns) override;

 private:
  using Columns = BayesVariables::Columns;

  /// What is drawn first for all records: labels and, where records depend on earlier ones, the time.
  void find_heads();
  SearchOptions search_options() const;
  void log_structure(Progress& progress) const;
  /// Puts the heads' rows in order of time.
  void put_in_order(Columns& codes) const;
  int32_t draw_among(const std::vector<int32_t>& choices, size_t variable, Codes parents, Rng& rng) const;

  BayesNetParams params_;
  RecordTable empty_;
  BayesVariables variables_;
  std::vector<size_t> heads_;        ///< first in the order
  size_t source_ = Variable::kNone;  ///< variable of the source address; only with previous = host
  BayesStructure structure_;
  std::vector<BackOffTable> tables_;  ///< by variable
};

void BayesNet::find_heads() {
  const auto& list = variables_.list();
  heads_.clear();
  source_ = Variable::kNone;
  for (size_t v = 0; v < list.size(); ++v) {
    const bool labels = list[v].column == Variable::kNone;
    const std::string_view column = labels ? "" : std::string_view(empty_.columns[list[v].column].name);
    if (labels || (params_.previous != "none" && column == "time")) heads_.push_back(v);
    if (params_.previous == "host" && column == "srcip") source_ = v;
  }
}

SearchOptions BayesNet::search_options() const {
  SearchOptions out;
  out.first = heads_;
  if (source_ != Variable::kNone) out.next.push_back(source_);
  for (size_t v = 0; v < variables_.list().size(); ++v)
    if (variables_.list()[v].name == "proto") out.next.push_back(v);
  out.max_parents = params_.max_parents;
  if (params_.score == "mdl") out.score = FitScore::mdl;
  if (params_.score == "mutual_information") out.score = FitScore::mutual_information;
  out.source = source_;
  out.trace = params_.previous != "none";
  out.host = params_.previous == "host";
  return out;
}

void BayesNet::fit(const RecordTable& table, FitContext& context) {
  empty_ = without_rows(table);
  variables_.fit(table, params_.bins);
  const auto& list = variables_.list();
  find_heads();
  if (params_.previous == "host" && source_ == Variable::kNone)
    fail(Kind::unsupported, "bayes_net: previous \"host\" needs the column srcip; \"trace\" would be right");

  // Codes of the same record, of the one before in the trace, of the one before of the same source.
  std::vector<Columns> codes{variables_.codes(table)};
  const SearchOptions options = search_options();
  for (const bool host : {false, true}) {
    if (!(host ? options.host : options.trace)) continue;
    const auto before = rows_before(table.rows, host ? &codes[0][source_] : nullptr);
    codes.push_back(codes[0]);
    for (size_t v = 0; v < list.size(); ++v) {
      for (size_t i = 0; i < table.rows; ++i)
        codes.back()[v][i] = before[i] == kNoRow ? kNoRecord : codes[0][v][before[i]];
    }
  }
  const auto all = [&codes](const Parent& p) {
    return Codes(codes[static_cast<size_t>(p.when)][p.variable]);
  };

  // The search looks at a random part of the rows.
  std::vector<Columns> some;
  const auto most = static_cast<size_t>(params_.structure_records);
  const bool part = table.rows > most;
  std::vector<size_t> rows(part ? table.rows : 0);
  std::iota(rows.begin(), rows.end(), size_t{0});
  Rng rng = context.seed.child("structure").rng();
  std::shuffle(rows.begin(), rows.end(), rng);
  rows.resize(std::min(rows.size(), most));
  for (const Columns& columns : codes) {
    if (!part) break;
    Columns& picked = some.emplace_back(columns.size(), std::vector<int32_t>(most));
    for (size_t v = 0; v < columns.size(); ++v)
      std::transform(rows.begin(), rows.end(), picked[v].begin(),
                     [&](size_t row) { return columns[v][row]; });
  }
  const std::vector<Columns>& searched = part ? some : codes;
  double done = 0;
  const auto total = static_cast<double>(list.size() * (list.size() + 4));
  structure_ = search_structure(
      list, [&searched](const Parent& p) { return Codes(searched[static_cast<size_t>(p.when)][p.variable]); },
      options,
      [&] {
        if (context.progress.cancelled())
          fail(Kind::cancelled, "bayes_net: the search for parents was stopped");
        context.progress.report(std::min(++done, total), total, "parts", "parents");
      });
  tables_.clear();
  for (size_t v = 0; v < list.size(); ++v) {
    std::vector<Codes> parents;
    for (const Parent& parent : structure_.parents[v]) parents.push_back(all(parent));
    tables_.emplace_back(all({When::same, v}), parents, list[v].bin == Variable::kNone ? 0 : 1);
  }
  log_structure(context.progress);
}

void BayesNet::log_structure(Progress& progress) const {
  const auto& list = variables_.list();
  for (const size_t v : structure_.order) {
    std::string line = fmt::format("{} <-", list[v].name);
    for (const Parent& parent : structure_.parents[v]) {
      constexpr const char* kWhen[] = {"", "before:", "same source before:"};
      line += fmt::format(" [{}{}]", kWhen[static_cast<size_t>(parent.when)], list[parent.variable].name);
    }
    progress.log(line);
  }
}

int32_t BayesNet::draw_among(const std::vector<int32_t>& choices, size_t variable, Codes parents,
                             Rng& rng) const {
  std::vector<double> sums;
  double sum = 0;
  for (const int32_t choice : choices) sums.push_back(sum += tables_[variable].probability(choice, parents));
  std::uniform_real_distribution<double> unit(0, sum);
  const auto place = std::upper_bound(sums.begin(), sums.end(), unit(rng)) - sums.begin();
  return choices[std::min(static_cast<size_t>(place), choices.size() - 1)];
}

RecordTable BayesNet::sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) {
  Rng rng = context.seed.child("sampling").rng();
  const std::vector<int32_t> labels =
      given.empty() ? std::vector<int32_t>{} : variables_.labels().choices(given);
  std::vector<BackOffTable::Urns> urns;
  for (const BackOffTable& table : tables_) urns.emplace_back(table, params_.urns);
  Columns codes(variables_.list().size(), std::vector<int32_t>(rows));
  std::vector<int32_t> parents;
  // Draws one variable of row i, whose source had its last record in row `host`.
  const auto draw = [&](size_t v, size_t i, size_t host) {
    parents.clear();
    for (const Parent& p : structure_.parents[v]) {
      const size_t row = p.when == When::same ? i : p.when == When::host ? host : i == 0 ? kNoRow : i - 1;
      parents.push_back(row == kNoRow ? kNoRecord : codes[p.variable][row]);
    }
    const bool fixed = v == 0 && !labels.empty();
    codes[v][i] = fixed ? draw_among(labels, v, parents, rng) : tables_[v].draw(parents, urns[v], rng);
  };
  for (size_t i = 0; i < rows; ++i)
    for (const size_t v : heads_) draw(v, i, kNoRow);
  if (params_.previous != "none" && !heads_.empty()) put_in_order(codes);
  const std::span<const size_t> others(structure_.order.begin() + static_cast<std::ptrdiff_t>(heads_.size()),
                                       structure_.order.end());
  std::unordered_map<int32_t, size_t> last;  // row of each source
  for (size_t i = 0; i < rows; ++i) {
    size_t host = kNoRow;
    for (const size_t v : others) {
      draw(v, i, host);
      if (v != source_) continue;
      const auto [place, first] = last.try_emplace(codes[v][i], i);
      if (!first) host = std::exchange(place->second, i);
    }
    if (i % kReportEvery > 0) continue;
    if (context.progress.cancelled())
      fail(Kind::cancelled, "bayes_net: sampling was stopped at record {}", i);
    context.progress.report(static_cast<double>(i), static_cast<double>(rows), "records", "");
  }
  return variables_.table(codes, empty_);
}

void BayesNet::put_in_order(Columns& codes) const {
  // Without time the last one are the labels, and any order is as good.
  const size_t time = heads_.back();
  std::vector<size_t> order(codes[time].size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (variables_.list()[time].column != Variable::kNone)
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return codes[time][a] < codes[time][b]; });
  for (const size_t v : heads_) {
    std::vector<int32_t> sorted(order.size());
    std::transform(order.begin(), order.end(), sorted.begin(), [&](size_t row) { return codes[v][row]; });
    codes[v] = std::move(sorted);
  }
}

void BayesNet::save(H5Writer& file) const {
  variables_.save(file);
  std::vector<int64_t> order(structure_.order.begin(), structure_.order.end()), parents;
  for (size_t v = 0; v < tables_.size(); ++v) {
    tables_[v].save(file, fmt::format("table {}", v));
    parents.push_back(static_cast<int64_t>(structure_.parents[v].size()));
    for (const Parent& p : structure_.parents[v]) {
      parents.push_back(static_cast<int64_t>(p.when));
      parents.push_back(static_cast<int64_t>(p.variable));
    }
  }
  file.column("structure:order", order);
  file.column("structure:parents", parents);
}

void BayesNet::load(const H5Reader& file, const RecordTable& columns) {
  empty_ = columns;
  variables_.load(file, columns);
  const auto n = static_cast<int64_t>(variables_.list().size());
  const auto order = file.column<int64_t>("structure:order"),
             parents = file.column<int64_t>("structure:parents");
  find_heads();
  size_t place = 0;
  const auto take = [&](int64_t limit) {
    if (place >= parents.size() || parents[place] < 0 || parents[place] >= limit)
      fail(Kind::data, "saved Bayesian network: entry {} of structure:parents is damaged", place);
    return parents[place++];
  };
  std::vector<int64_t> sorted = order, expected(order.size());
  std::sort(sorted.begin(), sorted.end());
  std::iota(expected.begin(), expected.end(), int64_t{0});
  if (sorted != expected || static_cast<int64_t>(order.size()) != n ||
      !std::equal(heads_.begin(), heads_.end(), order.begin(),
                  [](size_t a, int64_t b) { return static_cast<int64_t>(a) == b; }))
    fail(Kind::data, "saved Bayesian network: its order is not one of the {} variables", n);
  structure_ = {{order.begin(), order.end()}, std::vector<std::vector<Parent>>(order.size())};
  tables_.assign(order.size(), {});
  for (size_t v = 0; v < order.size(); ++v) {
    for (int64_t k = take(1000); k > 0; --k) {
      const auto when = static_cast<When>(take(3));
      structure_.parents[v].push_back({when, static_cast<size_t>(take(n))});
    }
    tables_[v].load(file, fmt::format("table {}", v));
  }
}

}  // namespace

std::unique_ptr<Params> bayes_net_params() { return std::make_unique<BayesNetParams>(); }

std::unique_ptr<RowModel> make_bayes_net_rows(const BayesNetParams& params) {
  return std::make_unique<BayesNet>(params);
}

std::unique_ptr<Generator> make_bayes_net(const Params& params) {
  const auto& p = dynamic_cast<const BayesNetParams&>(params);
  return make_row_generator({Identifiers::value, Identifiers::value, false}, make_bayes_net_rows(p));
}

}  // namespace bench
