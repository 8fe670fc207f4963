#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "metrics/metric.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

const MetricCard* find_card(const MetricFamily& family, const Score& score) {
  for (const MetricCard& card : family.cards) {
    if (card.id == score.metric && card.mode == score.mode) return &card;
  }
  return nullptr;
}

void expect_scores_match_cards(const ScoringPair& pair) {
  for (const MetricFamily& family : all_metrics()) {
    std::set<std::string> seen;
    const auto scores = family.evaluate(pair);
    EXPECT_FALSE(scores.empty());
    for (const Score& score : scores) {
      SCOPED_TRACE(fmt::format("{} {} {}", score.metric, score.mode, score.field));
      EXPECT_TRUE(seen.insert(score.metric + "/" + score.mode + "/" + score.field).second) << "scored twice";
      const MetricCard* card = find_card(family, score);
      ASSERT_NE(card, nullptr);
      EXPECT_EQ(score.direction, card->direction);
      if (card->unit != "field") {
        EXPECT_EQ(score.unit, card->unit);
      }
      ASSERT_NE(score.outcome, Outcome::error) << score.reason;
      if (score.outcome == Outcome::not_applicable) {
        EXPECT_FALSE(score.reason.empty());
        continue;
      }
      EXPECT_TRUE(std::isfinite(score.value));
      EXPECT_GE(score.value, card->lo);
      EXPECT_LE(score.value, card->hi);
      if (score.mode != "synthetic") {
        EXPECT_GT(score.n_real, 0);
      }
      if (score.mode != "real") {
        EXPECT_GT(score.n_synthetic, 0);
      }
    }
  }
}

TEST(AllMetrics, EveryScoreHasACardAndLiesInItsRange) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 400, 1);
    const Trace alike = random_trace(kind, 300, 2);
    Trace unlike = random_trace(kind, 50, 3);
    for (auto& address : unlike.srcip) address += 1u << 30;
    for (auto& port : unlike.srcport) port = 7;
    for (auto& time : unlike.time) time += 10 * kSecond;
    expect_scores_match_cards({real, alike, {real.time.front(), real.time.back()}});
    expect_scores_match_cards({real, unlike, {real.time.front(), real.time.back()}});
  }
}

TEST(AllMetrics, OddTracesHaveOutcomes) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 40, 1);
    const Trace other_kind =
        random_trace(kind == TraceKind::flows ? TraceKind::packets : TraceKind::flows, 40, 1);
    Trace no_time = real;
    no_time.time.clear();
    Trace far_times = real;
    for (size_t i = 0; i < far_times.size(); ++i) far_times.time[i] = i % 2 == 0 ? INT64_MIN : INT64_MAX;
    Trace empty;
    empty.kind = kind;
    const std::vector<Trace> odd{real, other_kind, no_time, far_times, empty, slice(real, 0, 1)};
    for (const Trace& a : odd) {
      for (const Trace& b : odd) expect_scores_match_cards({a, b, {real.time.front(), real.time.back()}});
    }
  }
}

TEST(AllMetrics, NoCardTwiceAndNoCardWithoutScores) {
  for (const MetricFamily& family : all_metrics()) {
    std::set<std::pair<std::string_view, std::string_view>> scored;
    const Trace real = random_flows(20, 1);
    const auto scores = family.evaluate({real, real, {}});
    for (const Score& score : scores) scored.insert({score.metric, score.mode});
    EXPECT_EQ(scored.size(), family.cards.size());
    for (const MetricCard& card : family.cards) EXPECT_EQ(scored.count({card.id, card.mode}), 1u) << card.id;
  }
}

TEST(AllMetrics, CardsAreComplete) {
  for (const MetricFamily& family : all_metrics()) {
    for (const MetricCard& card : family.cards) {
      EXPECT_EQ(card_text(family.id, family.version, card).find("not stated"), std::string::npos) << card.id;
      EXPECT_LT(card.lo, card.hi) << card.id;
    }
  }
}

TEST(AllMetrics, ATraceAgainstItselfIsPerfect) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace trace = random_trace(kind, 200, 5);
    for (const MetricFamily& family : all_metrics()) {
      for (const Score& score : family.evaluate({trace, trace, {}})) {
        if (score.outcome != Outcome::value || family.id == "privacy" || score.metric == "rule_pass")
          continue;
        const MetricCard* card = find_card(family, score);
        ASSERT_NE(card, nullptr);
        EXPECT_EQ(score.value, score.direction == Direction::lower ? card->lo : card->hi)
            << score.metric << " " << score.field;
      }
    }
  }
}

TEST(AllMetrics, TheOrderOfRecordsDoesNotMatter) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 300, 5);
    const Trace synthetic = random_trace(kind, 200, 6);
    const Trace real_shuffled = shuffled(real, 7);
    const Trace synthetic_shuffled = shuffled(synthetic, 8);
    for (const MetricFamily& family : all_metrics()) {
      const auto before = family.evaluate({real, synthetic, {}});
      const auto after = family.evaluate({real_shuffled, synthetic_shuffled, {}});
      ASSERT_EQ(before.size(), after.size());
      for (size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(before[i].field, after[i].field);
        if (before[i].field == "V13-order") continue;  // is about it
        EXPECT_EQ(before[i].outcome, after[i].outcome);
        EXPECT_NEAR(before[i].value, after[i].value, 1e-12 * std::abs(before[i].value) + 1e-12)
            << before[i].metric;
      }
    }
  }
}

// The others cut numbers into ranges of the real side, divide by its spread, weigh by its shares or sample.
TEST(AllMetrics, SymmetricOnesAreSymmetric) {
  const std::set<std::pair<std::string, std::string>> symmetric{{"jsd", "paper"},
                                                                {"emd", "paper"},
                                                                {"ks", "strict"},
                                                                {"emd_log1p", "strict"},
                                                                {"jsd_distance", "strict"},
                                                                {"jsd_value", "strict"},
                                                                {"tv", "strict"},
                                                                {"hellinger", "strict"},
                                                                {"top5_services", "strict"},
                                                                {"top10_ports", "strict"},
                                                                {"zipf_slope", "strict"},
                                                                {"distinct", "strict"},
                                                                {"emd", "strict"},
                                                                {"tv_proto_dstport", "strict"},
                                                                {"tv_src_dst", "strict"},
                                                                {"corr_log_pkt_byt", "strict"},
                                                                {"cmd", "strict"},
                                                                {"cmd_tv", "strict"},
                                                                {"mi_difference", "strict"},
                                                                {"pcd", "strict"},
                                                                {"attr_similarity", "strict"},
                                                                {"attr_similarity_joint", "strict"},
                                                                {"attr_coverage", "strict"},
                                                                {"cross_feature_corr", "strict"}};
  std::set<std::pair<std::string, std::string>> seen;
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace a = random_trace(kind, 300, 5);
    const Trace b = random_trace(kind, 200, 6);
    for (const MetricFamily& family : all_metrics()) {
      const auto there = family.evaluate({a, b, {}});
      const auto back = family.evaluate({b, a, {}});
      for (const Score& score : there) {
        if (!symmetric.contains({score.metric, score.mode}) || score.outcome != Outcome::value) continue;
        seen.insert({score.metric, score.mode});
        const Score* other = find_score(back, score.metric, score.mode, score.field);
        ASSERT_NE(other, nullptr);
        EXPECT_NEAR(score.value, other->value, 1e-12 * std::abs(score.value) + 1e-12)
            << score.metric << " " << score.field;
      }
    }
  }
  EXPECT_EQ(seen, symmetric);
}

}  // namespace
}  // namespace bench
