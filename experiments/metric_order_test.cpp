#include "experiments/metric_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bench {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> fields(const MetricColumns& table) {
  std::vector<std::string> out;
  for (const ScoreColumn& c : table.columns) out.push_back(column_head(c, table.columns));
  return out;
}

TEST(MetricOrder, FamiliesAndCardsInTheirOrderAndUnknownMetricsLast) {
  const auto tables = by_metric({{"made_up", "strict", "x", ""},
                                 {"coverage", "strict", "all", "", Direction::higher},
                                 {"emd_peer", "paper", "td", "of the worst"},
                                 {"tv_conditional", "strict", "x", ""},
                                 {"jsd", "strict", "srcip", "nats"},
                                 {"jsd", "paper", "srcip", "nats"}});
  std::vector<std::string> order;
  for (const auto& t : tables) order.push_back(t.family + ": " + t.title);
  EXPECT_THAT(order,
              ElementsAre("distribution: paper jsd [nats]", "distribution: strict jsd [nats]",
                          "distribution: paper emd_peer [of the worst]", "joint: strict tv_conditional",
                          "joint: strict coverage (higher is better)", "other: strict made_up"));
}

TEST(MetricOrder, TheTwoSidesOfAMetricShareATable) {
  const auto tables = by_metric({{"rule_gap", "strict", "V1", ""},
                                 {"rule_pass", "real", "V1", "", Direction::neither},
                                 {"rule_pass", "synthetic", "V2", "", Direction::higher},
                                 {"rule_pass", "synthetic", "V1", "", Direction::higher},
                                 {"rule_pass", "real", "V2", "", Direction::neither}});
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].title, "strict rule_gap");
  EXPECT_EQ(tables[1].title, "rule_pass of each side (higher is better)");
  EXPECT_THAT(fields(tables[1]), ElementsAre("V1 real", "V1 synthetic", "V2 real", "V2 synthetic"));
}

TEST(MetricOrder, AMetricWithoutABetterWaySaysSo) {
  const auto tables = by_metric({{"rule_pass", "real", "V1", "", Direction::neither}});
  EXPECT_EQ(tables.at(0).title, "rule_pass of each side (neither way is better)");
}

TEST(MetricOrder, UnitsThatDifferStandInTheHeads) {
  const auto tables = by_metric({{"emd", "strict", "td", "s"}, {"emd", "strict", "byt", "bytes"}});
  EXPECT_EQ(tables.at(0).title, "strict emd");
  EXPECT_THAT(fields(tables[0]), ElementsAre("td [s]", "byt [bytes]"));
}

TEST(MetricOrder, HeadsNameTheMetricWhereTablesHaveSeveral) {
  const std::vector<ScoreColumn> all{{"jsd", "paper", "srcip", "nats"},
                                     {"tv_src_dst", "strict", "srcip x dstip", ""}};
  EXPECT_EQ(column_head(all[0], all), "jsd srcip");
  EXPECT_EQ(column_head(all[1], all), "srcip x dstip");
}

}  // namespace
}  // namespace bench
