#include "metrics/peer_normalise.h"

#include <gmock/gmock.h>

namespace bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PeerNormalise, MapsBestToZeroAndWorstToOne) {
  EXPECT_THAT(peer_normalise(std::vector<double>{30, 10, 20, 50}), ElementsAre(0.5, 0, 0.25, 1));
}

TEST(PeerNormalise, EqualValuesGiveZero) {
  EXPECT_THAT(peer_normalise(std::vector<double>{7, 7, 7}), ElementsAre(0, 0, 0));
  EXPECT_THAT(peer_normalise(std::vector<double>{3.5}), ElementsAre(0));
  EXPECT_THAT(peer_normalise(std::vector<double>{}), IsEmpty());
}

}  // namespace
}  // namespace bench
