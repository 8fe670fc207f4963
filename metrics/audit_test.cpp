#include "metrics/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "metrics/epsilon_bound.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

constexpr auto kBoth = "closest and farthest quarter";
constexpr auto kClosest = "closest quarter";

class AuditOfKinds : public testing::TestWithParam<TraceKind> {
 protected:
  double value(const Trace& synthetic, const Canaries& canaries, std::string_view metric,
               std::string_view field) const {
    const auto scores = audit_scores({train_.trace(), synthetic, train_.window(), nullptr, {}, &canaries});
    const Score* score = find_score(scores, metric, "strict", field);
    EXPECT_NE(score, nullptr) << metric << " " << field;
    if (score == nullptr || score->outcome != Outcome::value) return -1;
    EXPECT_EQ(score->n_real, static_cast<int64_t>(canaries.records.size()));
    EXPECT_EQ(score->n_synthetic, static_cast<int64_t>(synthetic.size()));
    return score->value;
  }

  const TrainingTrace train_ =
      split_trace(random_trace(GetParam(), 1000, 1), 0.8, SplitOrder::file, Seed(1)).train;
  const Canaries canaries_ = make_canaries(train_, 200, Seed(2));
  const Trace grown_ = insert_canaries(train_, canaries_, Seed(3)).trace();
};

TEST_P(AuditOfKinds, ACopyIsFoundOut) {
  const Trace copy = shuffled(grown_, 4);
  for (const auto& [field, made] : {std::pair<const char*, int64_t>{kBoth, 100}, {kClosest, 50}}) {
    EXPECT_EQ(value(copy, canaries_, "canary_accuracy", field), 1);
    const double q = std::pow(0.05, 1 / static_cast<double>(made));
    const double bound = value(copy, canaries_, "canary_epsilon", field);
    EXPECT_NEAR(bound, std::log(q / (1 - q)), 0.1) << "less by delta";
    EXPECT_EQ(bound, epsilon_lower_bound({200, made, made}, 1e-5, 0.95));
  }
}

TEST_P(AuditOfKinds, InsertedCanariesAreAtNoDistanceFromACopyAndTheOthersFarAway) {
  const std::vector<float> distances = canary_distances(canaries_, train_.trace(), grown_);
  for (size_t i = 0; i < distances.size(); ++i) {
    if (canaries_.inserted[i]) {
      EXPECT_EQ(distances[i], 0);
    } else {
      EXPECT_GT(distances[i], 0.15) << i;
    }
  }
}

TEST_P(AuditOfKinds, RecordsThatKnowNoCanariesProveNothing) {
  const Trace fresh = random_trace(GetParam(), 600, 9);
  Canaries coins = canaries_;
  int proofs = 0;
  double accuracy = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng = Seed(seed).child("coins").rng();
    for (size_t i = 0; i < coins.inserted.size(); ++i) coins.inserted[i] = rng() % 2 == 0;
    proofs += value(fresh, coins, "canary_epsilon", kBoth) > 0 ? 1 : 0;
    accuracy += value(fresh, coins, "canary_accuracy", kBoth) / 200;
  }
  EXPECT_LE(proofs, 19);  // three standard deviations above 5 % of 200
  EXPECT_NEAR(accuracy, 0.5, 0.02);
}

TEST_P(AuditOfKinds, ABootstrapIsFoundOutByWhatItRepeats) {
  std::vector<size_t> rows(grown_.size());
  Rng rng(5);
  for (size_t& row : rows) row = rng() % grown_.size();
  const Trace bootstrap = select(grown_, rows);
  EXPECT_EQ(value(bootstrap, canaries_, "canary_accuracy", kClosest), 1);
  EXPECT_GT(value(bootstrap, canaries_, "canary_epsilon", kClosest), 2.5);
  // A farthest canary may have been in and not been drawn.
  const double both = value(bootstrap, canaries_, "canary_epsilon", kBoth);
  EXPECT_GT(both, 0.5);
  EXPECT_LT(both, 2.5);
}

TEST_P(AuditOfKinds, TheOrderOfRecordsDoesNotMatterAndNeitherDoesTheTime) {
  Trace late = shuffled(grown_, 6);
  for (int64_t& time : late.time) time += 1000 * kSecond;
  std::vector<size_t> some(grown_.size() / 2);
  std::iota(some.begin(), some.end(), size_t{0});
  const Trace half = select(grown_, some), half_turned = shuffled(half, 7);
  EXPECT_EQ(canary_distances(canaries_, train_.trace(), late),
            canary_distances(canaries_, train_.trace(), grown_));
  EXPECT_EQ(canary_distances(canaries_, train_.trace(), half),
            canary_distances(canaries_, shuffled(train_.trace(), 8), half_turned));
}

TEST_P(AuditOfKinds, WhatCannotBeSaidHasAReason) {
  const Canaries three = make_canaries(train_, 3, Seed(2));
  const Trace other =
      random_trace(GetParam() == TraceKind::flows ? TraceKind::packets : TraceKind::flows, 50, 1);
  Trace empty;
  empty.kind = GetParam();
  const auto reason = [&](const Trace& synthetic, const Canaries* canaries) {
    const auto scores = audit_scores({train_.trace(), synthetic, {}, nullptr, {}, canaries});
    EXPECT_EQ(scores.size(), 4U);
    for (const Score& score : scores) EXPECT_EQ(score.outcome, Outcome::not_applicable);
    return scores.front().reason;
  };
  EXPECT_EQ(reason(grown_, nullptr), "the row was not trained on canaries");
  EXPECT_EQ(reason(grown_, &three), "there are 3 canaries; 4 or more can be guessed");
  EXPECT_EQ(reason(other, &canaries_), "the synthetic trace is of another kind than the canaries");
  EXPECT_THAT(reason(empty, &canaries_), testing::HasSubstr("synthetic"));
  EXPECT_EQ(value(grown_, make_canaries(train_, 4, Seed(2)), "canary_epsilon", kBoth), 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, AuditOfKinds, testing::Values(TraceKind::flows, TraceKind::packets));

}  // namespace
}  // namespace bench
