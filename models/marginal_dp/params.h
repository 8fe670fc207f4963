#pragma once
// Parameters of marginal_dp. Each is explained in params.cpp.

#include <nlohmann/json.hpp>
#include <string>

#include "core/params.h"
#include "models/marginal_dp/budget.h"

namespace bench {

class MarginalDpParams : public Params {
 public:
  void describe(FieldVisitor& v) override;
  std::string contradiction() const override;
  /// What a training released and what that cost, in the words of PrivacyParams::record(): {"unit", "public",
  /// "delta", "budget"} and, with noise, {"epsilon": {"zcdp"}, "ledger"}.
  nlohmann::json record(const NoiseBudget& budget) const;

  double epsilon = 2;
  double delta = 1e-5;
  int64_t max_records_per_flow = 0;
  double values_share = .4;
  double structure_share = .1;
  int64_t degree = 2;
  int64_t bins = 48;
  double window_begin = 0;
  double window_end = 0;
};

}  // namespace bench
