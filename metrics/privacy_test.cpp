#include "metrics/privacy.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "metrics/identifiers.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

Score score_of(const ScoringPair& pair, std::string_view metric, std::string_view field) {
  const auto scores = privacy_scores(pair, {});
  const Score* score = find_score(scores, metric, "strict", field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  return score == nullptr ? Score{} : *score;
}

// Fresh records of which the first `copies` are replaced by training records.
Trace with_copies(const Trace& real, size_t records, size_t copies, uint64_t seed) {
  Trace out = random_trace(real.kind, records, seed);
  for_each_column(out, [&](std::string_view name, auto& column) {
    for_each_column(real, [&](std::string_view other, const auto& from) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(from)>,
                                   std::remove_reference_t<decltype(column)>>) {
        if (name == other && !from.empty()) std::copy_n(from.begin(), copies, column.begin());
      }
    });
  });
  return out;
}

TEST(Privacy, CopiesAreCounted) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 500, 1);
    Trace synthetic = with_copies(real, 400, 60, 2);
    for (size_t i = 0; i < 20; ++i) synthetic.time[i] += 1;
    const ScoringPair pair{real, synthetic, {}};
    EXPECT_DOUBLE_EQ(score_of(pair, "exact_copy", "records").value, 0.1);
    EXPECT_DOUBLE_EQ(score_of(pair, "exact_copy", "records without time").value, 0.15);
  }
}

TEST(Privacy, IdentifiersByHand) {
  Trace real = random_flows(2, 1);
  real.srcip = {1, 2};
  real.dstip = {2, 3};
  real.srcport = {10, 20};
  real.dstport = {20, 30};
  real.proto = {6, 6};
  Trace synthetic = real;
  synthetic.dstip = {2, 9};  // the second flow goes elsewhere
  Trace holdout = real;
  holdout.srcip = {2, 7};
  holdout.dstip = {8, 8};
  const ScoringPair pair{real, synthetic, {}, &holdout};
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_share", "addresses").value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_share", "address pairs").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_share", "five-tuples").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_share", "addresses with port").value,
                   2.0 / 3);  // 1:10 2:20 3:30
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_leakage", "addresses").value, 2.0 / 3 - 1.0 / 3);
  EXPECT_DOUBLE_EQ(score_of(pair, "identifier_leakage", "address pairs").value, 0.5);
  EXPECT_EQ(score_of(pair, "identifier_leakage", "addresses").n_real, 3);
  EXPECT_EQ(score_of(pair, "dcr_share", "records").reason,
            "a part has 2 records; neighbours need 20 of each");
}

TEST(Privacy, HeldOutRecordsLeakNoMoreThanChance) {
  const Trace real = random_flows(600, 1);
  const Trace holdout = random_flows(300, 2);
  const Trace turned = shuffled(holdout, 3);
  for (const IdentifierKind& kind : identifier_kinds())
    EXPECT_EQ(score_of({real, turned, {}, &holdout}, "identifier_leakage", kind.name).value, 0) << kind.name;
}

TEST(Privacy, TheHoldoutCannotBeComparedWithItself) {
  const Trace real = random_flows(60, 1);
  const Trace holdout = random_flows(30, 2);
  EXPECT_EQ(score_of({real, holdout, {}, &holdout}, "mia_density", "records").reason,
            "the synthetic records are the held-out ones");
  EXPECT_EQ(score_of({real, holdout, {}, &holdout}, "exact_copy", "records").outcome, Outcome::value);
}

TEST(Privacy, CopiedTrainingRecordsMoveEveryScore) {
  const Trace real = random_flows(1000, 1, 2000);
  const Trace holdout = random_flows(1000, 2, 2000);
  double copied = -1, closer = 0, density = 0, leaked = -1;
  for (const size_t copies : {0, 100, 300, 1000}) {
    const Trace synthetic = with_copies(real, 1000, copies, 3);
    const ScoringPair pair{real, synthetic, {}, &holdout};
    const auto moved = [&](std::string_view metric, std::string_view field, double& before) {
      const double now = score_of(pair, metric, field).value;
      EXPECT_GT(now, before + 0.01) << metric << " at " << copies;
      before = now;
    };
    moved("exact_copy", "records", copied);
    moved("dcr_share", "records", closer);
    moved("mia_density", "records", density);
    moved("identifier_leakage", "five-tuples", leaked);
  }
  EXPECT_EQ(copied, 1);
}

TEST(Privacy, WithoutHoldoutOnlySharesAreThere) {
  const Trace real = random_packets(100, 1);
  Trace empty;
  for (const Trace* holdout : {static_cast<const Trace*>(nullptr), static_cast<const Trace*>(&empty)}) {
    for (const Score& score : privacy_scores({real, real, {}, holdout}, {})) {
      const bool plain = score.metric == "exact_copy" || score.metric == "identifier_share";
      EXPECT_EQ(score.outcome, plain ? Outcome::value : Outcome::not_applicable) << score.metric;
      if (plain) {
        EXPECT_EQ(score.value, 1);
      } else {
        EXPECT_EQ(score.reason, "there are no held-out records");
      }
    }
  }
}

TEST(Privacy, EveryScoreHasACardAndAnOutcome) {
  const MetricFamily family = privacy_family();
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 200, 1);
    Trace far_times = real;
    for (size_t i = 0; i < far_times.size(); ++i) far_times.time[i] = i % 2 == 0 ? INT64_MIN : INT64_MAX;
    Trace timeless = real;
    timeless.time.clear();
    Trace bare = real;
    bare.tos.clear(), bare.id.clear(), bare.ip_flags.clear(), bare.fragment_offset.clear(), bare.ttl.clear();
    Trace constant = select(real, std::vector<size_t>(100, 3));
    Trace large = real;
    for (auto* column : {&large.duration, &large.packets, &large.bytes})
      std::fill(column->begin(), column->end(), INT64_MAX);
    const std::vector<const Trace*> odd{&real, &far_times, &timeless, &bare, &constant, &large};
    for (const Trace* a : odd) {
      for (const Trace* b : odd) {
        for (const Trace* held : odd) {
          if (*b == *held) continue;
          for (const Score& score : family.evaluate({*a, *b, {}, held})) {
            const auto card = std::find_if(family.cards.begin(), family.cards.end(),
                                           [&](const MetricCard& c) { return c.id == score.metric; });
            ASSERT_NE(card, family.cards.end()) << score.metric;
            ASSERT_EQ(score.outcome, Outcome::value) << score.metric << ": " << score.reason;
            EXPECT_EQ(score.direction, card->direction);
            EXPECT_GE(score.value, card->lo) << score.metric;
            EXPECT_LE(score.value, card->hi) << score.metric;
          }
        }
      }
    }
  }
}

TEST(Privacy, TheOrderOfRecordsDoesNotMatter) {
  const NeighbourOptions few{60, 90, 2};
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 300, 1);
    const Trace synthetic = with_copies(real, 250, 50, 2);
    const Trace holdout = random_trace(kind, 200, 3);
    const Trace real_turned = shuffled(real, 4), synthetic_turned = shuffled(synthetic, 5);
    const Trace holdout_turned = shuffled(holdout, 6);
    const auto before = privacy_scores({real, synthetic, {}, &holdout}, few);
    const auto after = privacy_scores({real_turned, synthetic_turned, {}, &holdout_turned}, few);
    ASSERT_EQ(before.size(), after.size());
    for (size_t i = 0; i < before.size(); ++i)
      EXPECT_NEAR(before[i].value, after[i].value, 1e-9) << before[i].metric << " " << before[i].field;
  }
}

}  // namespace
}  // namespace bench
