#pragma once
// Which variables a variable depends on: a greedy search with at most so many parents. Chow and Liu,
// "Approximating discrete probability distributions with dependence trees", IEEE Trans. Inf. Theory 1968;
// Cooper and Herskovits, "A Bayesian method for the induction of probabilistic networks from data" (K2),
// Machine Learning 1992; Zhang et al., "PrivBayes", SIGMOD 2014, algorithm 2 (without its noise).

#include <functional>
#include <string_view>
#include <vector>

#include "models/bayes_net/back_off.h"
#include "models/bayes_net/variables.h"

namespace bench {

/// A variable of this record, of the record before it in the trace, or before it of the same source.
enum class When { same, trace, host };

struct Parent {
  When when = When::same;
  size_t variable = 0;
  bool operator==(const Parent&) const = default;
};

struct BayesStructure {
  std::vector<size_t> order;                 ///< of drawing
  std::vector<std::vector<Parent>> parents;  ///< by variable; its bin first, where it has one
};

/// What the search maximises, per row, from the counts of `rows` rows.
enum class FitScore { leave_one_out, mdl, mutual_information };
double score_of(const Fit& fit, FitScore score, double rows);

struct SearchOptions {
  int64_t max_parents = 4;  ///< columns; a column's bin and value together count as one
  FitScore score = FitScore::leave_one_out;
  std::vector<size_t> first;        ///< stand in front, in this order, and do not depend on other records
  std::vector<size_t> next;         ///< stand next, in this order
  size_t source = Variable::kNone;  ///< variable of the source address; only with `host`
  bool trace = false;               ///< variables of the record before may be parents
  bool host = false;                ///< after the source, those of its record before too
};

/// Codes of a variable at a time, [rows]; -1 where there is no record before.
using CodesOf = std::function<Codes(const Parent&)>;

/// Order: `first`, `next`, then always the variable with the largest gain from one that stands already
/// (Prim's algorithm: with one parent and mutual information the Chow-Liu tree); a value stands after its
/// bin. Parents: always the one with the largest gain while it is positive; a value comes with its bin.
/// `step` is called for each of about variables^2 parts of the work.
BayesStructure search_structure(const std::vector<Variable>& variables, const CodesOf& codes,
                                const SearchOptions& options, const std::function<void()>& step);

}  // namespace bench
