#include "downstream/anomaly/anomaly.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/rank.h"
#include "datasets/surrogate/surrogate.h"
#include "downstream/anomaly/comparison.h"

namespace bench {
namespace {

constexpr size_t kModes = std::size(kNetmlModes);

std::vector<Score> evaluate(const ScoringPair& pair, const AnomalyParams& params) {
  return anomaly_task().evaluate(pair, params, Seed(1));
}

const Score& score_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                      std::string_view field) {
  const auto it = std::find_if(scores.begin(), scores.end(), [&](const Score& score) {
    return score.metric == metric && score.mode == mode && score.field == field;
  });
  static const Score none;
  EXPECT_NE(it, scores.end()) << metric << " " << mode << " " << field;
  return it == scores.end() ? none : *it;
}

double value_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                std::string_view field) {
  const Score& score = score_of(scores, metric, mode, field);
  EXPECT_EQ(score.outcome, Outcome::value) << metric << " " << field << ": " << score.reason;
  return score.value;
}

AnomalyParams with(std::string detectors, std::string fit) {
  AnomalyParams params;
  params.detectors = std::move(detectors);
  params.fit = std::move(fit);
  return params;
}

Trace packets(int64_t records, uint64_t seed) { return simulate("dc-surrogate", records, Seed(seed)); }

// Two packets per flow: every vector of STATS, SIZE, ... has the same length, and none is cut.
Trace pairs_of_packets(size_t flows, int64_t gap, int32_t length) {
  Trace trace;
  for (size_t i = 0; i < 2 * flows; ++i) {
    trace.srcip.push_back(static_cast<uint32_t>(i / 2));
    trace.dstip.push_back(1);
    trace.srcport.push_back(1000);
    trace.dstport.push_back(80);
    trace.proto.push_back(6);
    trace.time.push_back(static_cast<int64_t>(i / 2) * 1000 + (i % 2 == 1 ? gap : 0));
    trace.length.push_back(length + static_cast<int32_t>(i / 2));
  }
  return trace;
}

TEST(Anomaly, FlowsAreCountedAtEachScale) {
  const Trace real = pairs_of_packets(40, 1000, 100);
  const Trace holdout = pairs_of_packets(10, 1000, 100);
  const Trace slower = pairs_of_packets(30, 2000, 100);  // all cut at the real trace's gap of 1000 ns
  const auto scores = evaluate({real, slower, {}, &holdout}, with("pca", "both"));
  EXPECT_EQ(value_of(scores, "netml_flows", "real", "self"), 40);
  EXPECT_EQ(value_of(scores, "netml_flows", "synthetic", "self"), 30);
  EXPECT_EQ(value_of(scores, "netml_flows", "real", "real"), 10);
  EXPECT_EQ(value_of(scores, "netml_flows", "synthetic", "real"), 0);
  EXPECT_EQ(score_of(scores, "netml_flows", "synthetic", "self").n_synthetic, 60);
  for (const char* metric : {"anomaly_ratio_error", "anomaly_score_emd"}) {
    EXPECT_EQ(score_of(scores, metric, "strict", "pca real SIZE").reason,
              "0 usable flows in the synthetic trace");
  }
  EXPECT_EQ(score_of(scores, "anomaly_ratio_error", "strict", "pca self SIZE").outcome, Outcome::value);
}

TEST(Anomaly, FitOnRealIsTheComparisonInTheRealTracesScale) {
  const Trace real = packets(4000, 1), holdout = packets(1500, 2), synthetic = packets(3000, 3);
  const auto scores = evaluate({real, synthetic, {}, &holdout}, with("iforest", "real"));
  const NetmlScale scale = netml_flows(real, {}).scale;
  const auto train = netml_vectors(real, {}, "label"), rest = netml_vectors(holdout, {}, "label", scale),
             made = netml_vectors(synthetic, {}, "label", scale);
  const auto& detectors = all_detectors();
  const auto iforest = std::find_if(detectors.begin(), detectors.end(),
                                    [](const DetectorEntry& entry) { return entry.id == "iforest"; });
  std::vector<double> a, b;
  for (size_t m = 0; m < kModes; ++m) {
    const std::string field = "iforest real " + std::string(netml_mode_name(kNetmlModes[m]));
    const auto expected =
        anomalies_fit_on_real(*iforest, train[m], rest[m], made[m], 0, Seed(1).child("iforest", m));
    EXPECT_EQ(value_of(scores, "anomaly_ratio", "real", field), expected.real_ratio);
    EXPECT_EQ(value_of(scores, "anomaly_ratio", "synthetic", field), expected.synthetic_ratio);
    EXPECT_EQ(value_of(scores, "anomaly_score_emd", "strict", field), *expected.score_emd);
    EXPECT_EQ(value_of(scores, "anomaly_ratio_error", "strict", field), *expected.relative_error);
    EXPECT_EQ(score_of(scores, "anomaly_ratio", "real", field).n_real,
              static_cast<int64_t>(train[m].features.rows()));
    EXPECT_EQ(score_of(scores, "anomaly_ratio", "real", field).n_synthetic,
              static_cast<int64_t>(made[m].features.rows()));
    a.push_back(expected.real_ratio);
    b.push_back(expected.synthetic_ratio);
  }
  EXPECT_DOUBLE_EQ(value_of(scores, "anomaly_rank", "strict", "iforest real spearman"), *spearman(a, b));
  EXPECT_DOUBLE_EQ(value_of(scores, "anomaly_rank", "strict", "iforest real kendall"), *kendall_tau_b(a, b));
  EXPECT_DOUBLE_EQ(value_of(scores, "anomaly_rank_p", "strict", "iforest real spearman"),
                   *spearman_p_value(a, b));
}

TEST(Anomaly, FitOnSelfFlagsHalfOfAnyTrace) {
  const Trace real = packets(4000, 1);
  Trace synthetic = packets(4000, 2);
  for (auto& length : synthetic.length) length = 40 + length / 2;
  const auto scores = evaluate({real, synthetic, {}}, with("ocsvm", "self"));
  for (const char* mode : {"real", "synthetic"})
    EXPECT_NEAR(value_of(scores, "anomaly_ratio", mode, "ocsvm self SIZE"), 0.5, 0.1);
  const auto of_another = std::find_if(scores.begin(), scores.end(), [](const Score& score) {
    return score.field.starts_with("iforest") || score.field.find("real") != std::string::npos;
  });
  EXPECT_EQ(of_another, scores.end());
}

TEST(Anomaly, WithoutHeldOutRecordsTheRealFitHasNoScores) {
  const Trace real = packets(2000, 1);
  const auto scores = evaluate({real, real, {}}, with("pca", "both"));
  for (const Score& score : scores) {
    const bool of_real_fit = score.field == "real" || score.field.find(" real ") != std::string::npos;
    if (!of_real_fit || score.field == "real") continue;
    EXPECT_EQ(score.reason, "there are no held-out records") << score.metric << " " << score.field;
  }
  EXPECT_EQ(score_of(scores, "netml_flows", "real", "real").outcome, Outcome::not_applicable);
  EXPECT_EQ(score_of(scores, "netml_flows", "synthetic", "real").outcome, Outcome::value);
  EXPECT_EQ(score_of(scores, "anomaly_rank", "strict", "pca real kendall").outcome, Outcome::not_applicable);
  EXPECT_EQ(value_of(scores, "anomaly_ratio_error", "strict", "pca self IAT"), 0);
}

TEST(Anomaly, FlowRecordsHaveAFewReasonsOnly) {
  const Trace flows = simulate("ugr16-surrogate", 100, Seed(1));
  const auto scores = evaluate({flows, flows, {}, &flows}, {});
  EXPECT_EQ(scores.size(), 4u);
  for (const Score& score : scores) {
    EXPECT_EQ(score.metric, "netml_flows");
    EXPECT_EQ(score.reason, "the real trace has flow records and NetML reads packets");
  }
}

TEST(Anomaly, UnreadableSyntheticTracesHaveTheFieldsOfReadableOnes) {
  const Trace real = packets(500, 1), good = packets(400, 2);
  Trace no_time = good, alone = good;
  no_time.time.clear();
  for (size_t i = 0; i < alone.size(); ++i) alone.srcip[i] = static_cast<uint32_t>(i);
  const auto expected = evaluate({real, good, {}, &good}, with("pca", "both"));
  for (const auto& [trace, reason] : {std::pair{&no_time, "the synthetic trace has no time"},
                                      {&alone, "0 usable flows in the synthetic trace"}}) {
    const auto scores = evaluate({real, *trace, {}, &good}, with("pca", "both"));
    ASSERT_EQ(scores.size(), expected.size());
    for (size_t i = 0; i < scores.size(); ++i) {
      EXPECT_EQ(scores[i].metric, expected[i].metric);
      EXPECT_EQ(scores[i].mode, expected[i].mode);
      EXPECT_EQ(scores[i].field, expected[i].field);
      if (scores[i].metric == "netml_flows") continue;
      EXPECT_EQ(scores[i].reason, reason);
    }
  }
}

TEST(Anomaly, LabelsGiveAnArea) {
  Trace real = packets(3000, 1);
  real.labels = {{"attack", {"Benign", "scan"}, {}}};
  for (const uint32_t address : real.srcip) real.labels[0].codes.push_back(address % 3 == 0 ? 1 : 0);
  Trace unlabelled = real, normal = real;
  unlabelled.labels.clear();
  for (auto& code : normal.labels[0].codes) code = 0;
  AnomalyParams params = with("pca", "self");
  const auto is_auc = [](const Score& score) { return score.metric == "anomaly_auc"; };
  const auto without = evaluate({real, real, {}}, params);
  EXPECT_EQ(std::count_if(without.begin(), without.end(), is_auc), 0);
  params.label = "attack";
  const auto scores = evaluate({real, unlabelled, {}}, params);
  EXPECT_EQ(std::count_if(scores.begin(), scores.end(), is_auc), 2 * static_cast<int>(kModes));
  EXPECT_EQ(score_of(scores, "anomaly_auc", "real", "pca self IAT").outcome, Outcome::value);
  EXPECT_EQ(score_of(scores, "anomaly_auc", "synthetic", "pca self IAT").reason,
            "the synthetic trace has no label column \"attack\"");
  EXPECT_EQ(score_of(evaluate({real, normal, {}}, params), "anomaly_auc", "synthetic", "pca self IAT").reason,
            "the flows of the synthetic trace are all normal or all anomalous");
}

TEST(Anomaly, TheCapShowsInTheCounts) {
  const Trace real = packets(4000, 1), synthetic = packets(4000, 2);
  AnomalyParams params = with("iforest", "self");
  params.training_cap = 25;
  const auto scores = evaluate({real, synthetic, {}}, params);
  EXPECT_EQ(score_of(scores, "anomaly_ratio", "real", "iforest self STATS").n_real, 25);
  EXPECT_EQ(score_of(scores, "anomaly_ratio", "real", "iforest self STATS").n_synthetic, 25);
}

TEST(AnomalyParams, BecomeNetml) {
  AnomalyParams params;
  EXPECT_EQ(params.netml(), NetmlParams{});
  params.rules = "strict";
  params.timeout_s = 1.5;
  params.link_header = 14;
  params.min_packets = 3;
  params.quantile = 0.5;
  EXPECT_EQ(params.netml(), (NetmlParams{NetmlRules::strict, 0.5, 3, 1'500'000'000, 14}));
}

TEST(AnomalyCards, SayThatNuFixesTheAnswer) {
  for (const MetricCard& card : anomaly_cards()) {
    if (card.id != "anomaly_ratio" && card.id != "anomaly_ratio_error") continue;
    EXPECT_NE(card.blind_spot.find("nu = 0.5"), std::string_view::npos) << card.id;
  }
}

}  // namespace
}  // namespace bench
