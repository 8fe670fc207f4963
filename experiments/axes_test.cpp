#include "experiments/axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bench {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

std::vector<std::string> variants(const json& object) {
  std::vector<std::string> out;
  for (const auto& c : expand_axes(object)) out.push_back(c.variant);
  return out;
}

TEST(Axes, NoListIsOneCombination) {
  const auto all = expand_axes({{"lr", 0.1}});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].variant, "");
  EXPECT_EQ(all[0].values, json({{"lr", 0.1}}));
}

TEST(Axes, ListsMultiplyTheLastFastest) {
  EXPECT_THAT(variants({{"a", {1, 2}}, {"b", {"x", "y"}}, {"c", 5}}),
              ElementsAre("a=1,b=x", "a=1,b=y", "a=2,b=x", "a=2,b=y"));
  const auto all = expand_axes({{"a", {1, 2}}, {"b", {"x", "y"}}});
  EXPECT_EQ(all[2].values, json({{"a", 2}, {"b", "x"}}));
  EXPECT_EQ(all[2].index.at("a"), 1u);
}

TEST(Axes, AListOfOneIsNoVariantAndAnEmptyListNoCombination) {
  EXPECT_THAT(variants({{"a", {1}}}), ElementsAre(""));
  EXPECT_TRUE(variants({{"a", json::array()}}).empty());
}

TEST(Axes, ValueWrapsAListThatIsNoAxis) {
  const auto all = expand_axes({{"layers", {{"value", {1, 2}}}}});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].values["layers"], json({1, 2}));
}

TEST(Axes, AListFieldIsAnAxisWhenItIsAListOfLists) {
  const json one{{"command", {"sh", "x"}}, {"a", {1, 2}}};
  EXPECT_THAT(expand_axes(one, {"command"})[1].values, json({{"command", {"sh", "x"}}, {"a", 2}}));
  EXPECT_EQ(expand_axes(one, {"command"}).size(), 2u);
  EXPECT_EQ(expand_axes(one).size(), 4u);
  const auto two = expand_axes(json::parse(R"({"command": [["sh", "x"], ["sh", "y"]]})"), {"command"});
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[1].values["command"], json({"sh", "y"}));
  EXPECT_EQ(two[1].variant, "command=sh y");
  EXPECT_EQ(expand_axes({{"command", json::array()}}, {"command"}).size(), 1u) << "an empty list is a value";
}

}  // namespace
}  // namespace bench
