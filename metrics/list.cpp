#include "metrics/audit.h"
#include "metrics/distribution.h"
#include "metrics/joint.h"
#include "metrics/privacy.h"
#include "metrics/series.h"
#include "metrics/temporal.h"
#include "metrics/validity.h"

namespace bench {

const std::vector<MetricFamily>& all_metrics() {
  static const std::vector<MetricFamily> list{
      distribution_family(), joint_family(),   series_family(), temporal_family(),
      validity_family(),     privacy_family(), audit_family(),
  };
  return list;
}

}  // namespace bench
