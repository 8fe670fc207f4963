#pragma once
// The classifier two-sample test (Lopez-Paz and Oquab, ICLR 2017) with gradient-boosted trees: can a learner
// tell synthetic records from real ones, and by which column?

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/seed.h"

namespace bench {

struct LabelledRows {
  size_t columns = 0;
  std::vector<float> values;       ///< row after row
  std::vector<uint8_t> synthetic;  ///< by row, 1 or 0
  std::vector<uint32_t> fold;      ///< by row, 0 .. kFolds - 1
};
inline constexpr uint32_t kFolds = 5;

struct TwoSampleResult {
  double auc = 0.5;          ///< mean over the folds that can be judged
  std::vector<double> gain;  ///< by column: share of the loss that splits on it took away; all 0 if no split
};
/// Trains on all folds but one, ranks the records of that one; 50 trees of depth 4, learning rate 0.3,
/// XGBoost's histogram method on one thread. The same rows in the same order give the same result. None if no
/// fold has both classes inside and outside it. Throws Error(unsupported) if XGBoost fails.
std::optional<TwoSampleResult> two_sample_test(const LabelledRows& rows, Seed seed);

}  // namespace bench
