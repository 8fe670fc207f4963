#include "downstream/anomaly/detector.h"

namespace bench {

const std::vector<DetectorEntry>& all_detectors() {
  static const std::vector<DetectorEntry> list{
      {"ocsvm", "one-class SVM, rbf kernel, nu 0.5 [Schoelkopf 2001]", 2000, make_one_class_svm},
      {"iforest", "isolation forest, 100 trees, a tenth flagged [Liu 2008]", 0, make_isolation_forest},
      {"pca", "residual of the principal components, a tenth flagged", 0, make_principal_components},
  };
  return list;
}

}  // namespace bench
