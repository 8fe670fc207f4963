#include "experiments/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/table.h"

namespace bench {
namespace {

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
  Summary make() {
    statuses_ = cell_statuses(plan_, outcomes_);
    return summarise(sweep_, plan_, statuses_, scores_);
  }

  Sweep sweep_;
  Plan plan_;
  Outcomes outcomes_;
  std::vector<CellStatus> statuses_;
  std::vector<CellScore> scores_;
};

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

}  // namespace
}  // namespace bench
