#include "downstream/classify/prediction.h"

#include <gtest/gtest.h>

#include "datasets/surrogate/surrogate.h"
#include "downstream/classify/test_tables.h"

namespace bench {
namespace {

using Codes = std::vector<int32_t>;
const ClassifierEntry& tree() { return all_classifiers()[0]; }

Labelled rows_of(const Trace& trace, const ClassList& classes) {
  return flow_features(trace, "type", classes);
}

// Real classes differ by port; the synthetic trace knows only the first of them.
TaskParts port_parts() {
  const Trace real = labelled_flows({"a", "b", "c"}, {60, 60, 60});
  const ClassList classes = class_list(real, "type");
  const Trace synthetic = labelled_flows({"a"}, {90});
  return {rows_of(real, classes), rows_of(real, classes), rows_of(synthetic, classes),
          rows_of(synthetic, classes)};
}

TEST(ClassScores, ClosedForms) {
  // Recalls 1/2, 1/1, 1/3; F1 of the three: 2/(2+2), 2/(1+3), 2/(3+1).
  const ClassScores scores = class_scores(Codes{0, 0, 1, 2, 2, 2}, Codes{0, 1, 1, 2, 0, 1});
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(scores.balanced_accuracy, (0.5 + 1 + 1.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(scores.macro_f1, (0.5 + 0.5 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(scores.majority_rate, 0.5);
}

TEST(ClassScores, OneAnswerToEverything) {
  const ClassScores scores = class_scores(Codes{0, 0, 0, 1}, Codes{0, 0, 0, 0});
  EXPECT_DOUBLE_EQ(scores.accuracy, scores.majority_rate);
  EXPECT_DOUBLE_EQ(scores.balanced_accuracy, 0.5);
  EXPECT_DOUBLE_EQ(scores.macro_f1, 6.0 / 7 / 2);
}

TEST(ClassScores, AnAnswerThatIsNoTrueClassLowersF1Only) {
  const ClassScores scores = class_scores(Codes{0, 0}, Codes{0, 5});
  EXPECT_DOUBLE_EQ(scores.balanced_accuracy, 0.5);
  EXPECT_DOUBLE_EQ(scores.macro_f1, 2.0 / 3 / 2);
  EXPECT_DOUBLE_EQ(class_scores(Codes{3, 4}, Codes{3, 4}).macro_f1, 1);
}

TEST(Task, EachModeTrainsAndTestsOnItsParts) {
  const TaskParts parts = port_parts();
  const auto accuracy = [&](TaskMode mode) { return run_task(tree(), parts, mode, Seed(1)).scores.accuracy; };
  EXPECT_DOUBLE_EQ(accuracy(TaskMode::trtr), 1);
  EXPECT_DOUBLE_EQ(accuracy(TaskMode::tstr), 1.0 / 3);
  EXPECT_DOUBLE_EQ(accuracy(TaskMode::trts), 1);
  EXPECT_DOUBLE_EQ(accuracy(TaskMode::tsts), 1);
  const auto tstr = run_task(tree(), parts, TaskMode::tstr, Seed(1));
  EXPECT_EQ(tstr.training_rows, 90U);
  EXPECT_EQ(tstr.test_rows, 180U);
  EXPECT_EQ(tstr.training_classes, 1U);
}

TEST(Task, SweepsBeginAtTrainOnReal) {
  const TaskParts parts = port_parts();
  const auto added = augmentation_sweep(tree(), parts, kAugmentationRatios, Seed(1));
  ASSERT_EQ(added.size(), 5U);
  EXPECT_EQ(added[0].result.training_rows, 180U);
  EXPECT_EQ(added[4].result.training_rows, 540U);
  EXPECT_DOUBLE_EQ(added[0].result.scores.accuracy, 1);
  const auto mixing = mixing_sweep(tree(), parts, kMixingShares, Seed(1));
  for (const SweepPoint& point : mixing) EXPECT_EQ(point.result.training_rows, 180U);
  EXPECT_DOUBLE_EQ(mixing.front().result.scores.accuracy, 1);
  EXPECT_DOUBLE_EQ(mixing.back().result.scores.accuracy, 1.0 / 3);
}

TEST(Task, NoRecordsIsNotANumber) {
  TaskParts parts = port_parts();
  parts.synthetic_train = {};
  EXPECT_EQ(run_task(tree(), parts, TaskMode::tstr, Seed(1)).not_applicable,
            "the training part has no records");
  EXPECT_EQ(run_task(tree(), parts, TaskMode::trtr, Seed(1)).not_applicable, "");
  const auto mixing = mixing_sweep(tree(), parts, kMixingShares, Seed(1));
  EXPECT_EQ(mixing.front().result.not_applicable, "");
  EXPECT_NE(mixing.back().result.not_applicable, "");
}

TEST(Task, AnUnknownProtocolIsNoError) {
  const Trace real = labelled_flows({"a", "b"}, {20, 20});
  const ClassList classes = class_list(real, "type");
  Trace other = real;
  other.proto.assign(other.size(), 47);
  const auto out = train_and_test(tree(), rows_of(real, classes), rows_of(other, classes), Seed(1));
  EXPECT_EQ(out.not_applicable, "");
}

TEST(Task, EveryClassifierBeatsTheMajorityOnSimulatedTon) {
  const Trace trace = simulate("ton-surrogate", 4000, Seed(1));
  const Trace other = simulate("ton-surrogate", 2000, Seed(2));
  const ClassList classes = class_list(trace, "type");
  for (const ClassifierEntry& classifier : all_classifiers()) {
    const auto out = train_and_test(classifier, rows_of(trace, classes), rows_of(other, classes), Seed(1));
    if (classifier.id == "nb") {  // its Gaussians fit ports badly; better than chance is all that holds
      EXPECT_GT(out.scores.balanced_accuracy, 1.0 / static_cast<double>(classes.names.size()));
    } else {
      EXPECT_GT(out.scores.accuracy, out.scores.majority_rate) << classifier.id;
    }
  }
}

}  // namespace
}  // namespace bench
