#pragma once
// What the task "classify" is asked for, and the labelled rows that it works on.

#include <string>
#include <string_view>
#include <vector>

#include "core/params.h"
#include "core/score_list.h"
#include "core/seed.h"
#include "datasets/scoring.h"
#include "downstream/classify/prediction.h"

namespace bench {

class ClassifyParams : public Params {
 public:
  std::string target = "auto", classifiers = "paper", modes = "main";
  int64_t rows = 0, balanced_per_class = 0;
  double rare_share = 0;
  bool augmentation = false, mixing = false;

  void describe(FieldVisitor& v) override;
  /// Those that `classifiers` names, in the order of all_classifiers().
  std::vector<const ClassifierEntry*> chosen() const;
};

/// Rows of both traces with one list of classes, or why there are none. Never throws for data that
/// check_trace accepts. `params` outlives it.
class ClassifyParts {
 public:
  ClassifyParts(const ScoringPair& pair, const ClassifyParams& params, Seed seed);

  /// Why a mode says nothing, one sentence; "" if it does.
  std::string lacking(TaskMode mode) const;
  /// One training and one test; not applicable where lacking() says so. TSTS trains on a random 80 % of the
  /// synthetic trace; TRTS and TSTS test on the other 20 %, TSTR trains on all of it.
  ClassificationResult run(const ClassifierEntry& classifier, TaskMode mode) const;

  /// The label column; "auto" if the real trace has none.
  const std::string& target() const { return target_; }
  /// synthetic_train is made of the whole synthetic trace. Parts without records where lacking() says so.
  const TaskParts& rows() const { return rows_; }
  /// The same for every training, so that equal training parts give equal classifiers.
  Seed training_seed() const { return seed_.child("training"); }

  /// The rows of each side that a score of this mode rests on: training rows where the side trains, else test
  /// rows.
  Compared compared(std::string_view field, TaskMode mode) const;
  /// Training rows of both sides.
  Compared both_training(std::string_view field) const;

 private:
  void add_classes(const Trace& trace);
  Labelled part_rows(const Trace& trace) const;
  Labelled training_rows(const Trace& trace) const;
  void split_synthetic(const Trace& synthetic);

  const ClassifyParams& params_;
  Seed seed_;
  std::string target_;
  std::string no_task_, no_synthetic_, no_split_;  // why all, all but TRTR, TRTS and TSTS say nothing
  bool one_synthetic_class_ = false;
  ClassList classes_;
  TaskParts rows_;
  Labelled synthetic_rest_;  // what TSTS trains on
};

}  // namespace bench
