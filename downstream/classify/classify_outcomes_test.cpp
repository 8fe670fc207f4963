// Outcomes, cards and parameters of the task "classify" where traces are odd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "datasets/surrogate/surrogate.h"
#include "downstream/classify/classify.h"
#include "downstream/classify/test_scores.h"

namespace bench {
namespace {

using testing::HasSubstr;

Trace without_labels(Trace trace) {
  trace.labels.clear();
  return trace;
}

Trace as_packets(const Trace& flows) {
  Trace out = flows;
  out.kind = TraceKind::packets;
  out.length.assign(out.size(), 100);
  out.duration.clear();
  out.packets.clear();
  out.bytes.clear();
  return out;
}

// Every score has one card, its direction and its range, and an outcome that says why.
void expect_cards_hold(const std::vector<Score>& scores) {
  const std::vector<MetricCard> cards = classify_cards();
  std::set<std::string> seen;
  EXPECT_FALSE(scores.empty());
  for (const Score& score : scores) {
    SCOPED_TRACE(fmt::format("{} {} {}", score.metric, score.mode, score.field));
    EXPECT_TRUE(seen.insert(score.metric + "/" + score.mode + "/" + score.field).second) << "scored twice";
    const auto card = std::ranges::find_if(
        cards, [&](const MetricCard& c) { return c.id == score.metric && c.mode == score.mode; });
    ASSERT_NE(card, cards.end());
    EXPECT_EQ(score.direction, card->direction);
    EXPECT_EQ(score.unit, card->unit);
    ASSERT_NE(score.outcome, Outcome::error) << score.reason;
    EXPECT_EQ(score.reason.empty(), score.outcome == Outcome::value);
    if (score.outcome != Outcome::value) continue;
    EXPECT_GE(score.value, card->lo);
    EXPECT_LE(score.value, card->hi);
    EXPECT_GT(score.n_real + score.n_synthetic, 0);
  }
}

TEST(ClassifyOutcomes, OneSyntheticClassIsOneAnswer) {
  const Trace real = by_port(), synthetic = labelled_flows({"b"}, {30});
  const auto scores = scores_of(real, synthetic, &real, kTreeAllModes);
  EXPECT_DOUBLE_EQ(value_of(scores, "accuracy", "TSTR"), 40.0 / 120);
  EXPECT_DOUBLE_EQ(value_of(scores, "balanced_accuracy", "TSTR"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value_of(scores, "macro_f1", "TSTR"), 2 * 40.0 / (40 + 120) / 3);
  EXPECT_DOUBLE_EQ(value_of(scores, "majority_rate", "synthetic", "type"), 1);
  EXPECT_THAT(reason_of(scores, "accuracy", "TSTS"), HasSubstr("one class"));
}

TEST(ClassifyOutcomes, TiesAndOneClassifierHaveNoOrder) {
  const Trace real = by_port();
  EXPECT_THAT(reason_of(scores_of(real, real, &real, kTree), "classifier_rank", "strict", "kendall"),
              HasSubstr("one classifier"));
  // One class for all synthetic records: all classifiers are as good.
  const Trace flat = simulate("ton-surrogate", 600, Seed(1));
  Trace one_class = flat;
  for (LabelColumn& label : one_class.labels) std::ranges::fill(label.codes, 0);
  EXPECT_THAT(reason_of(scores_of(flat, one_class, &flat, nlohmann::json::object()), "classifier_rank",
                        "strict", "spearman"),
              HasSubstr("trained on synthetic records are equally accurate"));
}

TEST(ClassifyOutcomes, NoRightAnswerOnRealHasNoRatio) {
  const Trace real = labelled_flows({"a", "b"}, {20, 20});
  const Trace holdout = renamed(real, {"b", "a"});
  EXPECT_THAT(reason_of(scores_of(real, real, &holdout, kTree), "accuracy_ratio", "strict"),
              HasSubstr("no test record right"));
}

TEST(ClassifyOutcomes, WithoutHeldOutRecordsNothingIsSaid) {
  const Trace real = by_port();
  for (const Score& score : scores_of(real, real, nullptr, kEverything)) {
    EXPECT_EQ(score.outcome, Outcome::not_applicable) << score.metric;
    EXPECT_THAT(score.reason, HasSubstr("held-out"));
  }
}

TEST(ClassifyOutcomes, WithoutSyntheticClassesTheRealSideIsStillSaid) {
  const Trace real = by_port();
  const auto scores = scores_of(real, without_labels(real), &real, kEverything);
  EXPECT_DOUBLE_EQ(value_of(scores, "accuracy", "TRTR"), 1);
  EXPECT_DOUBLE_EQ(value_of(scores, "majority_rate", "real", "type"), 0.5);
  for (const Score& score : scores) {
    if (score.mode == "TRTR" || score.mode == "real") continue;
    EXPECT_EQ(score.outcome, Outcome::not_applicable) << score.metric;
    EXPECT_EQ(score.reason, "the synthetic trace has no label column 'type'");
  }
}

TEST(ClassifyOutcomes, OddTracesHaveOutcomes) {
  nlohmann::json object = kEverything;
  object["classifiers"] = "nb";  // the cheapest: this is about the parts
  const Trace real = by_port();
  Trace empty;
  empty.kind = TraceKind::flows;
  Trace no_records_but_labels = empty;
  no_records_but_labels.labels = {{"type", {}, {}}};
  Trace extreme = real;
  for (size_t i = 0; i < extreme.size(); i += 3)
    extreme.duration[i] = extreme.packets[i] = extreme.bytes[i] = INT64_MAX;
  const std::vector<Trace> odd{real,
                               empty,
                               no_records_but_labels,
                               slice(real, 0, 1),
                               slice(real, 59, 61),
                               as_packets(real),
                               without_labels(real),
                               labelled_flows({"a"}, {20}),
                               renamed(real, {"x", "y", "z"}),
                               extreme};
  size_t layout = 0;
  for (const Trace& a : odd) {
    for (const Trace& b : odd) {
      for (const Trace* holdout : {&real, &b}) {
        const auto scores = scores_of(a, b, holdout, object);
        expect_cards_hold(scores);
        if (layout == 0) layout = scores.size();
        EXPECT_EQ(scores.size(), layout);
      }
    }
  }
}

TEST(ClassifyOutcomes, ThePaperClassifiersTakeOddTraces) {
  const nlohmann::json defaults = nlohmann::json::object();
  const Trace real = by_port(), two = slice(real, 59, 61);
  Trace alike = real;  // nothing tells its classes apart
  for (auto* ports : {&alike.srcport, &alike.dstport}) std::ranges::fill(*ports, uint16_t{80});
  std::ranges::fill(alike.proto, uint8_t{6});
  for (auto* column : {&alike.duration, &alike.packets, &alike.bytes}) std::ranges::fill(*column, 1);
  Trace extreme = real;
  extreme.duration[0] = extreme.packets[1] = extreme.bytes[2] = INT64_MAX;
  const std::vector<Trace> odd{two, alike, extreme};
  for (size_t i = 0; i < odd.size(); ++i)
    expect_cards_hold(scores_of(odd[i], odd[(i + 1) % odd.size()], &real, defaults));
}

TEST(ClassifyOutcomes, EveryCardIsCompleteAndScored) {
  const Trace real = by_port();
  std::set<std::pair<std::string, std::string>> scored, carded;
  for (const Score& score : scores_of(real, real, &real, kEverything))
    scored.insert({score.metric, score.mode});
  const Task task = classify_task();
  for (const MetricCard& card : task.cards) {
    EXPECT_TRUE(carded.insert({std::string(card.id), std::string(card.mode)}).second) << card.id;
    EXPECT_EQ(card_text(task.id, task.version, card).find("not stated"), std::string::npos) << card.id;
    EXPECT_LT(card.lo, card.hi);
    const bool one_side = card.mode == "TRTR" || card.id == "majority_rate";
    EXPECT_EQ(card.direction, one_side ? Direction::neither : Direction::higher) << card.id << card.mode;
  }
  EXPECT_EQ(scored, carded);
}

TEST(ClassifyOutcomes, OrderingsNameScoresOfEveryClassifier) {
  const Trace real = by_port();
  const auto scores = scores_of(real, real, &real, nlohmann::json::object());
  for (const Ordering& ordering : classify_task().orderings) {
    for (const std::string_view mode : {ordering.real_mode, ordering.synthetic_mode})
      for (const std::string_view id : {"dt", "lr", "rf", "gb", "mlp"})
        value_of(scores, ordering.metric, mode, id);
  }
}

TEST(ClassifyOutcomes, ParametersAreChecked) {
  const auto problems_of = [](const nlohmann::json& object) {
    Problems problems;
    read_params(*classify_task().params(), object, "", problems);
    return problems.size();
  };
  EXPECT_EQ(problems_of({{"classifiers", "xgb"}}), 1U);
  EXPECT_EQ(problems_of({{"modes", "TSTR"}}), 1U);
  EXPECT_EQ(problems_of({{"rows", -1}, {"rare_share", 2}}), 2U);
  EXPECT_EQ(problems_of({{"target", "label"}, {"classifiers", "ada"}, {"balanced_per_class", 2500}}), 0U);
}

}  // namespace
}  // namespace bench
