#include "experiments/rank_order.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/test_scores.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Ordering kErrors[] = {{"error", "real", "synthetic"}};
/// [algorithm][repeat]
using Results = std::vector<std::vector<double>>;

/// Algorithms "a0", "a1", ... of a group.
void add(HandScored& hand, const std::string& title, size_t d, const std::string& group, const Results& real,
         const Results& synthetic) {
  for (size_t i = 0; i < real.size(); ++i) {
    const std::string field = fmt::format("{}{}a{}", group, group.empty() ? "" : " ", i);
    hand.add(title, d, hand_score("error", "real", field), real[i]);
    hand.add(title, d, hand_score("error", "synthetic", field), synthetic[i]);
  }
}

std::string cell(const HandScored& hand, const std::string& title = "netshare[a]") {
  const auto row = row_after(rank_order_section(hand.sweep, hand.scores, kErrors), "error", title);
  return row.size() > 1 ? row[1] : "no row";
}

TEST(RankOrder, EqualAndReversedOrders) {
  HandScored hand({"a", "b"}, {"ugr16-surrogate"}, 1);
  const Results rising{{1}, {2}, {3}, {4}, {5}};
  add(hand, "netshare[a]", 0, "", rising, {{10}, {11}, {12}, {40}, {50}});
  add(hand, "netshare[b]", 0, "", rising, {{5}, {4}, {3}, {2}, {1}});
  add(hand, "split", 0, "", rising, rising);
  EXPECT_EQ(cell(hand), "1.00 1.00 p 0.017 (5 x 1)") << "2 of 5! orders are as far from chance";
  EXPECT_EQ(cell(hand, "netshare[b]"), "-1.00 -1.00 p 0.017 (5 x 1)");
  EXPECT_EQ(cell(hand, "(split)"), "1.00 1.00 p 0.017 (5 x 1)");
}

TEST(RankOrder, TiesShareTheirMeanRank) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 1);
  add(hand, "netshare[a]", 0, "", {{1}, {1}, {2}}, {{1}, {2}, {3}});
  // rho = cos 30 degrees, tau-b = 2 / sqrt(2 * 3), 4 of the 6 orders reach |rho|.
  EXPECT_EQ(cell(hand), "0.87 0.82 p 0.67 (3 x 1)");
}

TEST(RankOrder, RepeatsAreAveragedUnroundedBeforeRanking) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 2);
  // Means 1.001, 1.002, 1.003 of the real side; the synthetic ones lie in the same order.
  add(hand, "netshare[a]", 0, "", {{0.001, 2.001}, {2.002, 0.002}, {1.003, 1.003}}, {{1}, {2}, {3}});
  EXPECT_THAT(cell(hand), ::testing::StartsWith("1.00 ["));
  EXPECT_THAT(cell(hand), HasSubstr("] 1.00 p 0.33 (3 x 2)"));
  EXPECT_THAT(cell(hand), Not(HasSubstr("[1.00, 1.00]"))) << "single repeats disagree";
}

TEST(RankOrder, RepeatsThatAgreeHaveANarrowInterval) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 3);
  add(hand, "netshare[a]", 0, "", {{1, 2, 3}, {4, 5, 6}}, {{7}, {8}});
  EXPECT_EQ(cell(hand), "1.00 [1.00, 1.00] 1.00 p 1 (2 x 3)");
}

TEST(RankOrder, AnAlgorithmNeedsBothSidesInEveryRepeat) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 2);
  add(hand, "netshare[a]", 0, "", {{1}, {2}, {3}, {0}}, {{1}, {2}, {3}, {9}});
  const auto fail = [&](const std::string& mode, const std::string& field, int64_t repeat) {
    for (CellScore& s : hand.scores) {
      if (s.score.mode == mode && s.score.field == field && s.cell->repeat == repeat)
        s.score.outcome = Outcome::not_applicable;
    }
  };
  fail("synthetic", "a3", 1);
  EXPECT_EQ(cell(hand), "1.00 [1.00, 1.00] 1.00 p 0.33 (3 x 2)") << "the one that disagrees is out";
  for (const char* field : {"a0", "a1", "a2"}) fail("real", field, 1);
  EXPECT_EQ(cell(hand), "-0.20 0.00 p 0.92 (4 x 1)") << "the second repeat has nothing and does not count";
  fail("real", "a0", 0);
  fail("real", "a1", 0);
  fail("real", "a2", 0);
  EXPECT_EQ(cell(hand), "n/a (1 x 1)");
}

TEST(RankOrder, ASideThatOrdersNothingIsNotApplicable) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 1);
  add(hand, "netshare[a]", 0, "", {{1}, {2}}, {{3}, {3}});
  EXPECT_EQ(cell(hand), "n/a (2 x 1)");
}

TEST(RankOrder, GroupsAndDatasetsStandApart) {
  HandScored hand({"a", "b"}, {"ugr16-surrogate", "caida-surrogate"}, 1);
  add(hand, "netshare[a]", 0, "src ip", {{1}, {2}}, {{1}, {2}});
  add(hand, "netshare[a]", 1, "dstip", {{1}, {2}}, {{2}, {1}});
  add(hand, "netshare[b]", 0, "dstip", {{1}, {2}}, {{1}, {2}});
  const std::string text = rank_order_section(hand.sweep, hand.scores, kErrors);
  EXPECT_THAT(row_after(text, "error: src ip (synthetic against real)", "generator"),
              ElementsAre("generator", "ugr16-surrogate"));
  EXPECT_THAT(row_after(text, "error: src ip", "netshare[a]"),
              ElementsAre("netshare[a]", "1.00 1.00 p 1 (2 x 1)"));
  EXPECT_THAT(row_after(text, "error: dstip", "generator"),
              ElementsAre("generator", "ugr16-surrogate", "caida-surrogate"));
  EXPECT_THAT(row_after(text, "error: dstip", "netshare[a]"),
              ElementsAre("netshare[a]", "-", "-1.00 -1.00 p 1 (2 x 1)"));
  EXPECT_THAT(row_after(text, "error: dstip", "netshare[b]"),
              ElementsAre("netshare[b]", "1.00 1.00 p 1 (2 x 1)", "-"));
}

TEST(RankOrder, AGeneratorMoreChangesNobodyElse) {
  const Results real{{1, 4, 2}, {2, 3, 1}, {3, 1, 5}};
  const Results synthetic{{2, 1, 4}, {1, 5, 3}, {3, 2, 2}};
  HandScored alone({"a"}, {"ugr16-surrogate"}, 3);
  add(alone, "netshare[a]", 0, "", real, synthetic);
  HandScored beside({"b", "a"}, {"ugr16-surrogate"}, 3);
  add(beside, "netshare[b]", 0, "", synthetic, real);
  add(beside, "netshare[a]", 0, "", real, synthetic);
  EXPECT_THAT(cell(alone), HasSubstr("["));
  EXPECT_EQ(cell(alone), cell(beside));
}

TEST(RankOrder, AGroupThatAppliesNowhereHasNoTable) {
  HandScored hand({"a"}, {"ugr16-surrogate", "caida-surrogate"}, 1);
  add(hand, "netshare[a]", 0, "dstip", {{1}, {2}}, {{1}, {2}});
  add(hand, "netshare[a]", 1, "dstip", {{1}, {2}}, {{1}, {2}});
  add(hand, "netshare[a]", 1, "every", {{1}}, {{1}});
  for (CellScore& s : hand.scores) {
    if (s.cell->dataset == 1) s.score.outcome = Outcome::not_applicable;
  }
  const std::string text = rank_order_section(hand.sweep, hand.scores, kErrors);
  EXPECT_THAT(row_after(text, "error: dstip", "netshare[a]"),
              ElementsAre("netshare[a]", "1.00 1.00 p 1 (2 x 1)", "n/a (0 x 0)"));
  EXPECT_THAT(text, Not(HasSubstr("every (")));
}

TEST(RankOrder, NothingToSayWithoutScoresOfAnOrdering) {
  HandScored hand({"a"}, {"ugr16-surrogate"}, 1);
  hand.add("netshare[a]", 0, hand_score("error", "strict", "a0"), {1});
  hand.add("netshare[a]", 0, hand_score("rule_pass", "real", "V1"), {1});
  EXPECT_EQ(rank_order_section(hand.sweep, hand.scores, kErrors), "");
}

}  // namespace
}  // namespace bench
