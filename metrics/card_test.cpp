#include "metrics/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace bench {
namespace {

using testing::HasSubstr;

MetricFamily family_of(std::vector<MetricCard> cards) {
  return {"shape", 3, std::move(cards), [](const ScoringPair&) { return std::vector<Score>(); }};
}

TEST(Card, SaysEverything) {
  const MetricFamily family = family_of({{"round", "strict", "how round", "rad", Direction::higher, 0, 3.5,
                                          "Euclid", "4 pi a / l^2", "corners"}});
  EXPECT_EQ(card_text(family, family.cards[0]),
            "metric      round (mode strict, family shape)\n"
            "version     3 of the family\n"
            "what        how round\n"
            "formula     4 pi a / l^2\n"
            "unit        rad\n"
            "range       0 to 3.5\n"
            "direction   higher is better\n"
            "source      Euclid\n"
            "blind spot  corners\n");
}

TEST(Card, UnitsAndBoundsInWords) {
  const double infinity = std::numeric_limits<double>::infinity();
  const MetricFamily family =
      family_of({{"a", "paper", "", "", Direction::lower, 0, infinity, "", "", ""},
                 {"b", "paper", "", "field", Direction::lower, -infinity, 1, "", "", ""}});
  EXPECT_THAT(card_text(family, family.cards[0]), HasSubstr("unit        none (a pure number)\n"));
  EXPECT_THAT(card_text(family, family.cards[0]), HasSubstr("range       0 to unbounded\n"));
  EXPECT_THAT(card_text(family, family.cards[0]), HasSubstr("direction   lower is better\n"));
  EXPECT_THAT(card_text(family, family.cards[0]), HasSubstr("blind spot  not stated\n"));
  EXPECT_THAT(card_text(family, family.cards[1]), HasSubstr("unit        that of the field\n"));
}

TEST(Card, ByNameOfMetricOrFamily) {
  const auto card = [](std::string_view id, std::string_view mode) {
    return MetricCard{id, mode, "", "", Direction::lower, 0, 1, "", "", ""};
  };
  const std::vector<MetricFamily> families{
      family_of({card("a", "paper"), card("b", "strict"), card("a", "strict")})};
  const MetricFamily& family = families[0];
  EXPECT_EQ(cards_text(families, "a"),
            card_text(family, family.cards[0]) + "\n" + card_text(family, family.cards[2]));
  EXPECT_EQ(cards_text(families, "shape"), card_text(family, family.cards[0]) + "\n" +
                                               card_text(family, family.cards[1]) + "\n" +
                                               card_text(family, family.cards[2]));
  EXPECT_EQ(cards_text(families, "c"), "");
}

TEST(Card, OfDistributionJointAndSeriesAreComplete) {
  for (const MetricFamily& family : all_metrics()) {
    if (family.id != "distribution" && family.id != "joint" && family.id != "series") continue;
    for (const MetricCard& card : family.cards) {
      EXPECT_THAT(card_text(family, card), Not(HasSubstr("not stated"))) << card.id;
      EXPECT_LT(card.lo, card.hi) << card.id;
    }
  }
}

}  // namespace
}  // namespace bench
