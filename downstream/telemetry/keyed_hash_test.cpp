#include "downstream/telemetry/keyed_hash.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "core/error.h"
#include "downstream/telemetry/test_streams.h"

namespace bench {
namespace {

TEST(SipHash, PublishedVectors) {
  // Key 00 01 .. 0f; input 00 01 .. of these lengths. 15 bytes: appendix A of the paper.
  constexpr uint64_t k0 = 0x0706050403020100, k1 = 0x0f0e0d0c0b0a0908;
  std::vector<uint8_t> input(15);
  std::iota(input.begin(), input.end(), uint8_t{0});
  EXPECT_EQ(siphash_2_4(input, k0, k1), 0xa129ca6149be45e5U);
  EXPECT_EQ(siphash_2_4({input.data(), 0}, k0, k1), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(siphash_2_4({input.data(), 1}, k0, k1), 0x74f839c593dc67fdU);
}

TEST(KeyedHash, NamesGoBothWays) {
  for (const HashKind kind : kHashKinds) EXPECT_EQ(hash_kind_from_name(hash_kind_name(kind)), kind);
  EXPECT_THROW(hash_kind_from_name("md5"), Error);
}

TEST(KeyedHash, DependsOnKeySeedAndKind) {
  const Key key = address_key(7);
  for (const HashKind kind : kHashKinds) {
    EXPECT_EQ(KeyedHash(kind, Seed(1))(key), KeyedHash(kind, Seed(1))(key));
    EXPECT_NE(KeyedHash(kind, Seed(1))(key), KeyedHash(kind, Seed(2))(key));
    EXPECT_NE(KeyedHash(kind, Seed(1))(key), KeyedHash(kind, Seed(1))(address_key(8)));
    EXPECT_NE(KeyedHash(kind, Seed(1))(key), KeyedHash(kind, Seed(1))(five_tuple_key({7, 0, 0, 0, 0})));
  }
  EXPECT_NE(KeyedHash(HashKind::xxhash, Seed(1))(key), KeyedHash(HashKind::siphash, Seed(1))(key));
}

TEST(KeyedHash, NeighbouringAddressesFillColumnsEvenly) {
  constexpr size_t kColumns = 100, kKeys = 100'000;
  for (const HashKind kind : kHashKinds) {
    const KeyedHash hash(kind, Seed(5));
    std::vector<double> counts(kColumns);
    for (uint32_t i = 0; i < kKeys; ++i) ++counts[reduce(hash(address_key(0x0A000000 + i)), kColumns)];
    double chi_square = 0;
    for (const double count : counts) chi_square += (count - 1000) * (count - 1000) / 1000;
    // 99 degrees of freedom: standard deviation sqrt(198).
    EXPECT_NEAR(chi_square, 99, 5 * std::sqrt(198.0)) << hash_kind_name(kind);
  }
}

TEST(KeyedHash, PairsMeetAsOftenAsIndependentOnes) {
  // Over 20,000 seeds: the same one of 16 columns, the same sign, and both, for two neighbouring keys.
  constexpr int kSeeds = 20'000;
  for (const HashKind kind : kHashKinds) {
    int column = 0, sign = 0, both = 0;
    for (int seed = 0; seed < kSeeds; ++seed) {
      const KeyedHash hash(kind, Seed(static_cast<uint64_t>(seed)));
      const uint64_t a = hash(five_tuple_key({1, 2, 3, 80, 6}));
      const uint64_t b = hash(five_tuple_key({1, 2, 4, 80, 6}));
      const bool same_column = reduce(a, 16) == reduce(b, 16);
      const bool same_sign = (a & 1) == (b & 1);
      column += same_column;
      sign += same_sign;
      both += same_column && same_sign;
    }
    for (const auto& [met, p] : {std::pair{column, 1.0 / 16}, {sign, 0.5}, {both, 1.0 / 32}}) {
      EXPECT_NEAR(met, kSeeds * p, 4 * std::sqrt(kSeeds * p * (1 - p))) << hash_kind_name(kind);
    }
  }
}

TEST(Reduce, SpansTheRange) {
  EXPECT_EQ(reduce(0, 1000), 0U);
  EXPECT_EQ(reduce(UINT64_MAX, 1000), 999U);
  EXPECT_EQ(reduce(uint64_t{1} << 63, 1000), 500U);
  EXPECT_EQ(reduce(UINT64_MAX, 1), 0U);
  EXPECT_EQ(reduce(UINT64_MAX, size_t{1} << 31), (size_t{1} << 31) - 1);
}

}  // namespace
}  // namespace bench
