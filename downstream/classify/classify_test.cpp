#include "downstream/classify/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/rank.h"
#include "datasets/surrogate/surrogate.h"
#include "downstream/classify/test_scores.h"

namespace bench {
namespace {

using testing::HasSubstr;

TEST(ClassifyTask, AClassThatThePortDecidesIsAlwaysNamedRight) {
  const Trace real = by_port(), holdout = labelled_flows({"a", "b", "c"}, {10, 20, 10});
  const auto scores = scores_of(real, real, &holdout, kTreeAllModes);
  for (const std::string_view metric : {"accuracy", "macro_f1", "balanced_accuracy"})
    for (const std::string_view mode : {"TRTR", "TSTR", "TRTS", "TSTS"})
      EXPECT_DOUBLE_EQ(value_of(scores, metric, mode), 1) << metric << " " << mode;
  EXPECT_DOUBLE_EQ(value_of(scores, "accuracy_ratio", "strict"), 1);
  EXPECT_DOUBLE_EQ(value_of(scores, "majority_rate", "real", "type"), 0.5);
  EXPECT_DOUBLE_EQ(value_of(scores, "majority_rate", "synthetic", "type"), 0.5);
}

TEST(ClassifyTask, PermutedLabelsNameOnlyTheFixedClassRight) {
  const Trace real = by_port();
  const auto cycle = scores_of(real, renamed(real, {"b", "c", "a"}), &real, kTreeAllModes);
  EXPECT_DOUBLE_EQ(value_of(cycle, "accuracy", "TRTR"), 1);
  EXPECT_DOUBLE_EQ(value_of(cycle, "accuracy", "TSTR"), 0);
  EXPECT_DOUBLE_EQ(value_of(cycle, "accuracy", "TRTS"), 0);
  EXPECT_DOUBLE_EQ(value_of(cycle, "accuracy", "TSTS"), 1);
  EXPECT_DOUBLE_EQ(value_of(cycle, "accuracy_ratio", "strict"), 0);
  const auto swapped = scores_of(real, renamed(real, {"b", "a", "c"}), &real, kTree);
  EXPECT_DOUBLE_EQ(value_of(swapped, "accuracy", "TSTR"), 20.0 / 120);
  EXPECT_DOUBLE_EQ(value_of(swapped, "accuracy_ratio", "strict"), 20.0 / 120);
  EXPECT_DOUBLE_EQ(value_of(swapped, "balanced_accuracy", "TSTR"), 1.0 / 3);
}

TEST(ClassifyTask, ShuffledLabelsAreNoBetterThanTheMajority) {
  const Trace real = simulate("ton-surrogate", 1500, Seed(1)),
              holdout = simulate("ton-surrogate", 1000, Seed(2));
  Trace shuffled = real;
  Rng rng(3);
  for (LabelColumn& label : shuffled.labels) std::shuffle(label.codes.begin(), label.codes.end(), rng);
  const auto scores = scores_of(real, shuffled, &holdout, nlohmann::json::object());
  const double majority = value_of(scores, "majority_rate", "real", "type");
  EXPECT_GT(value_of(scores, "accuracy", "TRTR"), majority + 0.1);
  for (const std::string_view id : {"dt", "lr", "rf", "gb", "mlp"}) {
    EXPECT_LT(value_of(scores, "accuracy", "TSTR", id), majority + 0.05) << id;
    EXPECT_DOUBLE_EQ(value_of(scores, "accuracy_ratio", "strict", id),
                     value_of(scores, "accuracy", "TSTR", id) / value_of(scores, "accuracy", "TRTR", id));
  }
}

TEST(ClassifyTask, EqualTrainingPartsGiveEqualClassifiers) {
  const Trace real = simulate("ton-surrogate", 2000, Seed(1)),
              holdout = simulate("ton-surrogate", 1000, Seed(2));
  const auto scores = scores_of(real, real, &holdout, {{"rows", 1200}, {"balanced_per_class", 300}});
  for (const std::string_view id : {"dt", "lr", "rf", "gb", "mlp"}) {
    EXPECT_EQ(value_of(scores, "accuracy", "TRTR", id), value_of(scores, "accuracy", "TSTR", id));
    EXPECT_EQ(value_of(scores, "accuracy_ratio", "strict", id), 1);
  }
  EXPECT_DOUBLE_EQ(value_of(scores, "classifier_rank", "strict", "spearman"), 1);
  EXPECT_DOUBLE_EQ(value_of(scores, "classifier_rank", "strict", "kendall"), 1);
}

TEST(ClassifyTask, RankIsThatOfTheAccuracies) {
  const Trace real = simulate("ton-surrogate", 1500, Seed(1)),
              holdout = simulate("ton-surrogate", 800, Seed(2));
  const auto scores =
      scores_of(real, simulate("ton-surrogate", 150, Seed(3)), &holdout, {{"classifiers", "paper"}});
  std::vector<double> on_real, on_synthetic;
  for (const std::string_view id : {"dt", "lr", "rf", "gb", "mlp"}) {
    on_real.push_back(value_of(scores, "accuracy", "TRTR", id));
    on_synthetic.push_back(value_of(scores, "accuracy", "TSTR", id));
  }
  EXPECT_EQ(value_of(scores, "classifier_rank", "strict", "spearman"), *spearman(on_real, on_synthetic));
  EXPECT_EQ(value_of(scores, "classifier_rank", "strict", "kendall"), *kendall_tau_b(on_real, on_synthetic));
}

TEST(ClassifyTask, TheSameSeedGivesTheSameScores) {
  const Trace real = simulate("ton-surrogate", 800, Seed(1)),
              synthetic = simulate("ton-surrogate", 700, Seed(2)),
              holdout = simulate("ton-surrogate", 500, Seed(3));
  const nlohmann::json object{{"classifiers", "mlp"}, {"modes", "all"}, {"rows", 300}};
  const auto a = scores_of(real, synthetic, &holdout, object, 5);
  const auto b = scores_of(real, synthetic, &holdout, object, 5);
  const auto other = scores_of(real, synthetic, &holdout, object, 6);
  ASSERT_EQ(a.size(), b.size());
  size_t different = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(to_json(a[i]), to_json(b[i]));
    different += a[i].value != other[i].value ? 1 : 0;
  }
  EXPECT_GT(different, 0U);
}

TEST(ClassifyTask, SweepsBeginAtRealAndMixingEndsAtSynthetic) {
  const Trace real = simulate("ton-surrogate", 600, Seed(1)),
              synthetic = simulate("ton-surrogate", 600, Seed(2)),
              holdout = simulate("ton-surrogate", 400, Seed(3));
  const auto scores = scores_of(real, synthetic, &holdout, kEverything);
  const double trtr = value_of(scores, "accuracy", "TRTR");
  EXPECT_EQ(value_of(scores, "augmentation", "strict", "0 dt"), trtr);
  EXPECT_EQ(value_of(scores, "mixing", "strict", "0 dt"), trtr);
  EXPECT_EQ(value_of(scores, "mixing", "strict", "1 dt"), value_of(scores, "accuracy", "TSTR"));
  for (const std::string_view field : {"0.25 dt", "0.5 dt", "1 dt", "2 dt"})
    EXPECT_GT(value_of(scores, "augmentation", "strict", field), 0.5);
  EXPECT_GT(value_of(scores, "mixing", "strict", "0.3 dt"), 0.5);
}

TEST(ClassifyTask, CountsAreTheRowsOfEachSide) {
  const Trace real = by_port(), synthetic = labelled_flows({"a", "b", "c"}, {50, 30, 20});
  const Trace holdout = labelled_flows({"a", "b", "c"}, {12, 12, 12});
  const auto counts = [&](const nlohmann::json& object, std::string_view metric, std::string_view mode) {
    const auto scores = scores_of(real, synthetic, &holdout, object);
    const Score& score = find_score(scores, metric, mode, "dt");
    return std::pair(score.n_real, score.n_synthetic);
  };
  using Pair = std::pair<int64_t, int64_t>;
  EXPECT_EQ(counts(kTreeAllModes, "accuracy", "TRTR"), Pair(120, 0));
  EXPECT_EQ(counts(kTreeAllModes, "accuracy", "TSTR"), Pair(36, 100));
  EXPECT_EQ(counts(kTreeAllModes, "accuracy", "TRTS"), Pair(120, 20));
  EXPECT_EQ(counts(kTreeAllModes, "accuracy", "TSTS"), Pair(0, 80));
  EXPECT_EQ(counts(kTree, "accuracy_ratio", "strict"), Pair(120, 100));
  const nlohmann::json cut{{"classifiers", "dt"}, {"rows", 50}};
  EXPECT_EQ(counts(cut, "accuracy_ratio", "strict"), Pair(50, 50));
  EXPECT_EQ(counts(cut, "accuracy", "TSTR"), Pair(36, 50));
  const nlohmann::json even{{"classifiers", "dt"}, {"balanced_per_class", 10}};
  EXPECT_EQ(counts(even, "accuracy_ratio", "strict"), Pair(30, 30));
  EXPECT_EQ(counts(even, "accuracy", "TSTR"), Pair(30, 30));
}

TEST(ClassifyTask, TheTargetIsTypeThenLabelThenTheFirst) {
  const auto target_of = [](const std::vector<std::string>& columns) {
    Trace trace = by_port();
    const LabelColumn column = trace.labels[0];
    trace.labels.clear();
    for (const std::string& name : columns) trace.labels.push_back({name, column.names, column.codes});
    const auto scores = scores_of(trace, trace, &trace, kTree);
    EXPECT_DOUBLE_EQ(value_of(scores, "accuracy", "TSTR"), 1);
    return std::ranges::find(scores, "majority_rate", &Score::metric)->field;
  };
  EXPECT_EQ(target_of({"label", "type"}), "type");  // TON, CIDDS, IoT-23
  EXPECT_EQ(target_of({"type"}), "type");           // UGR16
  EXPECT_EQ(target_of({"app", "label"}), "label");
  EXPECT_EQ(target_of({"app", "class"}), "app");
}

TEST(ClassifyTask, TheTargetCanBeNamed) {
  Trace trace = by_port();
  trace.labels.push_back({"label", {"0", "1"}, trace.labels[0].codes});
  for (int32_t& code : trace.labels[1].codes) code = std::min(code, 1);
  const auto named = scores_of(trace, trace, &trace, {{"classifiers", "dt"}, {"target", "label"}});
  EXPECT_DOUBLE_EQ(value_of(named, "majority_rate", "real", "label"), 0.5);
  const auto absent = scores_of(trace, trace, &trace, {{"classifiers", "dt"}, {"target", "service"}});
  EXPECT_THAT(reason_of(absent, "accuracy", "TRTR"), HasSubstr("no label column 'service'"));
}

TEST(ClassifyTask, ClassesOfOneSideOnlyAreNotTakenForEachOther) {
  const Trace real = labelled_flows({"a", "b"}, {40, 40});
  const Trace holdout = labelled_flows({"a", "b", "x"}, {20, 20, 20});    // x: never seen in training
  const Trace synthetic = labelled_flows({"a", "b", "y"}, {40, 40, 40});  // y has the port of x
  const auto scores = scores_of(real, synthetic, &holdout, kTree);
  EXPECT_DOUBLE_EQ(value_of(scores, "accuracy", "TSTR"), 40.0 / 60);
  EXPECT_DOUBLE_EQ(value_of(scores, "accuracy", "TRTR"), 40.0 / 60);
}

TEST(ClassifyTask, RareClassesAreOneClass) {
  const Trace real = labelled_flows({"a", "b", "r"}, {90, 90, 5});
  const Trace synthetic = renamed(real, {"a", "b", "s"});  // another rare class with the port of r
  const nlohmann::json merged{{"classifiers", "dt"}, {"rare_share", 0.1}};
  EXPECT_DOUBLE_EQ(value_of(scores_of(real, synthetic, &real, merged), "accuracy", "TSTR"), 1);
  EXPECT_DOUBLE_EQ(value_of(scores_of(real, synthetic, &real, kTree), "accuracy", "TSTR"), 180.0 / 185);
}

}  // namespace
}  // namespace bench
