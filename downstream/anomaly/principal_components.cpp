#include <algorithm>
#include <cassert>
#include <numeric>
#include <opencv2/core.hpp>

#include "core/rank.h"
#include "downstream/anomaly/detector.h"

namespace bench {
namespace {

constexpr double kKeptVariance = 0.9;
constexpr double kFlaggedShare = 0.1;

// A view of the table; OpenCV has no matrices of constant numbers.
cv::Mat matrix(FeatureTable& table) {
  return {static_cast<int>(table.rows()), static_cast<int>(table.columns), CV_64F, table.values.data()};
}

class PrincipalComponents : public Detector {
 public:
  void fit(const FeatureTable& rows, Seed) override {
    assert(rows.rows() > 0);
    scale_ = column_scale(rows);
    FeatureTable scaled = scale_.apply(rows);
    cv::Mat covariance, values, vectors;
    cv::mulTransposed(matrix(scaled), covariance, true, cv::noArray(),
                      1.0 / static_cast<double>(rows.rows()));
    cv::eigen(covariance, values, vectors);  // descending; one vector per row
    const double total = std::max(cv::sum(values)[0], 0.0);
    double kept = 0;
    int count = 0;
    while (count + 1 < values.rows && kept < kKeptVariance * total) kept += values.at<double>(count++);
    components_ = vectors.rowRange(0, count).clone();
    threshold_ = quantile(scores(rows), 1 - kFlaggedShare);
  }

  std::vector<double> scores(const FeatureTable& rows) const override {
    std::vector<double> out(rows.rows());
    if (out.empty()) return out;
    FeatureTable scaled = scale_.apply(rows);
    const cv::Mat all = matrix(scaled);
    const cv::Mat inside = components_.empty() ? cv::Mat() : cv::Mat(all * components_.t());
    for (size_t i = 0; i < out.size(); ++i) {
      const auto row = scaled.row(i);
      out[i] = std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
      const auto at = static_cast<int>(i);
      if (!inside.empty()) out[i] -= inside.row(at).dot(inside.row(at));
      out[i] = std::max(out[i], 0.0);
    }
    return out;
  }

  double threshold() const override { return threshold_; }

 private:
  ColumnScale scale_;
  cv::Mat components_;  // one per row
  double threshold_ = 0;
};

}  // namespace

std::unique_ptr<Detector> make_principal_components() { return std::make_unique<PrincipalComponents>(); }

}  // namespace bench
