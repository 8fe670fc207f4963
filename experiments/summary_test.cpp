#include "experiments/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/table.h"
#include "experiments/test_scores.h"

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Table, AlignsColumnsAndCountsCharactersNotBytes) {
  Table table({"generator", "x"});
  table.add({"a", "1 ±0.5"});
  table.add({"longer name"});
  EXPECT_EQ(table.markdown(),
            "| generator   |      x |\n"
            "|-------------|-------:|\n"
            "| a           | 1 ±0.5 |\n"
            "| longer name |        |\n");
}

TEST(Table, ABarInATextEndsNoCell) {
  Table table({"x | y"});
  table.add({"1"});
  EXPECT_THAT(table.markdown(), ::testing::StartsWith("| x \\| y |\n|"));
}

/// A sweep with two own generators on one surrogate, two repeats, scored by hand.
class SummaryTest : public ::testing::Test {
 protected:
  SummaryTest()
      : sweep_(parse_sweep(
            {{"name", "hand"},
             {"repeats", 2},
             {"datasets", {"ugr16-surrogate"}},
             {"models", {"netshare", {{"name", "netshare"}, {"label", "b"}, {"params", {{"batch", 50}}}}}}},
            "s.json", "")),
        plan_(make_plan(sweep_)),
        outcomes_(plan_.stages.size(), StageOutcome{"ok", "", "", 1, 2, 1 << 20}) {}

  void score(const std::string& title, double first, double second) {
    for (const auto& cell : plan_.cells) {
      if (sweep_.models[cell.model].title() != title) continue;
      scores_.push_back({&cell,
                         {"jsd", "paper", "srcip", Outcome::value, cell.repeat == 0 ? first : second, "",
                          "nats", Direction::lower, 5, 5}});
    }
  }
  /// A score of the two own generators, the same in both repeats.
  void column(Score score, double of_netshare, double of_b) {
    for (const auto& cell : plan_.cells) {
      const std::string title = sweep_.models[cell.model].title();
      if (title != "netshare" && title != "netshare[b]") continue;
      score.value = title == "netshare" ? of_netshare : of_b;
      scores_.push_back({&cell, score});
    }
  }
  Summary make() {
    statuses_ = cell_statuses(plan_, outcomes_);
    return summarise(sweep_, plan_, statuses_, scores_, costs_);
  }

  Sweep sweep_;
  Plan plan_;
  Outcomes outcomes_;
  std::vector<CellStatus> statuses_;
  std::vector<CellScore> scores_;
  std::vector<CellScore> costs_;
};

TEST_F(SummaryTest, CostsAndCardsStandAtTheEnd) {
  score("netshare", 1, 3);
  for (const auto& cell : plan_.cells) {
    const bool first = cell.repeat == 0;
    costs_.push_back({&cell, {"train_cpu", "strict", "cell", Outcome::value, first ? 10.0 : 20.0, "", "s"}});
    costs_.push_back(
        {&cell, {"peak_memory", "strict", "cell", Outcome::value, first ? 1e6 : 1097152, "", "bytes"}});
  }
  const Summary page = make();
  const std::vector<std::string> row = row_after(page.markdown, "## Cost", "ugr16-surrogate");
  ASSERT_EQ(row.size(), 9u);
  EXPECT_EQ(row[1], "netshare");
  EXPECT_EQ(row[2], "n/a");
  EXPECT_EQ(row[3], "15");
  EXPECT_EQ(row[6], "1 MiB");
  EXPECT_THAT(page.headline, ::testing::HasSubstr("## Cost"));
  const std::string cards = page.markdown.substr(page.markdown.find("## Metric cards"));
  EXPECT_THAT(cards, ::testing::HasSubstr("metric      jsd (mode paper, family distribution)"));
  EXPECT_THAT(cards, ::testing::HasSubstr("metric      train_cpu (mode strict, family cost)"));
  EXPECT_THAT(cards, ::testing::Not(::testing::HasSubstr("mode strict, family distribution")));
}

TEST_F(SummaryTest, WhatATrainingGuaranteesIsInASectionOfItsOwn) {
  EXPECT_THAT(make().markdown, Not(HasSubstr("## Privacy")));
  const auto train_of = [&](const char* title, int64_t repeat) -> nlohmann::json& {
    for (const auto& cell : plan_.cells) {
      if (sweep_.models[cell.model].title() != title || cell.repeat != repeat) continue;
      for (const size_t stage : cell.stages) {
        if (plan_.stages[stage].kind == StageKind::train) return outcomes_[stage]->privacy;
      }
    }
    throw std::logic_error("no such cell");
  };
  const nlohmann::json record{{"unit", "flow"},
                              {"delta", 1e-5},
                              {"budget", "2"},
                              {"noise_multiplier", 1.25},
                              {"epsilon", {{"renyi", 1.99}, {"numerical", 1.8}, {"as published", .7}}}};
  train_of("netshare", 0) = record;
  train_of("netshare", 1) = record;
  train_of("netshare", 1)["epsilon"]["numerical"] = 1.9;
  train_of("netshare[b]", 0) = {{"unit", "record"}, {"delta", 1e-6}, {"budget", "inf"}};
  const Summary page = make();
  EXPECT_THAT(page.headline, HasSubstr("## Privacy"));
  const std::string text = page.markdown.substr(page.markdown.find("## Privacy"));
  EXPECT_THAT(text, ::testing::ContainsRegex("\\| +netshare +\\| +flow +\\| +1e-05 +\\| +1.25 +\\| +2 +\\| "
                                             "+1.99 +\\| +1.8 to 1.9 +\\| +0.7 +\\|"));
  EXPECT_THAT(text,
              ::testing::ContainsRegex("netshare.b. +\\| +record +\\| +1e-06 +\\| +- +\\| +inf +\\| +inf"));
  // Noise that was given instead of a budget, and an accounting of another kind.
  train_of("netshare[b]", 0) = {{"unit", "record"}, {"budget", "inf"}, {"epsilon", {{"zcdp", 4.5}}}};
  EXPECT_THAT(make().markdown,
              ::testing::ContainsRegex("netshare.b. +\\| +record +\\| +- +\\| +- +\\| +- +\\| "
                                       "+4.5 +\\| +- +\\| +- +\\|"));
  train_of("netshare[b]", 0) = {{"unit", 3}, {"epsilon", "none"}};
  EXPECT_THAT(make().markdown, HasSubstr("## Privacy")) << "a foreign record spoils no page";
}

TEST_F(SummaryTest, MeanSdBestAndCounts) {
  score("netshare", 0.1, 0.3);
  score("netshare[b]", 0.5, 0.5);
  score("split", 0.01, 0.01);
  const std::string text = make().headline;
  EXPECT_THAT(text, HasSubstr("**0.2 ±0.14**"));
  EXPECT_THAT(text, HasSubstr("0.5 ±0 "));
  EXPECT_THAT(text, HasSubstr("(split)"));
  EXPECT_THAT(text, Not(HasSubstr("**0.01"))) << "a reference row is no competitor";
  EXPECT_THAT(text, HasSubstr("SURROGATE"));
  EXPECT_THAT(text, HasSubstr("| 2/2 |"));
}

TEST_F(SummaryTest, PositionBetweenFloorAndCeiling) {
  score("netshare", 0.2, 0.2);
  score("uniform", 0.5, 0.5);
  score("split", 0.1, 0.1);
  EXPECT_THAT(make().markdown, HasSubstr("0.75")) << "(0.5 - 0.2) / (0.5 - 0.1)";
}

TEST_F(SummaryTest, AFailedCellIsCountedAndNamed) {
  score("netshare", 0.2, 0.2);
  for (const auto& cell : plan_.cells) {
    if (sweep_.models[cell.model].title() == "netshare" && cell.repeat == 1) {
      outcomes_[cell.stages[1]] = StageOutcome{"diverged", "fit", "loss is NaN", 1, 1, 1};
      outcomes_[cell.stages[2]].reset();
    }
  }
  const std::string text = make().headline;
  EXPECT_THAT(text, HasSubstr("12 of 13 cells ok"));
  EXPECT_THAT(text, HasSubstr("| 1/2 |"));
  EXPECT_THAT(text, HasSubstr("diverged in train/fit: loss is NaN"));
}

TEST_F(SummaryTest, NotesOfAStageAreNamedAndAFailedOnesFolderToo) {
  outcomes_[plan_.cells[0].stages[2]]->message = "kept the first 5 records";
  outcomes_[plan_.cells[1].stages[1]] = StageOutcome{"crash", "fit", "no such layer", 1, 1, 1};
  const std::string text = make().headline;
  EXPECT_THAT(text, HasSubstr("## Notes\n\n- " + plan_.cells[0].id + ": kept the first 5 records\n"));
  EXPECT_THAT(text, HasSubstr("no such layer (stages/" + plan_.stages[plan_.cells[1].stages[1]].folder() +
                              ".failed)"));
}

TEST_F(SummaryTest, WhatIsNotApplicableIsSaid) {
  scores_.push_back(
      {&plan_.cells[0],
       {"jsd", "paper", "srcip", Outcome::not_applicable, 0, "no time", "nats", Direction::lower, 5, 5}});
  EXPECT_THAT(make().headline, HasSubstr(" n/a "));
}

TEST_F(SummaryTest, TheBestIsTheHighestWhereHighIsGood) {
  column({"coverage", "strict", "all", Outcome::value, 0, "", "", Direction::higher, 5, 5}, 0.2, 0.9);
  const std::string text = make().markdown;
  EXPECT_THAT(text, HasSubstr("### joint\n\nstrict coverage (higher is better)\n\n"));
  EXPECT_THAT(row_after(text, "strict coverage", "netshare"), ElementsAre("netshare", "0.2 ±0", "2/2"));
  EXPECT_THAT(row_after(text, "strict coverage", "netshare[b]"),
              ElementsAre("netshare[b]", "**0.9 ±0**", "2/2"));
}

TEST_F(SummaryTest, WhereNeitherWayIsBetterThereIsNoBestAndNoPosition) {
  Score score{"ks", "strict", "td", Outcome::value, 0, "", "", Direction::neither, 5, 5};
  column(score, 0.2, 0.9);
  for (const char* title : {"uniform", "split"}) {
    for (const auto& cell : plan_.cells) {
      if (sweep_.models[cell.model].title() == title) scores_.push_back({&cell, score});
    }
  }
  const std::string text = make().markdown;
  EXPECT_THAT(text, HasSubstr("0.9 ±0 "));
  EXPECT_THAT(text, Not(HasSubstr("**")));
  EXPECT_THAT(text, Not(HasSubstr("Position")));
}

TEST_F(SummaryTest, BothSidesStandInOneTableAndTheRealOneHasNoBest) {
  column({"rule_pass", "real", "V1", Outcome::value, 0, "", "", Direction::neither, 5, 5}, 1, 1);
  column({"rule_pass", "synthetic", "V1", Outcome::value, 0, "", "", Direction::higher, 5, 5}, 0.5, 0.25);
  const std::string text = make().markdown;
  EXPECT_THAT(row_after(text, "rule_pass of each side", "generator"),
              ElementsAre("generator", "V1 real", "V1 synthetic", "ok"));
  EXPECT_THAT(row_after(text, "rule_pass of each side", "netshare"),
              ElementsAre("netshare", "1 ±0", "**0.5 ±0**", "2/2"));
}

TEST_F(SummaryTest, ASideWithoutValuesStaysBesideTheOther) {
  column({"rule_pass", "real", "V2", Outcome::not_applicable, 0, "no premise", "", Direction::neither, 0, 5},
         0, 0);
  column({"rule_pass", "synthetic", "V2", Outcome::value, 0, "", "", Direction::higher, 0, 5}, 0.5, 0.25);
  const std::string text = make().markdown;
  EXPECT_THAT(row_after(text, "rule_pass of each side", "netshare"),
              ElementsAre("netshare", "n/a", "**0.5 ±0**", "2/2"));
  EXPECT_THAT(text, Not(HasSubstr("No value")));
}

TEST_F(SummaryTest, WideTablesGoOnBelow) {
  for (int i = 0; i < 13; ++i) {
    const std::string field = "f" + std::to_string(i);
    const std::string unit = i < 12 ? "s" : "us";
    column({"rule_gap", "strict", field, Outcome::value, 0, "", unit, Direction::lower, 5, 5}, 0.5, 1);
  }
  const std::string text = make().markdown;
  const std::vector<std::string> first = row_after(text, "strict rule_gap", "generator");
  ASSERT_EQ(first.size(), 14U);
  EXPECT_EQ(first[12], "f11 [s]") << "a unit that differs below is said above, too";
  EXPECT_THAT(row_after(text, "f11", "generator"), ElementsAre("generator", "f12 [us]", "ok"));
}

TEST_F(SummaryTest, ColumnsWithoutAnyValueAreOneLineWithTheReason) {
  const Score flags{"rule_gap",       "strict", "V2", Outcome::not_applicable, 0, "no flags", "",
                    Direction::lower, 5,        5};
  Score more = flags;
  more.field = "V5";
  column({"rule_gap", "strict", "V1", Outcome::value, 0, "", "", Direction::lower, 5, 5}, 0.5, 1);
  column(flags, 0, 0);
  column(more, 0, 0);
  const std::string text = make().markdown;
  EXPECT_THAT(row_after(text, "strict rule_gap", "generator"), ElementsAre("generator", "V1", "ok"));
  EXPECT_THAT(text, HasSubstr("No value: V2, V5 (no flags)\n"));
}

TEST_F(SummaryTest, AggregatesFollowTheDatasetsOnPageAndHeadline) {
  score("netshare", 0.1, 0.3);
  score("netshare[b]", 0.4, 0.4);
  const Summary summary = make();
  for (const std::string& text : {summary.headline, summary.markdown}) {
    EXPECT_LT(text.find("## ugr16-surrogate"), text.find("## Over all fields and datasets"));
    EXPECT_EQ(row_after(text, "## Over all", "netshare").at(4), "50.0 %");
    EXPECT_THAT(text, Not(HasSubstr("## Rank order"))) << "no task has scores";
  }
}

}  // namespace
}  // namespace bench
