#pragma once
// Traffic-type prediction: how well a classifier trained on one set of flow records names those of another.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"
#include "downstream/classify/classifier.h"
#include "downstream/classify/labelled.h"

namespace bench {

/// All 0 .. 1, 1 is best.
struct ClassScores {
  double accuracy = 0;           ///< share of the rows that are named right
  double macro_f1 = 0;           ///< mean F1 over the classes of truth and answers together
  double balanced_accuracy = 0;  ///< mean recall over the classes of the truth
  double majority_rate = 0;      ///< share of the truth's most frequent class: what one fixed answer reaches
};
/// Both have the same length, at least 1.
ClassScores class_scores(std::span<const int32_t> truth, std::span<const int32_t> answers);

struct ClassificationResult {
  std::string not_applicable;  ///< why there are no numbers, one sentence; empty if there are
  ClassScores scores;
  size_t training_rows = 0, test_rows = 0;
  size_t training_classes = 0;  ///< distinct classes that the classifier saw
};

/// Trains on one part and scores on the other. Protocols are numbered in ascending order of those in the
/// training part (an unknown one counts as the next greater); then columns are standardised by the training
/// part.
ClassificationResult train_and_test(const ClassifierEntry& classifier, const Labelled& train,
                                    const Labelled& test, Seed seed);

/// The parts of a real trace and of a synthetic one, with one ClassList.
struct TaskParts {
  Labelled real_train, real_test, synthetic_train, synthetic_test;
};
enum class TaskMode { trtr, tstr, trts, tsts };  ///< train on real/synthetic, test on real/synthetic
inline constexpr TaskMode kTaskModes[] = {TaskMode::trtr, TaskMode::tstr, TaskMode::trts, TaskMode::tsts};
/// "TRTR", ...
std::string_view task_mode_name(TaskMode mode);
ClassificationResult run_task(const ClassifierEntry& classifier, const TaskParts& parts, TaskMode mode,
                              Seed seed);

/// A result of a sweep at one setting.
struct SweepPoint {
  double setting = 0;  ///< ratio or share
  ClassificationResult result;
};
inline constexpr double kAugmentationRatios[] = {0, 0.25, 0.5, 1, 2};
/// Trained on the real training part with `ratio` times as many synthetic rows, tested on the real test part.
std::vector<SweepPoint> augmentation_sweep(const ClassifierEntry& classifier, const TaskParts& parts,
                                           std::span<const double> ratios, Seed seed);
inline constexpr double kMixingShares[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
/// Trained on as many rows as the real training part, of which a share is synthetic; tested on the real test
/// part.
std::vector<SweepPoint> mixing_sweep(const ClassifierEntry& classifier, const TaskParts& parts,
                                     std::span<const double> synthetic_shares, Seed seed);

}  // namespace bench
