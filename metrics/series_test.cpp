#include "metrics/series.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "metrics/divergence.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

// Sessions of `length` packets; the address of a session is its number, its service port 80.
Trace sessions(size_t count, size_t length) {
  Trace trace;
  trace.kind = TraceKind::packets;
  for (size_t s = 0; s < count; ++s) {
    for (size_t i = 0; i < length; ++i) {
      trace.srcip.push_back(static_cast<uint32_t>(s));
      trace.dstip.push_back(9);
      trace.srcport.push_back(static_cast<uint16_t>(2000 + s));
      trace.dstport.push_back(80);
      trace.proto.push_back(6);
      trace.time.push_back(static_cast<int64_t>(s * 1000 + i * 10));
      trace.length.push_back(static_cast<int32_t>(100));
    }
  }
  return trace;
}

Score score_of(const Trace& real, const Trace& synthetic, std::string_view metric, std::string_view field) {
  const auto scores = series_family().evaluate({real, synthetic, {}});
  const Score* score = find_score(scores, metric, "strict", field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  return score == nullptr ? Score{} : *score;
}

TEST(Autocorrelation, OfAlternatingAndOfConstantSessions) {
  const std::vector<size_t> offsets{0, 4, 8};
  const std::vector<double> alternating{1, 5, 1, 5, 5, 1, 5, 1};
  EXPECT_DOUBLE_EQ(*autocorrelation(alternating, offsets, 1, 2), -1);
  EXPECT_DOUBLE_EQ(*autocorrelation(alternating, offsets, 2, 2), 1);
  const std::vector<double> levels{3, 3, 3, 3, 8, 8, 8, 8};
  EXPECT_DOUBLE_EQ(*autocorrelation(levels, offsets, 3, 2), 1);
  EXPECT_EQ(autocorrelation(levels, offsets, 4, 1), std::nullopt);  // no session is that long
  EXPECT_EQ(autocorrelation(levels, offsets, 3, 3), std::nullopt);  // two pairs
}

TEST(Series, ShufflingInsideSessionsIsSeenByTheAutocorrelationAlone) {
  Trace real = sessions(20, 10);
  for (size_t i = 0; i < real.size(); ++i) real.length[i] = i % 2 == 0 ? 40 : 1500;
  Trace shuffled_lengths = real;
  Rng rng(1);
  for (size_t s = 0; s < 20; ++s) {
    const auto begin = shuffled_lengths.length.begin() + static_cast<std::ptrdiff_t>(10 * s);
    std::shuffle(begin, begin + 10, rng);
  }
  EXPECT_GT(score_of(real, shuffled_lengths, "autocorrelation", "pkt_len").value, 0.7);
  for (const Score& score : series_family().evaluate({real, shuffled_lengths, {}})) {
    if (score.metric == "autocorrelation" || score.outcome != Outcome::value) continue;
    EXPECT_EQ(score.value, score.direction == Direction::lower ? 0 : 1) << score.metric << " " << score.field;
  }
}

TEST(Series, AttributesCountSessionsOnce) {
  // Real: sessions to ports 80 and 53, with 1 and 9 packets; synthetic the other way round.
  Trace real = sessions(1, 10);
  real.dstport.assign(10, 53);
  real.dstport[0] = 80;
  Trace synthetic = real;
  synthetic.dstport.assign(10, 80);
  synthetic.dstport[0] = 53;
  const Score port = score_of(real, synthetic, "attr_similarity", "dstport");
  EXPECT_EQ(port.value, 0);
  EXPECT_EQ(port.n_real, 2);
  EXPECT_EQ(score_of(real, synthetic, "session_length", "records").value, 0);
  EXPECT_NEAR(score_of(real, synthetic, "attr_feature_corr", "pkt_len | dstport").value, 0, 1e-15);
}

TEST(Series, CoverageIsJaccard) {
  Trace real = sessions(4, 1);       // addresses 0 .. 3
  Trace synthetic = sessions(6, 1);  // 0 .. 5
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "attr_coverage", "srcip").value, 4.0 / 6);
  EXPECT_EQ(score_of(real, synthetic, "attr_coverage", "proto").value, 1);
  for (auto& address : synthetic.srcip) address += 100;
  EXPECT_EQ(score_of(real, synthetic, "attr_coverage", "srcip").value, 0);
}

TEST(Series, JointAttributes) {
  // Ports (1, 1) and (2, 2) against (1, 2) and (2, 1): single attributes equal, triples disjoint.
  Trace real = sessions(2, 1);
  Trace synthetic = real;
  real.srcport = {1, 2};
  real.dstport = {1, 2};
  synthetic.srcport = {1, 2};
  synthetic.dstport = {2, 1};
  EXPECT_EQ(score_of(real, synthetic, "attr_similarity", "srcport").value, 0);
  EXPECT_EQ(score_of(real, synthetic, "attr_similarity", "dstport").value, 0);
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "attr_similarity_joint", "srcport x dstport x proto").value,
                   std::sqrt(kLn2));
  EXPECT_EQ(score_of(real, synthetic, "attr_similarity_joint", "srcip x dstip").value, 0);
}

TEST(Series, SessionLengthAndInterarrival) {
  const Trace real = sessions(30, 4);
  const Trace longer = sessions(30, 5);
  EXPECT_DOUBLE_EQ(score_of(real, longer, "session_length", "records").value, std::sqrt(kLn2));
  EXPECT_EQ(score_of(real, longer, "interarrival", "interarrival").value, 0);
  EXPECT_EQ(score_of(real, longer, "interarrival", "interarrival").n_synthetic, 120);
  Trace slower = real;
  for (auto& time : slower.time) time *= 2;
  EXPECT_DOUBLE_EQ(score_of(real, slower, "interarrival", "interarrival").value, std::sqrt(kLn2));
}

TEST(Series, FeaturesTogetherAndCrossCorrelation) {
  Trace real = random_flows(400, 1);
  std::iota(real.packets.begin(), real.packets.end(), 1);
  real.bytes = real.packets;
  real.duration.assign(400, 0);
  Trace opposite = real;
  std::reverse(opposite.bytes.begin(), opposite.bytes.end());
  EXPECT_EQ(score_of(real, opposite, "feature_similarity", "byt").value, 0);
  EXPECT_NEAR(score_of(real, opposite, "cross_feature_corr", "pkt x byt").value, 2, 1e-12);
  EXPECT_EQ(score_of(real, opposite, "cross_feature_corr", "td x pkt").value, 0);
  EXPECT_GT(score_of(real, opposite, "feature_similarity_joint", "every feature").value, 0.7);
}

TEST(Series, FeatureGivenAttribute) {
  // TCP packets 40 bytes, UDP 100; the synthetic trace swaps the two: TV 1 for every protocol.
  Trace real = sessions(40, 1);
  for (size_t i = 0; i < 40; ++i) {
    real.proto[i] = i % 2 == 0 ? 6 : 17;
    real.length[i] = i % 2 == 0 ? 40 : 100;
  }
  Trace synthetic = real;
  for (auto& length : synthetic.length) length = 140 - length;
  EXPECT_EQ(score_of(real, synthetic, "feature_similarity", "pkt_len").value, 0);
  EXPECT_DOUBLE_EQ(score_of(real, synthetic, "attr_feature_corr", "pkt_len | proto").value, 1);
}

TEST(Series, WithoutTimesThereIsNoOrder) {
  const Trace real = sessions(30, 4);
  Trace timeless = real;
  timeless.time.clear();
  EXPECT_EQ(score_of(real, timeless, "autocorrelation", "pkt_len").reason,
            "without times records have no order");
  EXPECT_EQ(score_of(real, timeless, "interarrival", "interarrival").outcome, Outcome::not_applicable);
  EXPECT_EQ(score_of(real, timeless, "session_length", "records").value, 0);
}

}  // namespace
}  // namespace bench
