#pragma once
// Batches as the accounting of differential privacy wants them: every record is in a batch with the same
// chance, whatever happens to the others.

#include <cstddef>
#include <vector>

#include "core/seed.h"

namespace bench {

class PoissonBatches {
 public:
  /// Indices below `records`, each in a batch with chance `rate` in (0, 1].
  PoissonBatches(size_t records, double rate, Seed seed);
  /// Ascending; empty now and then, records * rate long on average.
  std::vector<size_t> next();
  double rate() const { return rate_; }
  double expected() const { return static_cast<double>(records_) * rate_; }

 private:
  size_t records_;
  double rate_, log_rest_;
  Rng rng_;
};

}  // namespace bench
