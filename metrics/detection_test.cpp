#include "metrics/detection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "metrics/joint.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

std::vector<Score> scores_of(const Trace& real, const Trace& synthetic) {
  ScoreList list;
  add_detection({real, synthetic, {}}, list);
  return list.take();
}

double value_of(const std::vector<Score>& scores, std::string_view metric,
                std::string_view field = "record") {
  const Score* score = find_score(scores, metric, "strict", field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  return score == nullptr ? -1 : score->value;
}

// Field names of c2st_field, the largest value first.
std::vector<std::string> named(const std::vector<Score>& scores) {
  std::vector<Score> fields;
  std::copy_if(scores.begin(), scores.end(), std::back_inserter(fields),
               [](const Score& s) { return s.metric == "c2st_field" && s.outcome == Outcome::value; });
  std::stable_sort(fields.begin(), fields.end(),
                   [](const Score& a, const Score& b) { return a.value > b.value; });
  std::vector<std::string> names;
  for (const Score& field : fields) names.push_back(field.field);
  return names;
}

TEST(Detection, SwappedPortsAreFoundAndNamed) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 1500, 1);
    Trace swapped = random_trace(kind, 1500, 2);
    std::swap(swapped.srcport, swapped.dstport);
    const auto scores = scores_of(real, swapped);
    EXPECT_GT(value_of(scores, "c2st"), 0.95);
    // The trees need only one of the two ports, which then has all the gain.
    EXPECT_TRUE(named(scores)[0] == "srcport" || named(scores)[0] == "dstport") << named(scores)[0];
    EXPECT_GT(value_of(scores, "c2st_field", "srcport") + value_of(scores, "c2st_field", "dstport"), 0.9);
  }
}

TEST(Detection, FieldsSumToTheScore) {
  const auto scores = scores_of(random_flows(400, 1), random_flows(300, 2, 20));
  double sum = 0;
  for (const Score& score : scores) sum += score.metric == "c2st_field" ? score.value : 0;
  EXPECT_NEAR(sum, value_of(scores, "c2st"), 1e-12);
}

TEST(Detection, AnotherSampleOfOneDistributionIsHardToTell) {
  const auto scores = scores_of(random_flows(3000, 1), random_flows(3000, 2));
  EXPECT_LT(value_of(scores, "c2st"), 0.08);
  EXPECT_GT(value_of(scores, "density"), 0.9);
  EXPECT_GT(value_of(scores, "coverage"), 0.9);
}

TEST(Detection, ShuffledColumnsAreFound) {
  const Trace real = random_flows(2000, 1);
  Trace columns = real;
  Rng rng(1);
  std::shuffle(columns.bytes.begin(), columns.bytes.end(), rng);
  std::shuffle(columns.proto.begin(), columns.proto.end(), rng);
  EXPECT_GT(value_of(scores_of(real, columns), "c2st"), 0.5);
}

TEST(Detection, OneRecordRepeatedCoversNothing) {
  const Trace real = random_flows(500, 1);
  const Trace collapsed = select(real, std::vector<size_t>(500, 3));
  EXPECT_LT(value_of(scores_of(real, collapsed), "coverage"), 0.3);
}

TEST(Detection, CapsAreReported) {
  const Trace real = random_flows(6000, 1);
  const Trace synthetic = random_flows(1000, 2);
  const auto scores = scores_of(real, synthetic);
  EXPECT_EQ(find_score(scores, "density", "strict", "record")->n_real, 2000);
  EXPECT_EQ(find_score(scores, "c2st", "strict", "record")->n_real, 5000);
  EXPECT_EQ(find_score(scores, "c2st", "strict", "record")->n_synthetic, 1000);
}

TEST(Detection, TimesAreLeftOut) {
  const Trace real = random_flows(300, 1);
  Trace late = real;
  for (auto& time : late.time) time += 1000 * kSecond;
  EXPECT_LT(value_of(scores_of(real, late), "c2st"), 0.2);
  EXPECT_EQ(find_score(scores_of(real, late), "c2st_field", "strict", "ts"), nullptr);
}

TEST(Detection, MissingColumnsAndFewRecordsSaySo) {
  const Trace real = random_packets(50, 1);
  Trace bare = random_packets(50, 2);
  bare.ttl.clear();
  EXPECT_EQ(find_score(scores_of(real, bare), "c2st_field", "strict", "ttl")->reason,
            "the synthetic trace has no ttl column");
  for (const Score& score : scores_of(real, random_packets(9, 1)))
    EXPECT_EQ(score.reason, "one trace has fewer than 10 records");
}

}  // namespace
}  // namespace bench
