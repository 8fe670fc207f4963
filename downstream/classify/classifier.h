#pragma once
// Classifiers of rows of numbers behind one interface.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "downstream/feature_table.h"

namespace bench {

class Classifier {
 public:
  virtual ~Classifier() = default;
  /// One class per row: 0 .. k - 1, k >= 2, each of them there at least once. Rows are standardised. The same
  /// rows, classes and seed give the same predictions.
  virtual void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed seed) = 0;
  /// The class of each row. The columns are those of the training rows.
  virtual std::vector<int32_t> predict(const FeatureTable& rows) const = 0;
};

/// A classifier trained on rows with any codes (a synthetic trace may lack classes). One single code is the
/// answer to everything, without a training.
class TrainedClassifier {
 public:
  /// At least one row, one code per row.
  TrainedClassifier(std::unique_ptr<Classifier> untrained, const FeatureTable& rows,
                    std::span<const int32_t> codes, Seed seed);
  std::vector<int32_t> predict(const FeatureTable& rows) const;

 private:
  std::unique_ptr<Classifier> classifier_;
  std::vector<int32_t> codes_;  // of the classifier's classes, ascending
};

struct ClassifierEntry {
  std::string_view id;
  std::string_view summary;
  std::unique_ptr<Classifier> (*make)();
};

/// The only place that knows every classifier. Order = order in reports.
const std::vector<ClassifierEntry>& all_classifiers();

/// Classification tree (CART, Breiman 1984; OpenCV) that grows until its leaves are pure or `max_depth` is
/// reached; no pruning. OpenCV sets address space for 2^max_depth nodes aside.
std::unique_ptr<Classifier> make_decision_tree(int max_depth = 20);
/// Random forest (Breiman 2001; OpenCV): 100 trees to pure leaves or depth 20, ceil(sqrt(columns)) columns
/// tried per node.
std::unique_ptr<Classifier> make_random_forest();
/// Gradient-boosted trees (Chen and Guestrin 2016; XGBoost with its defaults): 100 rounds, depth 6, rate 0.3.
std::unique_ptr<Classifier> make_gradient_boosting();
/// One-vs-rest logistic regression, L2 penalty with C = 1 (liblinear's primal trust-region solver).
std::unique_ptr<Classifier> make_logistic_regression();
/// One hidden layer of 100 rectified units, Adam (Kingma and Ba 2015) with rate 1e-3 on batches of 200,
/// L2 penalty 1e-4: scikit-learn's defaults. Ends when the loss of 10 epochs in a row has not fallen by 1e-4
/// below the best, or after 200 epochs.
std::unique_ptr<Classifier> make_mlp();
/// Gaussian naive Bayes; 1e-9 of the greatest column variance is added to each variance.
std::unique_ptr<Classifier> make_naive_bayes();
/// AdaBoost for several classes (SAMME: Zhu, Zou, Rosset, Hastie 2009): 50 rounds of trees of depth 5, each
/// grown on a sample of the rows that is drawn by their weights.
std::unique_ptr<Classifier> make_ada_boost();

}  // namespace bench
