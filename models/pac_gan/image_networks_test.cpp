#include "models/pac_gan/image_networks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bench {
namespace {

TEST(ImageNetworks, TheImageIsTheSmallestThatFits) {
  EXPECT_EQ(image_side(48, {false, 2, 8, 8}), 16);  // 7 x 7 blocks of 2 x 2 pixels
  EXPECT_EQ(image_side(49, {false, 4, 8, 8}), 28);  // 7 x 7 blocks of 4 x 4 pixels
  EXPECT_EQ(image_side(192, {true, 1, 8, 8}), 16);  // 48 half bytes of 2 x 2 bits
  EXPECT_EQ(image_side(9, {false, 1, 8, 8}), 4);
}

TEST(ImageNetworks, TheBitsOfAHalfByteAreABlock) {
  EXPECT_THAT(digit_places(5, {false, 3, 8, 8}), ::testing::ElementsAre(0, 1, 2, 3, 4));
  // Three half bytes, two blocks in a row of four bits.
  EXPECT_THAT(digit_places(12, {true, 1, 8, 8}),
              ::testing::ElementsAre(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13));
}

TEST(ImageNetworks, ShapesAndEveryDigitReachesTheCritic) {
  for (const ImageSizes& sizes : {ImageSizes{false, 2, 4, 16}, ImageSizes{true, 1, 4, 16}}) {
    const PacketShape shape{40, 40, 0, 6};
    const auto generator = make_image_generator(shape, sizes, nn::make_generator(Seed(1)));
    const auto critic = make_image_critic(shape, sizes, nn::make_generator(Seed(2)));
    const torch::Tensor noise = torch::randn({9, shape.latent}, nn::make_generator(Seed(3)));
    for (const bool training : {true, false}) {
      const torch::Tensor codes = generator->forward(noise, training).detach();
      ASSERT_EQ(codes.sizes(), (std::vector<int64_t>{9, 40}));
      EXPECT_GT(codes.min().item<float>(), 0);
      EXPECT_LT(codes.max().item<float>(), 1);
    }
    const torch::Tensor codes = torch::rand({9, 40}, nn::make_generator(Seed(4))).requires_grad_(true);
    const torch::Tensor scores = critic->forward(codes, torch::zeros({9, 0}));
    ASSERT_EQ(scores.sizes(), (std::vector<int64_t>{9, 1}));
    const torch::Tensor slope = torch::autograd::grad({scores.sum()}, {codes})[0];
    EXPECT_GT(slope.abs().sum(0).min().item<float>(), 0);
  }
}

}  // namespace
}  // namespace bench
