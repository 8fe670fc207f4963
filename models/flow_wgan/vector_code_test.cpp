#include "models/flow_wgan/vector_code.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "models/nn/parameters.h"

namespace bench {
namespace {

struct Packets {
  torch::Tensor digits = torch::randint(40, {150, 5}, nn::make_generator(Seed(2)), torch::kLong);
  std::vector<uint8_t> plain;
  VectorCode code{{8, 2}};
  Packets() {
    digits.select(1, 3).fill_(99);  // a place with one byte
    for (int64_t i = 0; i < digits.numel(); ++i)
      plain.push_back(static_cast<uint8_t>(digits.view({-1})[i].item<int64_t>()));
    code.fit(plain, 5, Seed(1));
  }
};

TEST(VectorCode, EveryTrainingByteIsNearestToItself) {
  const Packets p;
  EXPECT_EQ(p.code.columns(), 40);
  const torch::Tensor codes = p.code.encode(p.digits);
  EXPECT_EQ(codes.sizes(), (std::vector<int64_t>{150, 40}));
  EXPECT_TRUE(torch::equal(p.code.nearest(codes), p.digits));
  EXPECT_TRUE(torch::equal(p.code.nearest(codes * 0.3), p.digits));  // only the direction counts
}

TEST(VectorCode, NearestByBruteForce) {
  const Packets p;
  const torch::Tensor codes = torch::randn({50, 40}, nn::make_generator(Seed(3)));
  const torch::Tensor out = p.code.nearest(codes);
  const torch::Tensor known = p.code.encode(p.digits);
  for (int64_t i = 0; i < 50; ++i) {
    for (int64_t place = 0; place < 5; ++place) {
      const torch::Tensor products = known.narrow(1, 8 * place, 8).mv(codes[i].narrow(0, 8 * place, 8));
      const int64_t best = products.argmax().item<int64_t>();
      EXPECT_EQ(out[i][place].item<int64_t>(), p.digits[best][place].item<int64_t>());
    }
  }
}

TEST(VectorCode, LoadedIsTheSame) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "vector_code.h5";
  const Packets p;
  {
    H5Writer file(path);
    p.code.save(file, "code");
    file.finish();
  }
  VectorCode loaded({8, 2}), other({7, 2});
  loaded.load(H5Reader(path), "code");
  EXPECT_EQ(loaded.width(), 5);
  EXPECT_TRUE(torch::equal(loaded.encode(p.digits), p.code.encode(p.digits)));
  EXPECT_THROW(other.load(H5Reader(path), "code"), Error);
}

}  // namespace
}  // namespace bench
