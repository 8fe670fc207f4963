#include "models/flow_wgan/byte_vectors.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

constexpr int64_t kSize = 6;

float product(const std::vector<float>& vectors, int64_t place, int64_t a, int64_t b) {
  float sum = 0;
  for (int64_t k = 0; k < kSize; ++k) {
    sum += vectors[static_cast<size_t>((place * 256 + a) * kSize + k)] *
           vectors[static_cast<size_t>((place * 256 + b) * kSize + k)];
  }
  return sum;
}

/// Two kinds of packets that share no byte: place 0 says 1 or 2 with 10 or 11 at place 1, or 201 or 202 with
/// 20 or 21. Place 2 is always 7.
std::vector<uint8_t> two_kinds(size_t packets) {
  Rng rng = Seed(5).rng();
  std::vector<uint8_t> out;
  for (size_t i = 0; i < packets; ++i) {
    const auto kind = static_cast<uint8_t>(rng() % 2);
    out.push_back(static_cast<uint8_t>(1 + 200 * kind + rng() % 2));
    out.push_back(static_cast<uint8_t>(10 + 10 * kind + rng() % 2));
    out.push_back(7);
  }
  return out;
}

TEST(ByteVectors, UnitLengthForWhatOccursAndNothingElse) {
  const auto vectors = train_byte_vectors(two_kinds(200), 3, {kSize, 3}, Seed(1));
  ASSERT_EQ(vectors.size(), 3U * 256 * kSize);
  for (int64_t b = 0; b < 256; ++b) {
    const bool first = b == 1 || b == 2 || b == 201 || b == 202;
    EXPECT_NEAR(product(vectors, 0, b, b), first ? 1 : 0, 1e-5);
    EXPECT_NEAR(product(vectors, 2, b, b), b == 7 ? 1 : 0, 1e-5);
  }
}

TEST(ByteVectors, BytesInTheSameCompanyAreNear) {
  const auto vectors = train_byte_vectors(two_kinds(2000), 3, {kSize, 10}, Seed(1));
  for (const int64_t other : {201, 202}) {
    EXPECT_GT(product(vectors, 0, 1, 2), product(vectors, 0, 1, other) + 0.5F);
    EXPECT_GT(product(vectors, 0, 1, 2), product(vectors, 0, 2, other) + 0.5F);
  }
  EXPECT_GT(product(vectors, 1, 10, 11), product(vectors, 1, 10, 20) + 0.5F);
}

TEST(ByteVectors, SameSeedSameVectors) {
  const auto packets = two_kinds(100);
  EXPECT_EQ(train_byte_vectors(packets, 3, {kSize, 2}, Seed(1)),
            train_byte_vectors(packets, 3, {kSize, 2}, Seed(1)));
  EXPECT_NE(train_byte_vectors(packets, 3, {kSize, 2}, Seed(1)),
            train_byte_vectors(packets, 3, {kSize, 2}, Seed(2)));
}

}  // namespace
}  // namespace bench
