#pragma once
// Family "temporal": how records follow each other in time. Shuffling the times of a trace leaves the family
// "distribution" at zero and shows here.

#include "metrics/metric.h"

namespace bench {

MetricFamily temporal_family();

}  // namespace bench
