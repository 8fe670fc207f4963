#include "models/packet_bytes/level_code.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

/// Place 0: 0 four times, 6 three times, 17 once. Place 1: always 9.
const std::vector<uint8_t> kDigits{0, 9, 0, 9, 0, 9, 0, 9, 6, 9, 6, 9, 6, 9, 17, 9};

torch::Tensor digits(std::initializer_list<int64_t> first) {
  torch::Tensor out = torch::full({static_cast<int64_t>(first.size()), 2}, 9, torch::kLong);
  int64_t row = 0;
  for (const int64_t digit : first) out[row++][0] = digit;
  return out;
}

LevelCode fitted(Levels levels) {
  LevelCode code(256, levels);
  code.fit(kDigits, 2, Seed(1));
  return code;
}

TEST(LevelCode, LinearIsTheDigit) {
  const torch::Tensor codes = fitted(Levels::linear).encode(digits({0, 6, 17}));
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_FLOAT_EQ(codes[i][0].item<float>(), static_cast<float>(i == 0 ? 0 : i == 1 ? 6 : 17) / 255);
    EXPECT_FLOAT_EQ(codes[i][1].item<float>(), 9.0F / 255);
  }
}

TEST(LevelCode, EqualisedIsTheDistributionFunction) {
  const torch::Tensor codes = fitted(Levels::equalised).encode(digits({0, 6, 17}));
  EXPECT_FLOAT_EQ(codes[0][0].item<float>(), 0.25F);
  EXPECT_FLOAT_EQ(codes[1][0].item<float>(), 0.6875F);
  EXPECT_FLOAT_EQ(codes[2][0].item<float>(), 0.9375F);
  EXPECT_FLOAT_EQ(codes[0][1].item<float>(), 0.5F);
}

TEST(LevelCode, NearestByBruteForce) {
  const LevelCode code = fitted(Levels::linear);
  const torch::Tensor codes = torch::stack({torch::linspace(-0.1, 1.1, 500), torch::linspace(0, 1, 500)}, 1);
  const torch::Tensor out = code.nearest(codes);
  for (int64_t i = 0; i < 500; ++i) {
    const double x = codes[i][0].item<double>() * 255;
    int64_t best = 0;
    for (const int64_t digit : {6, 17})
      if (std::abs(x - static_cast<double>(digit)) < std::abs(x - static_cast<double>(best))) best = digit;
    EXPECT_EQ(out[i][0].item<int64_t>(), best);
    EXPECT_EQ(out[i][1].item<int64_t>(), 9);  // the only one of its place
  }
}

TEST(LevelCode, UniformNumbersHaveTheTrainingDistributionIfEqualised) {
  const LevelCode code = fitted(Levels::equalised);
  const torch::Tensor even = (torch::arange(8000) + 0.5) / 8000;
  const torch::Tensor out = code.nearest(torch::stack({even, even}, 1));
  std::map<int64_t, int64_t> counts;
  for (int64_t i = 0; i < 8000; ++i) ++counts[out[i][0].item<int64_t>()];
  EXPECT_EQ(counts, (std::map<int64_t, int64_t>{{0, 4000}, {6, 3000}, {17, 1000}}));
}

TEST(LevelCode, EveryTrainingDigitIsNearestToItself) {
  const auto random = nn::make_generator(Seed(3));
  const torch::Tensor packets = torch::randint(16, {200, 30}, random, torch::kLong);
  std::vector<uint8_t> plain;
  for (int64_t i = 0; i < packets.numel(); ++i)
    plain.push_back(static_cast<uint8_t>(packets.view({-1})[i].item<int64_t>()));
  for (const Levels levels : {Levels::linear, Levels::equalised}) {
    LevelCode code(16, levels);
    code.fit(plain, 30, Seed(1));
    EXPECT_TRUE(torch::equal(code.nearest(code.encode(packets)), packets));
  }
}

TEST(LevelCode, LoadedIsTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "level_code.h5";
  {
    H5Writer file(path);
    fitted(Levels::equalised).save(file, "code");
    file.finish();
  }
  LevelCode loaded(256, Levels::linear);
  loaded.load(H5Reader(path), "code");
  EXPECT_EQ(loaded.columns(), 2);
  EXPECT_TRUE(
      torch::equal(loaded.encode(digits({0, 6, 17})), fitted(Levels::equalised).encode(digits({0, 6, 17}))));
  LevelCode nibbles(16, Levels::linear);
  EXPECT_THROW(nibbles.load(H5Reader(path), "code"), Error);
}

}  // namespace
}  // namespace bench
