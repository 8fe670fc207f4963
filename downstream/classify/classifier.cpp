#include "downstream/classify/classifier.h"

#include <algorithm>
#include <cassert>

namespace bench {

TrainedClassifier::TrainedClassifier(std::unique_ptr<Classifier> untrained, const FeatureTable& rows,
                                     std::span<const int32_t> codes, Seed seed)
    : classifier_(std::move(untrained)), codes_(codes.begin(), codes.end()) {
  assert(rows.rows() > 0 && rows.rows() == codes.size());
  std::sort(codes_.begin(), codes_.end());
  codes_.erase(std::unique(codes_.begin(), codes_.end()), codes_.end());
  if (codes_.size() < 2) return;
  std::vector<int32_t> classes;
  for (const int32_t code : codes) {
    classes.push_back(
        static_cast<int32_t>(std::lower_bound(codes_.begin(), codes_.end(), code) - codes_.begin()));
  }
  classifier_->fit(rows, classes, seed);
}

std::vector<int32_t> TrainedClassifier::predict(const FeatureTable& rows) const {
  if (codes_.size() < 2) return std::vector<int32_t>(rows.rows(), codes_[0]);
  std::vector<int32_t> out = classifier_->predict(rows);
  for (int32_t& value : out) value = codes_[static_cast<size_t>(value)];
  return out;
}

const std::vector<ClassifierEntry>& all_classifiers() {
  static const std::vector<ClassifierEntry> list{
      {"dt", "decision tree (CART) [Breiman 1984]", [] { return make_decision_tree(); }},
      {"lr", "logistic regression, one against the rest", make_logistic_regression},
      {"rf", "random forest, 100 trees [Breiman 2001]", make_random_forest},
      {"gb", "gradient-boosted trees, 100 rounds [Chen 2016]", make_gradient_boosting},
      {"mlp", "one hidden layer of 100, Adam", make_mlp},
      {"nb", "Gaussian naive Bayes", make_naive_bayes},
      {"ada", "AdaBoost.SAMME of trees of depth 5 [Zhu 2009]", make_ada_boost},
  };
  return list;
}

}  // namespace bench
