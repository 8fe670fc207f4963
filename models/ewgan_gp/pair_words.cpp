#include "models/ewgan_gp/pair_words.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace bench {
namespace {

constexpr int kNegatives = 5;
constexpr double kCountPower = 0.75;
constexpr double kFirstRate = 0.025, kLastRate = 1e-4;

class PairTrainer {
 public:
  PairTrainer(const PairWords& words, int64_t size, Seed seed)
      : words_(words), size_(static_cast<size_t>(size)), rng_(seed.rng()), step_(size_) {
    std::vector<double> counts(words.kind_begin.back(), 0);
    for (const uint32_t word : words.sentences) ++counts[word];
    double sum = 0;
    for (size_t k = 0; k + 1 < words.kind_begin.size(); ++k) {
      sum = 0;
      for (uint32_t w = words.kind_begin[k]; w < words.kind_begin[k + 1]; ++w)
        sums_.push_back(sum += std::pow(counts[w], kCountPower));
    }
    std::uniform_real_distribution<double> start(-0.5 / static_cast<double>(size),
                                                 0.5 / static_cast<double>(size));
    input_.resize(counts.size() * size_);
    for (float& v : input_) v = static_cast<float>(start(rng_));
    output_.assign(input_.size(), 0.0F);
  }

  void run(int64_t epochs) {
    const size_t records = words_.sentences.size() / words_.columns;
    const double total = static_cast<double>(records) * static_cast<double>(epochs);
    double done = 0;
    for (int64_t epoch = 0; epoch < epochs; ++epoch) {
      for (size_t i = 0; i < records; ++i) {
        rate_ = static_cast<float>(kFirstRate - (kFirstRate - kLastRate) * done++ / total);
        const uint32_t* sentence = words_.sentences.data() + i * words_.columns;
        for (size_t from = 0; from < words_.columns; ++from) {
          for (size_t to = 0; to < words_.columns; ++to) {
            if (from != to) learn(sentence[from], sentence[to], words_.kind[to]);
          }
        }
      }
    }
  }

  /// Input vectors at length 1.
  std::vector<float> unit_vectors() {
    for (auto v = input_.begin(); v != input_.end(); v += static_cast<std::ptrdiff_t>(size_)) {
      const auto end = v + static_cast<std::ptrdiff_t>(size_);
      double square = 0;
      for (auto x = v; x != end; ++x) square += static_cast<double>(*x) * *x;
      const double scale = 1 / std::sqrt(square);
      for (auto x = v; x != end; ++x) *x = static_cast<float>(*x * scale);
    }
    return std::move(input_);
  }

 private:
  uint32_t negative(size_t kind) {
    const auto begin = sums_.begin() + words_.kind_begin[kind],
               end = sums_.begin() + words_.kind_begin[kind + 1];
    const double u = static_cast<double>(rng_() >> 11) * 0x1p-53 * *(end - 1);
    return static_cast<uint32_t>(std::upper_bound(begin, end - 1, u) - sums_.begin());
  }

  void learn(uint32_t from, uint32_t to, size_t kind) {
    float* in = input_.data() + from * size_;
    std::fill(step_.begin(), step_.end(), 0.0F);
    learn_output(to, in, 1);
    for (int i = 0; i < kNegatives; ++i) {
      const uint32_t other = negative(kind);
      if (other != to) learn_output(other, in, 0);
    }
    for (size_t d = 0; d < size_; ++d) in[d] += step_[d];
  }

  void learn_output(uint32_t word, const float* in, float truth) {
    float* out = output_.data() + word * size_;
    float product = 0;
    for (size_t d = 0; d < size_; ++d) product += out[d] * in[d];
    const float error = rate_ * (truth - 1 / (1 + std::exp(-product)));
    for (size_t d = 0; d < size_; ++d) {
      step_[d] += error * out[d];
      out[d] += error * in[d];
    }
  }

  const PairWords& words_;
  size_t size_;
  Rng rng_;
  std::vector<double> sums_;  ///< cumulated within each kind
  std::vector<float> input_, output_, step_;
  float rate_ = 0;
};

}  // namespace

std::vector<float> train_pair_words(const PairWords& words, int64_t size, int64_t epochs, Seed seed) {
  PairTrainer trainer(words, size, seed);
  trainer.run(epochs);
  return trainer.unit_vectors();
}

}  // namespace bench
