#pragma once
// Family "joint": how two fields go together. Shuffling each column by itself leaves the family
// "distribution" at zero and shows here.

#include "metrics/metric.h"

namespace bench {

MetricFamily joint_family();

}  // namespace bench
