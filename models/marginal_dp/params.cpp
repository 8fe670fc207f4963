#include "models/marginal_dp/params.h"

#include <fmt/format.h>

namespace bench {

void MarginalDpParams::describe(FieldVisitor& v) {
  v.number({"epsilon", "",
            "of the (epsilon, delta) guarantee of the whole training; 0: no noise at all and no guarantee",
            "NetDPSyn: 2"},
           epsilon, 0, 1e6);
  v.number({"delta", "", "of the guarantee; well below 1 / records", "NetDPSyn: 1e-5"}, delta, 1e-15, .5);
  v.integer(
      {"max_records_per_flow", "records",
       "0: the guarantee hides one record; else all records of a five-tuple, of which only the first so "
       "many are learned from, with as many times the noise",
       "our choice"},
      max_records_per_flow, 0, 1'000'000);
  v.number({"values_share", "", "share of the budget for the distribution of each column", "our choice"},
           values_share, .01, .98);
  v.number({"structure_share", "", "share for which columns depend on each other; tables get the rest",
            "PrivBayes: .3"},
           structure_share, .01, .98);
  v.integer({"degree", "columns",
             "most columns beside the protocol that one column depends on, where the noise allows it",
             "MST: 1; PrivBayes: 1 to 5"},
            degree, 1, 4);
  v.integer({"bins", "categories", "most bins of a column in the tables, fewer where the noise asks for it",
             "our choice"},
            bins, 2, 256);
  v.number({"window_begin", "s", "begin of the capture since 1970, as the public knows it", "our choice"},
           window_begin, 0, 9e9);
  v.number(
      {"window_end", "s", "its end; where both are 0 the training part's first and last time count as public",
       "our choice"},
      window_end, 0, 9e9);
}

std::string MarginalDpParams::contradiction() const {
  if (values_share + structure_share > .99)
    return "values_share and structure_share leave less than .01 of the budget for tables";
  if (epsilon > 0 && epsilon < .01) return "an epsilon below .01 leaves noise only; 0 means no noise";
  if ((window_begin != 0 || window_end != 0) && window_begin >= window_end)
    return "window_begin is not before window_end";
  return {};
}

nlohmann::json MarginalDpParams::record(const NoiseBudget& budget) const {
  nlohmann::json out{
      {"unit", max_records_per_flow == 0 ? "record"
               : max_records_per_flow == 1
                   ? "flow: its five-tuple and its first record"
                   : fmt::format("flow: its five-tuple and its first {} records", max_records_per_flow)},
      {"public",
       {window_end == 0 ? "first and last time of the training part" : "time window",
        "columns, names of labels, cells of values"}},
      {"delta", delta},
      {"budget", epsilon > 0 ? fmt::format("{:g}", epsilon) : "inf"}};
  if (epsilon <= 0) return out;
  out["epsilon"] = {{"zcdp", epsilon_of_rho(budget.spent(), delta)}};
  nlohmann::json releases = nlohmann::json::array();
  for (const auto& [what, rho, sensitivity, sigma] : budget.releases())
    releases.push_back({{"what", what}, {"rho", rho}, {"sensitivity", sensitivity}, {"sigma", sigma}});
  out["ledger"] = {{"rho", budget.spent()}, {"releases", std::move(releases)}};
  return out;
}

}  // namespace bench
