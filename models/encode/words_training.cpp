// Mikolov et al. 2013, equation 4: the loss of an output word w given the vector h of its context is
// -log s(u_w . h) - sum over the negative samples n of log s(-u_n . h), with s the logistic function. As in
// their program, an input word's vector takes the whole step of h, also where h is a mean.

#include "models/encode/words_training.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace bench {
namespace {

constexpr int kNegatives = 5;
constexpr double kCountPower = 0.75;
constexpr double kFirstRate = 0.025, kLastRate = 1e-4;
constexpr double kSubsampling = 1e-3;

double unit_draw(Rng& rng) { return static_cast<double>(rng() >> 11) * 0x1p-53; }

/// Draws words in proportion to weights, in constant time: each of n equal columns holds the end of one
/// word's mass and the begin of another's (Walker's alias method).
class WordSampler {
 public:
  WordSampler(uint32_t first_word, const std::vector<double>& weights)
      : first_(first_word), full_(weights.size()), alias_(weights.size()) {
    double sum = 0;
    for (const double w : weights) sum += w;
    std::vector<double> height(weights.size());
    std::vector<uint32_t> small, large;
    for (uint32_t i = 0; i < weights.size(); ++i) {
      height[i] = weights[i] / sum * static_cast<double>(weights.size());
      alias_[i] = i;
      full_[i] = 1;
      (height[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const uint32_t low = small.back(), high = large.back();
      small.pop_back();
      full_[low] = height[low];
      alias_[low] = high;
      height[high] -= 1 - height[low];
      if (height[high] >= 1) continue;
      large.pop_back();
      small.push_back(high);
    }
  }

  uint32_t draw(Rng& rng) const {
    const uint64_t bits = rng();
    const uint64_t column = ((bits >> 32) * full_.size()) >> 32;
    const double place = static_cast<double>(bits & 0xFFFFFFFFU) * 0x1p-32;
    return first_ + (place < full_[column] ? static_cast<uint32_t>(column) : alias_[column]);
  }

 private:
  uint32_t first_;
  std::vector<double> full_;
  std::vector<uint32_t> alias_;
};

class Trainer {
 public:
  Trainer(const std::vector<Sentence>& sentences, size_t ports, size_t words, const WordOptions& options,
          Seed seed)
      : options_(options),
        size_(static_cast<size_t>(options.size)),
        ports_(ports),
        rng_(seed.child("words").rng()) {
    std::vector<int64_t> counts(words, 0);
    for (const Sentence& sentence : sentences) {
      for (const uint32_t word : sentence) ++counts[word];
    }
    std::vector<double> weights(words);
    std::transform(counts.begin(), counts.end(), weights.begin(),
                   [](int64_t count) { return std::pow(static_cast<double>(count), kCountPower); });
    const auto split = weights.begin() + static_cast<std::ptrdiff_t>(ports);
    if (options.shared) {
      samplers_.emplace_back(0, weights);
    } else {
      samplers_.emplace_back(0, std::vector<double>(weights.begin(), split));
      samplers_.emplace_back(static_cast<uint32_t>(ports), std::vector<double>(split, weights.end()));
    }
    if (options.subsampling) {
      const double scale = kSubsampling * 3 * static_cast<double>(sentences.size());
      for (const int64_t count : counts) {
        const double share = static_cast<double>(count) / scale;
        keep_.push_back((std::sqrt(share) + 1) / share);
      }
    }
    output_.assign(words * size_, 0.0F);
    input_.resize(words * size_);
    for (float& v : input_) v = static_cast<float>((unit_draw(rng_) - 0.5) / static_cast<double>(size_));
    mean_.resize(size_);
    step_.resize(size_);
  }

  void run(const std::vector<Sentence>& sentences) {
    const auto total = static_cast<double>(sentences.size()) * static_cast<double>(options_.epochs);
    double done = 0;
    for (int64_t epoch = 0; epoch < options_.epochs; ++epoch) {
      for (const Sentence& sentence : sentences) {
        rate_ = static_cast<float>(kFirstRate - (kFirstRate - kLastRate) * done++ / total);
        Sentence kept = sentence;
        size_t length = kept.size();
        if (options_.subsampling) {
          length = static_cast<size_t>(
              std::remove_if(kept.begin(), kept.end(),
                             [&](uint32_t word) { return unit_draw(rng_) >= keep_[word]; }) -
              kept.begin());
        }
        const std::span words(kept.data(), length);
        if (length > 1) options_.skipgram ? train_skipgram(words) : train_cbow(words);
      }
    }
  }

  std::vector<float> input() { return std::move(input_); }

 private:
  float* input(uint32_t word) { return input_.data() + word * size_; }

  void train_cbow(std::span<const uint32_t> words) {
    const float scale = 1 / static_cast<float>(words.size() - 1);
    for (size_t target = 0; target < words.size(); ++target) {
      std::fill(mean_.begin(), mean_.end(), 0.0F);
      for (size_t i = 0; i < words.size(); ++i) {
        if (i == target) continue;
        const float* vector = input(words[i]);
        for (size_t d = 0; d < size_; ++d) mean_[d] += scale * vector[d];
      }
      learn(words[target], mean_.data());
      for (size_t i = 0; i < words.size(); ++i) {
        if (i != target) add_step(words[i]);
      }
    }
  }

  void train_skipgram(std::span<const uint32_t> words) {
    for (size_t target = 0; target < words.size(); ++target) {
      for (size_t i = 0; i < words.size(); ++i) {
        if (i == target) continue;
        learn(words[target], input(words[i]));
        add_step(words[i]);
      }
    }
  }

  void add_step(uint32_t word) {
    float* vector = input(word);
    for (size_t d = 0; d < size_; ++d) vector[d] += step_[d];
  }

  /// One descent step of the loss in the output vectors; leaves that of `context` in step_.
  void learn(uint32_t target, const float* context) {
    const WordSampler& sampler = samplers_[samplers_.size() > 1 && target >= ports_ ? 1 : 0];
    std::fill(step_.begin(), step_.end(), 0.0F);
    learn_output(target, context, 1);
    for (int i = 0; i < kNegatives; ++i) {
      const uint32_t negative = sampler.draw(rng_);
      if (negative != target) learn_output(negative, context, 0);
    }
  }

  void learn_output(uint32_t word, const float* context, float truth) {
    float* output = output_.data() + word * size_;
    float product = 0;
    for (size_t d = 0; d < size_; ++d) product += output[d] * context[d];
    const float error = rate_ * (truth - 1 / (1 + std::exp(-product)));
    for (size_t d = 0; d < size_; ++d) {
      step_[d] += error * output[d];
      output[d] += error * context[d];
    }
  }

  const WordOptions& options_;
  size_t size_, ports_;
  Rng rng_;
  std::vector<WordSampler> samplers_;  ///< of all words, or of ports and of protocols
  std::vector<double> keep_;           ///< chance of a word to stay in a sentence, with subsampling
  std::vector<float> input_, output_;  ///< [words, size]
  std::vector<float> mean_, step_;     ///< [size]
  float rate_ = 0;
};

}  // namespace

std::vector<float> train_words(const std::vector<Sentence>& sentences, size_t ports, size_t words,
                               const WordOptions& options, Seed seed) {
  Trainer trainer(sentences, ports, words, options, seed);
  trainer.run(sentences);
  return trainer.input();
}

}  // namespace bench
