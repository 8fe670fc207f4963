#pragma once
// Parameters of marginal_dp. Each is explained in params.cpp.

#include <string>

#include "core/params.h"

namespace bench {

class MarginalDpParams : public Params {
 public:
  void describe(FieldVisitor& v) override;
  std::string contradiction() const override;

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
