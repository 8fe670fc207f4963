#include "models/pac_gan/image_networks.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "models/nn/layers.h"
#include "models/packet_bytes/dense_networks.h"

namespace bench {
namespace {

constexpr int64_t kKernel = 4, kStride = 2, kPadding = 1;
constexpr double kLeak = 0.2;

/// Digits on a side of the square.
int64_t cells(int64_t digits, bool bits) {
  const int64_t half_bytes = bits ? digits / 4 : digits;
  int64_t side = 1;
  while (side * side < half_bytes) ++side;
  return bits ? 2 * side : side;
}

torch::Tensor to_tensor(const std::vector<int64_t>& values) {
  const torch::Tensor out = torch::empty({static_cast<int64_t>(values.size())}, torch::kLong);
  std::copy(values.begin(), values.end(), out.data_ptr<int64_t>());
  return out;
}

/// A convolution that halves the side of an image, or its transpose, which doubles it.
class Convolution {
 public:
  Convolution(nn::Parameters& parameters, const std::string& name, int64_t in, int64_t out, bool transposed)
      : transposed_(transposed) {
    using Start = nn::Parameters::Start;
    const int64_t taps = kKernel * kKernel;
    const std::vector<int64_t> shape = transposed ? std::vector<int64_t>{in, out, kKernel, kKernel}
                                                  : std::vector<int64_t>{out, in, kKernel, kKernel};
    parameters.add(name + ".weight", &weight_, shape, Start::weight, in * taps, out * taps);
    parameters.add(name + ".bias", &bias_, {out}, Start::zero);
  }
  Convolution(const Convolution&) = delete;
  torch::Tensor operator()(const torch::Tensor& x) const {
    if (transposed_) return torch::conv_transpose2d(x, weight_, bias_, kStride, kPadding);
    return torch::conv2d(x, weight_, bias_, kStride, kPadding);
  }

 private:
  bool transposed_;
  torch::Tensor weight_, bias_;
};

class ImageGenerator : public ByteGenerator {
 public:
  ImageGenerator(const PacketShape& shape, const ImageSizes& sizes, at::Generator random)
      : cells_(cells(shape.digits, sizes.bits)),
        duplicates_(sizes.duplicates),
        quarter_(image_side(shape.digits, sizes) / 4),
        channels_(2 * sizes.channels),
        dense_(parameters_, "generator.dense", shape.latent, sizes.units),
        dense_norm_(parameters_, "generator.dense", sizes.units),
        start_(parameters_, "generator.0", sizes.units, channels_ * quarter_ * quarter_),
        start_norm_(parameters_, "generator.0", channels_),
        middle_(parameters_, "generator.1", channels_, sizes.channels, true),
        middle_norm_(parameters_, "generator.1", sizes.channels),
        last_(parameters_, "generator.2", sizes.channels, 1, true),
        places_(to_tensor(digit_places(shape.digits, sizes))) {
    assert(shape.classes == 0 && shape.columns == shape.digits);
    parameters_.build(nn::Init::xavier, std::move(random), torch::kCPU);
  }

  torch::Tensor forward(const torch::Tensor& input, bool training) const override {
    const torch::Tensor dense = torch::relu(dense_norm_(dense_(input), training));
    torch::Tensor x = start_(dense).view({input.size(0), channels_, quarter_, quarter_});
    x = torch::relu(start_norm_(x, training));
    x = torch::relu(middle_norm_(middle_(x), training));
    const torch::Tensor image = torch::sigmoid(last_(x));
    const int64_t used = cells_ * duplicates_;
    torch::Tensor square = image.narrow(2, 0, used).narrow(3, 0, used);
    if (duplicates_ > 1) square = torch::avg_pool2d(square, duplicates_);
    return square.reshape({input.size(0), cells_ * cells_}).index_select(1, places_);
  }

 private:
  int64_t cells_, duplicates_, quarter_, channels_;
  nn::Linear dense_;
  BatchNorm dense_norm_;
  nn::Linear start_;
  BatchNorm start_norm_;
  Convolution middle_;
  BatchNorm middle_norm_;
  Convolution last_;
  torch::Tensor places_;
};

class ImageCritic : public CriticNetwork {
 public:
  ImageCritic(const PacketShape& shape, const ImageSizes& sizes, at::Generator random)
      : cells_(cells(shape.digits, sizes.bits)),
        duplicates_(sizes.duplicates),
        side_(image_side(shape.digits, sizes)),
        first_(parameters_, "critic.0", 1, sizes.channels, false),
        second_(parameters_, "critic.1", sizes.channels, 2 * sizes.channels, false),
        dense_(parameters_, "critic.dense", 2 * sizes.channels * (side_ / 4) * (side_ / 4), sizes.units),
        last_(parameters_, "critic.out", sizes.units, 1) {
    // The digit of every cell; one more, which is 0, for the empty ones.
    const std::vector<int64_t> places = digit_places(shape.digits, sizes);
    std::vector<int64_t> digit_of(static_cast<size_t>(cells_ * cells_), shape.digits);
    for (size_t d = 0; d < places.size(); ++d)
      digit_of[static_cast<size_t>(places[d])] = static_cast<int64_t>(d);
    digit_of_ = to_tensor(digit_of);
    parameters_.build(nn::Init::xavier, std::move(random), torch::kCPU);
  }

  torch::Tensor forward(const torch::Tensor& codes, const torch::Tensor&) const override {
    torch::Tensor x = image(codes);
    x = torch::leaky_relu(first_(x), kLeak);
    x = torch::leaky_relu(second_(x), kLeak);
    return last_(torch::leaky_relu(dense_(x.flatten(1)), kLeak));
  }

 private:
  torch::Tensor image(const torch::Tensor& codes) const {
    const int64_t rows = codes.size(0), pixels = cells_ * duplicates_;
    const torch::Tensor square = torch::constant_pad_nd(codes, {0, 1}).index_select(1, digit_of_);
    const torch::Tensor blocks = square.view({rows, 1, cells_, 1, cells_, 1})
                                     .expand({rows, 1, cells_, duplicates_, cells_, duplicates_});
    return torch::constant_pad_nd(blocks.reshape({rows, 1, pixels, pixels}),
                                  {0, side_ - pixels, 0, side_ - pixels});
  }

  int64_t cells_, duplicates_, side_;
  Convolution first_, second_;
  nn::Linear dense_, last_;
  torch::Tensor digit_of_;
};

}  // namespace

int64_t image_side(int64_t digits, const ImageSizes& sizes) {
  return (cells(digits, sizes.bits) * sizes.duplicates + 3) / 4 * 4;
}

std::vector<int64_t> digit_places(int64_t digits, const ImageSizes& sizes) {
  const int64_t side = cells(digits, sizes.bits);
  std::vector<int64_t> out;
  for (int64_t d = 0; d < digits; ++d) {
    if (!sizes.bits) {
      out.push_back(d);
      continue;
    }
    const int64_t block = d / 4, bit = d % 4, blocks = side / 2;
    out.push_back((2 * (block / blocks) + bit / 2) * side + 2 * (block % blocks) + bit % 2);
  }
  return out;
}

std::unique_ptr<ByteGenerator> make_image_generator(const PacketShape& shape, const ImageSizes& sizes,
                                                    at::Generator random) {
  return std::make_unique<ImageGenerator>(shape, sizes, std::move(random));
}

std::unique_ptr<CriticNetwork> make_image_critic(const PacketShape& shape, const ImageSizes& sizes,
                                                 at::Generator random) {
  return std::make_unique<ImageCritic>(shape, sizes, std::move(random));
}

}  // namespace bench
