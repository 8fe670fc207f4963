#include "models/bayes_net/structure.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace bench {
namespace {

/// Gains per row (nats) below this are rounding.
constexpr double kLeastGain = 1e-9;

class Search {
 public:
  Search(const std::vector<Variable>& variables, const CodesOf& codes, const SearchOptions& options,
         const std::function<void()>& step)
      : variables_(variables), codes_(codes), options_(options), step_(step) {}

  std::vector<size_t> order();
  std::vector<Parent> parents(size_t variable, const std::vector<size_t>& before);

 private:
  bool has_bin(size_t variable) const { return variables_[variable].bin != Variable::kNone; }
  double score(size_t variable, const std::vector<Parent>& parents) const;
  std::vector<Parent> always(size_t variable) const;
  std::vector<Parent> with(std::vector<Parent> parents, const Parent& more) const;

  const std::vector<Variable>& variables_;
  const CodesOf& codes_;
  const SearchOptions& options_;
  const std::function<void()>& step_;
};

double Search::score(size_t variable, const std::vector<Parent>& parents) const {
  std::vector<Codes> of;
  for (const Parent& parent : parents) of.push_back(codes_(parent));
  const Codes x = codes_({When::same, variable});
  return score_of(BackOffTable(x, of, has_bin(variable) ? 1 : 0).fit(), options_.score,
                  static_cast<double>(x.size()));
}

std::vector<Parent> Search::always(size_t variable) const {
  if (!has_bin(variable)) return {};
  return {{When::same, variables_[variable].bin}};
}

std::vector<Parent> Search::with(std::vector<Parent> parents, const Parent& more) const {
  if (has_bin(more.variable)) {
    const Parent bin{more.when, variables_[more.variable].bin};
    if (std::find(parents.begin(), parents.end(), bin) == parents.end()) parents.push_back(bin);
  }
  parents.push_back(more);
  return parents;
}

std::vector<size_t> Search::order() {
  const size_t n = variables_.size();
  // gains[x][c]: what knowing c adds to the score of x.
  std::vector<std::vector<double>> gains(n, std::vector<double>(n, 0));
  for (size_t x = 0; x < n; ++x) {
    const double alone = score(x, always(x));
    for (size_t c = 0; c < n; ++c) {
      const bool own = c == x || c == variables_[x].bin || variables_[c].bin == x;
      if (!own) gains[x][c] = score(x, with(always(x), {When::same, c})) - alone;
      step_();
    }
  }
  std::vector<size_t> out;
  std::vector<bool> stands(n, false);
  const auto place = [&](size_t x) {
    if (has_bin(x) && !stands[variables_[x].bin]) {
      out.push_back(variables_[x].bin);
      stands[variables_[x].bin] = true;
    }
    if (!stands[x]) out.push_back(x);
    stands[x] = true;
  };
  for (const size_t x : options_.first) place(x);
  for (const size_t x : options_.next) place(x);
  if (out.empty()) {  // the one that tells most about the others
    std::vector<double> tells(n, 0);
    for (size_t c = 0; c < n; ++c)
      for (size_t x = 0; x < n; ++x) tells[c] += gains[x][c];
    place(static_cast<size_t>(std::max_element(tells.begin(), tells.end()) - tells.begin()));
  }
  while (out.size() < n) {
    size_t best = Variable::kNone;
    double most = 0;
    for (size_t x = 0; x < n; ++x) {
      if (stands[x] || (has_bin(x) && !stands[variables_[x].bin])) continue;
      for (const size_t c : out) {
        if (best != Variable::kNone && gains[x][c] <= most) continue;
        best = x;
        most = gains[x][c];
      }
    }
    place(best);
  }
  return out;
}

std::vector<Parent> Search::parents(size_t variable, const std::vector<size_t>& before) {
  std::vector<Parent> candidates;
  for (const size_t c : before)
    if (c != variables_[variable].bin) candidates.push_back({When::same, c});
  const bool alone = before.size() < options_.first.size();
  const bool source_stands = std::find(before.begin(), before.end(), options_.source) != before.end();
  for (size_t c = 0; c < variables_.size() && !alone; ++c) {
    if (options_.trace) candidates.push_back({When::trace, c});
    if (options_.host && source_stands) candidates.push_back({When::host, c});
  }
  std::vector<Parent> out = always(variable);
  double present = score(variable, out);
  std::set<std::pair<When, size_t>> columns;  // the table's
  const auto column_of = [&](const Parent& p) { return std::pair(p.when, variables_[p.variable].column); };
  while (true) {
    Parent best;
    double most = 0;
    for (const Parent& candidate : candidates) {
      const bool there = std::find(out.begin(), out.end(), candidate) != out.end();
      const bool full = static_cast<int64_t>(columns.size()) >= options_.max_parents;
      if (there || (full && !columns.contains(column_of(candidate)))) continue;
      const double gain = score(variable, with(out, candidate)) - present;
      if (gain <= most) continue;
      best = candidate;
      most = gain;
    }
    step_();
    if (most <= kLeastGain) return out;
    out = with(out, best);
    present += most;
    columns.insert(column_of(best));
  }
}

}  // namespace

double score_of(const Fit& fit, FitScore score, double rows) {
  if (score == FitScore::leave_one_out) return fit.leave_one_out;
  return fit.likelihood - (score == FitScore::mdl ? std::log(rows) / 2 * fit.parameters : 0);
}

BayesStructure search_structure(const std::vector<Variable>& variables, const CodesOf& codes,
                                const SearchOptions& options, const std::function<void()>& step) {
  Search search(variables, codes, options, step);
  BayesStructure out;
  out.order = search.order();
  out.parents.resize(variables.size());
  std::vector<size_t> before;
  for (const size_t variable : out.order) {
    out.parents[variable] = search.parents(variable, before);
    before.push_back(variable);
  }
  return out;
}

}  // namespace bench
