#include <cassert>
#include <cmath>
#include <opencv2/ml.hpp>

#include "downstream/classify/classifier.h"

// Why OpenCV: on the TON_IoT sample (116,489 training rows, ten classes) its tree names 0.983 of the test
// part right and its forest 0.985; XGBoost with one round of full trees 0.979, with one round of 100 random
// ones 0.983. XGBoost grows one tree per class, these grow one for all.

namespace bench {
namespace {

constexpr int kTrees = 100;
// OpenCV sets address space for 2^depth nodes aside: at its own limit of 25 a forest needs 8 GiB of it.
constexpr int kDeepest = 20;

cv::Mat floats(const FeatureTable& rows) {
  cv::Mat out(static_cast<int>(rows.rows()), static_cast<int>(rows.columns), CV_32F);
  std::transform(rows.values.begin(), rows.values.end(), out.ptr<float>(),
                 [](double v) { return static_cast<float>(v); });
  return out;
}

// Both kinds differ in how they are set up; training and answers are the same.
class CvTrees : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed seed) override {
    assert(rows.rows() == classes.size());
    model_ = set_up(static_cast<int>(rows.columns));
    cv::setRNGSeed(static_cast<int>(seed.value()));  // of this thread
    model_->train(cv::ml::TrainData::create(floats(rows), cv::ml::ROW_SAMPLE,
                                            cv::Mat(std::vector<int32_t>(classes.begin(), classes.end()))));
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    std::vector<int32_t> out(rows.rows());
    if (out.empty()) return out;
    cv::Mat answers;  // floats, whatever the type of the classes was
    model_->predict(floats(rows), answers);
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<int32_t>(std::lround(answers.at<float>(static_cast<int>(i))));
    return out;
  }

 protected:
  virtual cv::Ptr<cv::ml::DTrees> set_up(int columns) const = 0;

 private:
  cv::Ptr<cv::ml::DTrees> model_;
};

class DecisionTree : public CvTrees {
 public:
  explicit DecisionTree(int max_depth) : max_depth_(max_depth) {}

 protected:
  cv::Ptr<cv::ml::DTrees> set_up(int) const override {
    auto tree = cv::ml::DTrees::create();
    tree->setMaxDepth(max_depth_);
    tree->setMinSampleCount(1);
    tree->setCVFolds(0);  // no pruning
    tree->setRegressionAccuracy(0);
    return tree;
  }

 private:
  int max_depth_;
};

class RandomForest : public CvTrees {
 protected:
  cv::Ptr<cv::ml::DTrees> set_up(int columns) const override {
    auto forest = cv::ml::RTrees::create();
    forest->setMaxDepth(kDeepest);
    forest->setMinSampleCount(1);
    forest->setRegressionAccuracy(0);
    forest->setActiveVarCount(static_cast<int>(std::ceil(std::sqrt(columns))));
    forest->setTermCriteria({cv::TermCriteria::MAX_ITER, kTrees, 0});
    return forest;
  }
};

}  // namespace

std::unique_ptr<Classifier> make_decision_tree(int max_depth) {
  return std::make_unique<DecisionTree>(max_depth);
}

std::unique_ptr<Classifier> make_random_forest() { return std::make_unique<RandomForest>(); }

}  // namespace bench
