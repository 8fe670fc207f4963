#pragma once
// Parameters of the Bayesian network. Each is explained in params.cpp.

#include <string>

#include "core/params.h"

namespace bench {

class BayesNetParams : public Params {
 public:
  void describe(FieldVisitor& v) override;

  int64_t max_parents = 4;
  int64_t bins = 24;
  std::string score = "leave_one_out";
  std::string previous = "none";
  bool urns = true;
  int64_t structure_records = 10'000;
};

}  // namespace bench
