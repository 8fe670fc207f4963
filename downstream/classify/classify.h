#pragma once
// Task "classify": traffic-type prediction on flow records. A classifier trained on synthetic records should
// name the classes of held-out real ones as one trained on real records does.

#include <vector>

#include "downstream/task.h"

namespace bench {

std::vector<MetricCard> classify_cards();

/// Parts: real_train = pair.real, real_test = *pair.holdout, synthetic_train = pair.synthetic; where records
/// of the synthetic trace are the test (TRTS, TSTS), a random fifth of it, and TSTS trains on the other four.
/// n_real and n_synthetic of a score are the rows of that side that it rests on: training rows where the side
/// trains (in accuracy_ratio and classifier_rank both do), else test rows; 0 for a side that is not asked.
Task classify_task();

}  // namespace bench
