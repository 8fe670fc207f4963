#include "experiments/cards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "downstream/task.h"
#include "metrics/metric.h"

namespace bench {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(Cards, OneForEachMetricAndMode) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const ListedCard& listed : all_cards()) {
    EXPECT_TRUE(seen.emplace(listed.card.id, listed.card.mode).second)
        << listed.card.id << " " << listed.card.mode;
    EXPECT_THAT(card_text(listed.owner, listed.version, listed.card), Not(HasSubstr("not stated")))
        << listed.card.id;
    const ListedCard* found = find_card(listed.card.id, listed.card.mode);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->owner, listed.owner);
  }
  EXPECT_EQ(find_card("jsd", "loose"), nullptr);
  EXPECT_EQ(find_card("emd_peer", "paper")->owner, "distribution");
  EXPECT_EQ(find_card("train_cpu", "strict")->owner, "cost");
}

TEST(Cards, TextsByMetricOrOwner) {
  const std::string jsd = cards_text("jsd");
  EXPECT_THAT(jsd, HasSubstr("metric      jsd (mode paper, family distribution)"));
  EXPECT_THAT(jsd, HasSubstr("metric      jsd (mode strict, family distribution)"));
  EXPECT_THAT(jsd, Not(HasSubstr("jsd_distance (")));
  EXPECT_THAT(cards_text("validity"), HasSubstr("rule_gap"));
  EXPECT_THAT(cards_text("cost"), HasSubstr("records_per_second"));
  EXPECT_EQ(cards_text("nothing"), "");
  for (const std::string& name : card_names()) EXPECT_NE(cards_text(name), "") << name;
}

TEST(Cards, ASweepChoosesFamiliesOrMetrics) {
  const std::vector<std::string> some{"joint", "ks"};
  EXPECT_TRUE(is_chosen({}, "privacy", "exact_copy"));
  EXPECT_TRUE(is_chosen(some, "joint", "pcd"));
  EXPECT_TRUE(is_chosen(some, "distribution", "ks"));
  EXPECT_FALSE(is_chosen(some, "distribution", "jsd"));
  EXPECT_TRUE(is_family_chosen(some, "distribution"));
  EXPECT_FALSE(is_family_chosen(some, "privacy"));
  EXPECT_TRUE(is_family_chosen({"emd_peer"}, "distribution"));
  EXPECT_THAT(metric_names(), Contains("emd_peer"));
  EXPECT_THAT(metric_names(), Not(Contains("train_cpu"))) << "the cost is always there";
}

}  // namespace
}  // namespace bench
