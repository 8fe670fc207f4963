#include "datasets/scoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace bench {
namespace {

using testing::HasSubstr;

TEST(Card, SaysEverything) {
  const MetricCard card{"round", "strict", "how round", "rad",          Direction::higher,
                        0,       3.5,      "Euclid",    "4 pi a / l^2", "corners"};
  EXPECT_EQ(card_text("shape", 3, card),
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

TEST(Card, UnitsBoundsAndDirectionsInWords) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string a = card_text("f", 1, {"a", "paper", "", "", Direction::lower, 0, infinity, ""});
  EXPECT_THAT(a, HasSubstr("unit        none (a pure number)\n"));
  EXPECT_THAT(a, HasSubstr("range       0 to unbounded\n"));
  EXPECT_THAT(a, HasSubstr("direction   lower is better\n"));
  EXPECT_THAT(a, HasSubstr("blind spot  not stated\n"));
  const std::string b = card_text("f", 1, {"b", "paper", "", "field", Direction::neither, -infinity, 1, ""});
  EXPECT_THAT(b, HasSubstr("unit        that of the field\n"));
  EXPECT_THAT(b, HasSubstr("direction   neither way is better"));
}

}  // namespace
}  // namespace bench
