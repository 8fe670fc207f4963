#include "experiments/aggregates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/test_scores.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Score kJsd = hand_score("jsd", "paper", "srcip", "nats");
const Score kEmd = hand_score("emd", "paper", "td", "s");
const Score kPeer = hand_score("emd_peer", "paper", "td", "of the worst");

std::vector<std::string> row(const HandScored& hand, const std::string& name) {
  return row_after(aggregates_section(hand.sweep, hand.scores), "## ", name);
}

/// Two fields on the first dataset and one on the second.
HandScored three_generators() {
  HandScored hand({"a", "b", "c"}, {"ugr16-surrogate", "caida-surrogate"}, 2);
  hand.add("netshare[a]", 0, kJsd, {0.1, 0.3});
  hand.add("netshare[b]", 0, kJsd, {0.4});
  hand.add("netshare[c]", 0, kJsd, {0.6});
  hand.add("netshare[a]", 0, kEmd, {1});
  hand.add("netshare[b]", 0, kEmd, {4});
  hand.add("netshare[c]", 0, kEmd, {2});
  hand.add("netshare[a]", 1, kJsd, {0.1});
  hand.add("netshare[b]", 1, kJsd, {0.1});
  hand.add("netshare[c]", 1, kJsd, {0.3});
  hand.add("netshare[a]", 0, kPeer, {0.2, 0.4});
  return hand;
}

TEST(Aggregates, MeansGoOverSeedsThenFieldsThenDatasets) {
  const HandScored hand = three_generators();
  // Improvement over the mean: (0.6 + 2/3) / 2 on the first dataset, 0.5 on the second; over the best: 0.5
  // and 0. Ratios: sqrt(0.4 / 3) and 0.5. Pooled fields would say 58.9 %.
  EXPECT_THAT(row(hand, "netshare[a]"),
              ElementsAre("netshare[a]", "0.15", "0.3", "0.427", "56.7 %", "25.0 %", "3/3 in 2/2"));
}

TEST(Aggregates, WorseThanTheBaselinesIsNegative) {
  const HandScored hand = three_generators();
  // Over the mean: (-1 + 0.2) / 2 and -2; over the best: (-2 + 0) / 2 with the best of td = 1, and -2.
  EXPECT_THAT(row(hand, "netshare[c]"),
              ElementsAre("netshare[c]", "0.45", "n/a", "1.95", "-120.0 %", "-175.0 %", "3/3 in 2/2"));
}

TEST(Aggregates, ZerosAreLeftOutAndCounted) {
  HandScored hand({"a", "b"}, {"ugr16-surrogate"}, 1);
  hand.add("netshare[a]", 0, kJsd, {0});
  hand.add("netshare[b]", 0, kJsd, {0});
  hand.add("netshare[a]", 0, kEmd, {0});
  hand.add("netshare[b]", 0, kEmd, {3});
  EXPECT_THAT(row(hand, "netshare[a]"),
              ElementsAre("netshare[a]", "0", "n/a", "n/a (2 left out)", "100.0 % (1 left out)",
                          "100.0 % (1 left out)", "2/2 in 1/1"));
  EXPECT_THAT(row(hand, "netshare[b]"), ElementsAre("netshare[b]", "0", "n/a", "n/a (2 left out)",
                                                    "n/a (2 left out)", "n/a (2 left out)", "2/2 in 1/1"));
}

TEST(Aggregates, ADatasetWithoutTheGeneratorIsNotInItsMeans) {
  HandScored hand({"a", "b", "c"}, {"ugr16-surrogate", "caida-surrogate"}, 1);
  for (size_t d = 0; d < 2; ++d) {
    hand.add("netshare[a]", d, kJsd, {0.2});
    if (d == 0) hand.add("netshare[b]", d, kJsd, {0.4});
  }
  EXPECT_THAT(row(hand, "netshare[a]"),
              ElementsAre("netshare[a]", "0.2", "n/a", "0.5", "50.0 %", "50.0 %", "2/2 in 2/2"))
      << "nobody to compare with on the second dataset";
  EXPECT_THAT(row(hand, "netshare[b]"),
              ElementsAre("netshare[b]", "0.4", "n/a", "2", "-100.0 %", "-100.0 %", "1/2 in 1/2"));
  EXPECT_THAT(row(hand, "netshare[c]"),
              ElementsAre("netshare[c]", "n/a", "n/a", "n/a", "n/a", "n/a", "0/2 in 0/2"));
}

TEST(Aggregates, EqualGeneratorsDoNotImprove) {
  HandScored hand({"a", "b", "c"}, {"ugr16-surrogate"}, 1);
  for (const char* title : {"netshare[a]", "netshare[b]", "netshare[c]"}) hand.add(title, 0, kJsd, {0.1});
  EXPECT_THAT(row(hand, "netshare[b]"),
              ElementsAre("netshare[b]", "0.1", "n/a", "1", "0.0 %", "0.0 %", "1/1 in 1/1"));
}

TEST(Aggregates, ReferencesAreNoBaselinesAndHaveNoRow) {
  HandScored hand({"a", "b"}, {"ugr16-surrogate"}, 1);
  hand.add("netshare[a]", 0, kJsd, {0.2});
  hand.add("netshare[b]", 0, kJsd, {0.4});
  const std::string without = aggregates_section(hand.sweep, hand.scores);
  hand.add("uniform", 0, kJsd, {0.6});
  hand.add("split", 0, kJsd, {0.01});
  EXPECT_EQ(aggregates_section(hand.sweep, hand.scores), without);
  EXPECT_THAT(without, HasSubstr("Datasets: ugr16-surrogate (SURROGATE)."));
}

TEST(Aggregates, OnlyPaperDistancesOfFieldsCount) {
  HandScored hand({"a", "b"}, {"ugr16-surrogate"}, 1);
  for (const char* title : {"netshare[a]", "netshare[b]"}) {
    hand.add(title, 0, hand_score("jsd", "strict", "srcip"), {0.1});
    hand.add(title, 0, hand_score("ks", "paper", "td"), {0.1});
    Score missing = kJsd;
    missing.outcome = Outcome::not_applicable;
    hand.add(title, 0, missing, {0});
  }
  EXPECT_EQ(aggregates_section(hand.sweep, hand.scores), "");
}

TEST(Aggregates, OneGeneratorHasNobodyToCompareWith) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 1);
  hand.add("netshare[a]", 0, kJsd, {0.2});
  hand.add("split", 0, kJsd, {0.1});
  EXPECT_EQ(aggregates_section(hand.sweep, hand.scores), "");
}

}  // namespace
}  // namespace bench
