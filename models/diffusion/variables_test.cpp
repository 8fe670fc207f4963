#include "models/diffusion/variables.h"

#include <gtest/gtest.h>

#include "core/seed.h"
#include "models/diffusion/multinomial.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

Head head(Head::Kind kind, int64_t count, int64_t width) { return {kind, 0, count, width, -1}; }

/// Two columns for each bit of `byte`, most significant first.
torch::Tensor columns_of(int64_t byte) {
  torch::Tensor out = torch::zeros({16});
  for (int64_t bit = 0; bit < 8; ++bit) out[2 * bit + ((byte >> (7 - bit)) & 1)] = 1;
  return out;
}

TEST(Variables, EightBitsAreAByte) {
  const Variables bytes(head(Head::Kind::category, 16, 2), true);
  EXPECT_EQ(bytes.count(), 2);
  EXPECT_EQ(bytes.values(), 256);
  for (const int64_t byte : {0, 1, 128, 200, 255}) {
    const torch::Tensor columns = torch::cat({columns_of(byte), columns_of(77)}).expand({3, 1, 32});
    const torch::Tensor one_hots = bytes.one_hots(columns);
    ASSERT_EQ(one_hots.sizes(), at::IntArrayRef({3, 1, 2, 256}));
    EXPECT_EQ(one_hots[2][0][0].argmax().item<int64_t>(), byte);
    EXPECT_EQ(one_hots[2][0][1].argmax().item<int64_t>(), 77);
    EXPECT_FLOAT_EQ(one_hots.sum().item<float>(), 6);
    EXPECT_TRUE(torch::equal(bytes.columns(one_hots), columns));
  }
  // Half 0 and half 1: the last bit is either.
  torch::Tensor either = torch::zeros({2, 256});
  either.select(1, 0).fill_(.5);
  either.select(1, 1).fill_(.5);
  const torch::Tensor expected = bytes.columns(either);
  EXPECT_FLOAT_EQ(expected[0].item<float>(), 1);
  EXPECT_FLOAT_EQ(expected[14].item<float>(), .5);
  EXPECT_FLOAT_EQ(expected[15].item<float>(), .5);
}

TEST(Variables, BehindAClosedGateThereIsNoByte) {
  const Variables bytes(head(Head::Kind::category, 8, 2), true);
  const torch::Tensor none = bytes.one_hots(torch::zeros({1, 16}));
  EXPECT_FLOAT_EQ(none.abs().sum().item<float>(), 0);
  EXPECT_FLOAT_EQ(bytes.columns(none).abs().sum().item<float>(), 0);
}

TEST(Variables, OthersStayWhatTheyAre) {
  for (const auto& [count, width, bytes] :
       {std::tuple{7, 2, true}, std::tuple{8, 3, true}, std::tuple{8, 2, false}}) {
    const Variables same(head(Head::Kind::category, count, width), bytes);
    EXPECT_EQ(same.count(), count);
    EXPECT_EQ(same.values(), width);
    const torch::Tensor columns = torch::arange(5 * count * width, torch::kFloat).view({5, -1});
    EXPECT_TRUE(torch::equal(same.columns(same.one_hots(columns)), columns));
  }
}

TEST(DrawNoised, FollowsItsDistribution) {
  constexpr int64_t kN = 400'000;
  const auto generator = nn::make_generator(Seed(1));
  const torch::Tensor clean = torch::tensor({0.F, 0.F, 1.F, 0.F}).expand({kN, 4});
  const torch::Tensor kept = torch::full({kN, 1}, .3);
  const torch::Tensor drawn = draw_noised(clean, kept, generator);
  EXPECT_FLOAT_EQ(drawn.sum(1).min().item<float>(), 1);
  const torch::Tensor wanted = noised(clean[0], kept[0]);
  EXPECT_LT((drawn.mean(0) - wanted).abs().max().item<float>(), 5 * std::sqrt(.25 / kN));
}

}  // namespace
}  // namespace bench
