#pragma once
// Novelty detectors: trained on rows that count as normal, they give every row a score and a verdict.

#include <memory>
#include <string_view>
#include <vector>

#include "core/seed.h"
#include "downstream/feature_table.h"

namespace bench {

class Detector {
 public:
  virtual ~Detector() = default;
  /// At least one row and one column; the same rows and seed give the same scores.
  virtual void fit(const FeatureTable& rows, Seed seed) = 0;
  /// One score per row, greater = stranger. The columns are those of the training rows.
  virtual std::vector<double> scores(const FeatureTable& rows) const = 0;
  /// A row is flagged if its score is greater than this.
  virtual double threshold() const = 0;
};

struct DetectorEntry {
  std::string_view id;
  std::string_view summary;
  /// Rows that a training is capped at unless the caller says otherwise; 0 = no cap.
  size_t training_cap;
  std::unique_ptr<Detector> (*make)();
};

/// The only place that knows every detector. Order = order in reports.
const std::vector<DetectorEntry>& all_detectors();

/// One-class support vector machine (Schoelkopf et al. 2001) of libsvm with scikit-learn's settings: kernel
/// exp(-gamma |x - y|^2), gamma = 1 / (columns x variance of all numbers) ("scale"; 1 if they are all equal),
/// nu = 0.5, tolerance 1e-3. Score = -decision value, threshold 0. Scored on its own training rows it flags
/// about nu of them, whatever they are. Training is quadratic in the rows. The seed is not used.
std::unique_ptr<Detector> make_one_class_svm();

/// Isolation forest (F. T. Liu, K. M. Ting, Z.-H. Zhou, ICDM 2008): 100 trees on samples of 256 rows (fewer
/// if there are not so many). Score = 2^(-mean path length / c), equation 2 of the paper, 0 .. 1; the
/// threshold flags a tenth of the training rows.
std::unique_ptr<Detector> make_isolation_forest();

/// Squared distance of the standardised row from the span of the principal components that hold 90 % of the
/// variance of the training rows (all but one at most); the threshold flags a tenth of them. The seed is not
/// used.
std::unique_ptr<Detector> make_principal_components();

}  // namespace bench
