#include <algorithm>
#include <cmath>
#include <numbers>

#include "downstream/classify/classifier.h"

namespace bench {
namespace {

constexpr double kSmoothing = 1e-9;

class NaiveBayes : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed) override {
    classes_.assign(static_cast<size_t>(*std::max_element(classes.begin(), classes.end())) + 1,
                    Gaussian{0, std::vector<double>(rows.columns), std::vector<double>(rows.columns)});
    for (size_t i = 0; i < rows.rows(); ++i) {
      Gaussian& g = classes_[static_cast<size_t>(classes[i])];
      g.log_prior += 1;  // a count until the end
      for (size_t c = 0; c < rows.columns; ++c) g.mean[c] += rows.row(i)[c];
    }
    for (Gaussian& g : classes_)
      for (double& m : g.mean) m /= g.log_prior;
    for (size_t i = 0; i < rows.rows(); ++i) {
      Gaussian& g = classes_[static_cast<size_t>(classes[i])];
      for (size_t c = 0; c < rows.columns; ++c) {
        const double gap = rows.row(i)[c] - g.mean[c];
        g.variance[c] += gap * gap / g.log_prior;
      }
    }
    const auto sd = column_scale(rows).sd;
    const double widest = *std::max_element(sd.begin(), sd.end());
    for (Gaussian& g : classes_) {
      g.log_prior = std::log(g.log_prior / static_cast<double>(rows.rows()));
      for (double& v : g.variance) v += kSmoothing * widest * widest;
    }
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    std::vector<int32_t> out(rows.rows());
    std::vector<double> logs(classes_.size());
    for (size_t i = 0; i < out.size(); ++i) {
      std::transform(classes_.begin(), classes_.end(), logs.begin(),
                     [&](const Gaussian& g) { return g.log_density(rows.row(i)); });
      out[i] = static_cast<int32_t>(std::max_element(logs.begin(), logs.end()) - logs.begin());
    }
    return out;
  }

 private:
  struct Gaussian {
    double log_prior = 0;
    std::vector<double> mean, variance;

    double log_density(std::span<const double> row) const {
      double sum = log_prior;
      for (size_t c = 0; c < row.size(); ++c) {
        const double gap = row[c] - mean[c];
        sum -= 0.5 * (std::log(2 * std::numbers::pi * variance[c]) + gap * gap / variance[c]);
      }
      return sum;
    }
  };
  std::vector<Gaussian> classes_;
};

}  // namespace

std::unique_ptr<Classifier> make_naive_bayes() { return std::make_unique<NaiveBayes>(); }

}  // namespace bench
