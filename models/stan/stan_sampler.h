#pragma once
// Draws records with a trained network: all streams side by side, one record of each at a step.

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "core/progress.h"
#include "models/stan/attributes.h"
#include "models/stan/fresh_values.h"
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
  /// training part's clock. `times`: how often FreshValues hold what the training part has.
  StanSampler(const StanNetwork& network, const StanAttributes& attributes, std::vector<int32_t> labels,
              bool ranks, int64_t times, Seed seed);
  /// Rows with the columns of `columns`, as many as the plans have records. Throws Error(cancelled).
  RecordTable sample(std::vector<StreamPlan> plans, const RecordTable& columns, Progress& progress);

 private:
  /// A record of each of some streams that is being drawn.
  struct Step {
    std::vector<int64_t> rows;      ///< [streams]
    std::vector<int64_t> before;    ///< [streams, window]: rows before, the nearest first, or absent()
    std::vector<int64_t> repeated;  ///< [streams]: the row whose five-tuple the record has, or kKnown
    torch::Tensor context;          ///< of the network, [streams, attributes * head_units]
    bool first = false;             ///< records are the first of their streams
  };

  void start(std::vector<StreamPlan> plans, const RecordTable& columns);
  void step(int64_t number, int64_t streams);
  void draw_attributes(size_t first, size_t last, Step& step);
  Step part(const Step& step, const std::vector<int64_t>& streams) const;
  void take_category(const Attribute& attribute, const torch::Tensor& outputs, const Step& step);
  void take_repeat(const Attribute& attribute, const torch::Tensor& outputs, Step& step);
  void take_identifier(const Attribute& attribute, const torch::Tensor& outputs, const Step& step);
  void take_number(const Attribute& attribute, const torch::Tensor& outputs, const Step& step);
  void finish();

  /// Row that stands for a record that is not there.
  int64_t absent() const { return codes_.size(0) - 1; }
  int64_t window_row(const Step& step, size_t stream, int64_t k) const;
  /// The nearest record of a window whose row of `values` has `value`; the window's length if none has.
  int64_t nearest(const Step& step, size_t stream, const std::vector<int32_t>& values, int32_t value) const;
  /// The nearest record of a window with the five-tuple of this one; the window's length if none has it.
  int64_t same_flow(const Step& step, size_t stream) const;
  /// A class of each stream from outputs [streams, classes].
  std::vector<int64_t> draw(const torch::Tensor& outputs);
  /// [streams, window]: 1 for a record of the window, of those with equal `values` (by row) only the nearest.
  torch::Tensor open_records(const std::vector<int32_t>& values, const Step& step) const;

  const StanNetwork& network_;
  const StanAttributes& attributes_;
  std::vector<int32_t> labels_;
  bool ranks_;
  Rng rng_;
  at::Generator generator_;

  std::vector<StreamPlan> plans_;   ///< longest first
  std::vector<int64_t> first_row_;  ///< by stream
  torch::Tensor codes_, units_;     ///< as StanRows, on the CPU
  RecordTable table_;
  std::vector<int32_t> joint_;  ///< labels by row
  std::vector<int32_t> flow_;   ///< by row: equal if the five-tuple is and the window holds both
  int32_t flows_ = 0;
  size_t source_ = Attribute::kLabels;  ///< column of the host, if streams are hosts
  std::vector<FreshValues> fresh_;      ///< by attribute that copies; of the repeat none
};

}  // namespace bench
