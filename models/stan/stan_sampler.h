#pragma once
// Draws records with a trained network: all streams side by side, one record of each at a step.

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "core/progress.h"
#include "models/stan/attributes.h"
#include "models/stan/network.h"

namespace bench {

/// A stream to draw: its records and, where streams are hosts, the host (code of the table's column).
struct StreamPlan {
  int32_t host = 0;
  int64_t records = 0;
};

class StanSampler {
 public:
  /// `labels`: codes of the joint labels to choose among; empty for all. `ranks`: times are put on the
  /// training part's clock.
  StanSampler(const StanNetwork& network, const StanAttributes& attributes, std::vector<int32_t> labels,
              bool ranks, Seed seed);
  /// Rows with the columns of `columns`, as many as the plans have records. Throws Error(cancelled).
  RecordTable sample(std::vector<StreamPlan> plans, const RecordTable& columns, Progress& progress);

 private:
  void start(std::vector<StreamPlan> plans, const RecordTable& columns);
  void step(int64_t number, int64_t streams);
  void take_category(size_t attribute, const torch::Tensor& outputs);
  void take_identifier(size_t attribute, const torch::Tensor& outputs, const int64_t* before);
  void take_number(size_t attribute, const torch::Tensor& outputs, bool first);
  int32_t fresh_value(const Attribute& attribute, int64_t bin);
  std::vector<int64_t> draw(const torch::Tensor& outputs);
  void finish();

  const StanNetwork& network_;
  const StanAttributes& attributes_;
  std::vector<int32_t> labels_;
  bool ranks_;
  Rng rng_;
  at::Generator generator_;

  std::vector<StreamPlan> plans_;   ///< longest first
  std::vector<int64_t> first_row_;  ///< by stream
  std::vector<int64_t> present_;    ///< rows of this step, by stream
  torch::Tensor codes_, units_;     ///< as StanRows, on the CPU
  torch::Tensor record_;            ///< input vector of this step's records so far
  RecordTable table_;
  std::vector<int32_t> joint_;  ///< labels by row
  size_t source_ = 0;           ///< column of the host
  /// Values of each identifier that were not copied in the training part, by bin, in random order.
  struct Urn {
    std::vector<int32_t> values;
    size_t taken = 0;
  };
  std::vector<std::vector<Urn>> urns_;  ///< by identifier and bin
};

}  // namespace bench
