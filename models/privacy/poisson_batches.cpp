#include "models/privacy/poisson_batches.h"

#include <cassert>
#include <cmath>

namespace bench {

PoissonBatches::PoissonBatches(size_t records, double rate, Seed seed)
    : records_(records), rate_(rate), log_rest_(std::log1p(-rate)), rng_(seed.rng()) {
  assert(rate > 0 && rate <= 1);
}

// The number of records left out before the next one has P(gap >= k) = (1 - rate)^k.
std::vector<size_t> PoissonBatches::next() {
  std::vector<size_t> out;
  out.reserve(static_cast<size_t>(expected() + 4 * std::sqrt(expected())));
  for (size_t i = 0; i < records_; ++i) {
    const double u = 1 - static_cast<double>(rng_() >> 11) * 0x1p-53;  // (0, 1]
    const double gap = std::floor(std::log(u) / log_rest_);
    if (gap >= static_cast<double>(records_ - i)) break;
    i += static_cast<size_t>(gap);
    out.push_back(i);
  }
  return out;
}

}  // namespace bench
