#include "models/flow_wgan/byte_vectors.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <random>

namespace bench {
namespace {

constexpr int64_t kValues = 256;
constexpr int kNegatives = 5;
constexpr double kExponent = 0.75;
constexpr float kFirstRate = 0.1F, kLastRate = 1e-3F;

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

class Training {
 public:
  Training(std::span<const uint8_t> packets, int64_t width, const ByteVectorOptions& options, Seed seed)
      : packets_(packets),
        width_(static_cast<size_t>(width)),
        size_(static_cast<size_t>(options.size)),
        rng_(seed.rng()),
        in_(width_ * kValues * size_),
        out_(in_.size(), 0),
        counts_(width_ * kValues, 0) {
    for (size_t i = 0; i < packets.size(); ++i) ++counts_[i % width_ * kValues + packets[i]];
    std::uniform_real_distribution<float> start(-0.5F, 0.5F);
    for (float& value : in_) value = start(rng_) / static_cast<float>(size_);
    for (size_t p = 0; p < width_; ++p) {
      std::vector<double> weights;
      for (size_t b = 0; b < kValues; ++b)
        weights.push_back(std::pow(static_cast<double>(counts_[p * kValues + b]), kExponent));
      others_.emplace_back(weights.begin(), weights.end());
    }
  }

  void run(int64_t epochs) {
    const size_t n = packets_.size() / width_;
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    const float steps = static_cast<float>(epochs) * static_cast<float>(n);
    size_t step = 0;
    for (int64_t e = 0; e < epochs; ++e) {
      std::shuffle(order.begin(), order.end(), rng_);
      for (const size_t i : order) {
        const float done = static_cast<float>(step++) / steps;
        packet(packets_.data() + i * width_, kFirstRate + (kLastRate - kFirstRate) * done);
      }
    }
  }

  /// Mean of each place taken off, then length 1.
  std::vector<float> finished() {
    for (size_t p = 0; p < width_; ++p) {
      std::vector<float> mean(size_, 0);
      float words = 0;
      for (size_t b = 0; b < kValues; ++b) {
        if (counts_[p * kValues + b] == 0) continue;
        const float* vector = &in_[(p * kValues + b) * size_];
        for (size_t k = 0; k < size_; ++k) mean[k] += vector[k];
        ++words;
      }
      for (size_t b = 0; b < kValues; ++b) {
        float* vector = &in_[(p * kValues + b) * size_];
        float squares = 0;
        for (size_t k = 0; k < size_; ++k) {
          vector[k] -= mean[k] / words;
          squares += vector[k] * vector[k];
        }
        const bool occurs = counts_[p * kValues + b] > 0;
        for (size_t k = 0; k < size_; ++k) vector[k] *= occurs && squares > 0 ? 1 / std::sqrt(squares) : 0;
        if (occurs && squares == 0) vector[0] = 1;  // the only byte of its place
      }
    }
    return std::move(in_);
  }

 private:
  void packet(const uint8_t* bytes, float rate) {
    const auto others = static_cast<float>(std::max<size_t>(width_ - 1, 1));
    std::vector<float>&sum = sum_, &total = total_;
    sum.assign(size_, 0);
    total.assign(size_, 0);
    own_.assign(width_ * size_, 0);
    for (size_t p = 0; p < width_; ++p) {
      const float* vector = &in_[(p * kValues + bytes[p]) * size_];
      for (size_t k = 0; k < size_; ++k) sum[k] += vector[k];
    }
    for (size_t p = 0; p < width_; ++p) {
      context_.assign(sum.begin(), sum.end());
      const float* vector = &in_[(p * kValues + bytes[p]) * size_];
      for (size_t k = 0; k < size_; ++k) context_[k] = (context_[k] - vector[k]) / others;
      for (int draw = 0; draw <= kNegatives; ++draw) {
        const size_t word = draw == 0 ? bytes[p] : static_cast<size_t>(others_[p](rng_));
        if (draw > 0 && word == bytes[p]) continue;
        tell(p, word, draw == 0 ? 1.0F : 0.0F, rate);
      }
      for (size_t k = 0; k < size_; ++k) total[k] += own_[p * size_ + k];
    }
    // A vector is part of the context of all places but its own.
    for (size_t p = 0; p < width_; ++p) {
      float* vector = &in_[(p * kValues + bytes[p]) * size_];
      for (size_t k = 0; k < size_; ++k) vector[k] += (total[k] - own_[p * size_ + k]) / others;
    }
  }

  /// One step for the answer `target` to "is it this word?", seen from context_.
  void tell(size_t place, size_t word, float target, float rate) {
    float* answer = &out_[(place * kValues + word) * size_];
    float dot = 0;
    for (size_t k = 0; k < size_; ++k) dot += answer[k] * context_[k];
    const float step = rate * (target - sigmoid(dot));
    for (size_t k = 0; k < size_; ++k) {
      own_[place * size_ + k] += step * answer[k];
      answer[k] += step * context_[k];
    }
  }

  std::span<const uint8_t> packets_;
  size_t width_, size_;
  Rng rng_;
  std::vector<float> in_, out_;  // [width * 256, size]
  std::vector<int64_t> counts_;
  std::vector<std::discrete_distribution<int>> others_;
  std::vector<float> sum_, total_, context_, own_;
};

}  // namespace

std::vector<float> train_byte_vectors(std::span<const uint8_t> packets, int64_t width,
                                      const ByteVectorOptions& options, Seed seed) {
  assert(!packets.empty() && static_cast<int64_t>(packets.size()) % width == 0);
  Training training(packets, width, options, seed);
  training.run(options.epochs);
  return training.finished();
}

}  // namespace bench
