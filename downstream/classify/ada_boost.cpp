#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "downstream/classify/classifier.h"

namespace bench {
namespace {

constexpr uint64_t kRounds = 50;
constexpr int kDepth = 5;

// SAMME: a weak learner of weighted error e has the say ln((1 - e) / e) + ln(k - 1), and rows that it gets
// wrong are weighted by the exponential of that.
class AdaBoost : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed seed) override {
    learners_.clear();
    classes_ = 1 + *std::max_element(classes.begin(), classes.end());
    std::vector<double> weights(rows.rows(), 1);
    for (uint64_t round = 0; round < kRounds; ++round) {
      Learner learner{grow(rows, classes, weights, seed.child("round", round))};
      const auto answers = learner.tree.predict(rows);
      double wrong = 0, all = 0;
      for (size_t i = 0; i < weights.size(); ++i) {
        all += weights[i];
        if (answers[i] != classes[i]) wrong += weights[i];
      }
      const double error = std::max(wrong / all, 1e-10);
      learner.say = std::log((1 - error) / error) + std::log(classes_ - 1);
      if (learner.say <= 0) {  // no better than chance on this sample
        if (!learners_.empty() || round + 1 < kRounds) continue;
        learner.say = 1;  // the only one there is
      }
      for (size_t i = 0; i < weights.size(); ++i) {
        // Divided by the sum, so that weights stay within the range of a double.
        weights[i] *= (answers[i] != classes[i] ? std::exp(learner.say) : 1) / all;
      }
      learners_.push_back(std::move(learner));
      if (wrong == 0) break;
    }
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    const auto k = static_cast<size_t>(classes_);
    std::vector<double> votes(rows.rows() * k);
    for (const Learner& learner : learners_) {
      const auto answers = learner.tree.predict(rows);
      for (size_t i = 0; i < answers.size(); ++i)
        votes[i * k + static_cast<size_t>(answers[i])] += learner.say;
    }
    std::vector<int32_t> out(rows.rows());
    for (size_t i = 0; i < out.size(); ++i) {
      const auto begin = votes.begin() + static_cast<std::ptrdiff_t>(i * k);
      out[i] = static_cast<int32_t>(std::max_element(begin, begin + classes_) - begin);
    }
    return out;
  }

 private:
  struct Learner {
    TrainedClassifier tree;
    double say = 0;
  };

  static TrainedClassifier grow(const FeatureTable& rows, std::span<const int32_t> classes,
                                const std::vector<double>& weights, Seed seed) {
    std::discrete_distribution<size_t> by_weight(weights.begin(), weights.end());
    Rng rng = seed.child("sample").rng();
    std::vector<size_t> sample(rows.rows());
    std::generate(sample.begin(), sample.end(), [&] { return by_weight(rng); });
    std::vector<int32_t> labels;
    for (const size_t i : sample) labels.push_back(classes[i]);
    return {make_decision_tree(kDepth), select(rows, sample), labels, seed.child("tree")};
  }

  std::vector<Learner> learners_;
  int32_t classes_ = 0;
};

}  // namespace

std::unique_ptr<Classifier> make_ada_boost() { return std::make_unique<AdaBoost>(); }

}  // namespace bench
