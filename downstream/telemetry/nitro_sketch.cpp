#include "downstream/telemetry/nitro_sketch.h"

#include <algorithm>
#include <cmath>

namespace bench {

NitroSketch::NitroSketch(const SketchOptions& options, Seed seed)
    : taken_(options, seed),
      probability_(options.probability),
      rng_(seed.child("sampling").rng()),
      skip_(gap()) {}

// Rows that are passed over before the next one taken, geometric with P(gap >= k) = (1 - p)^k, by inversion;
// p = 1 divides by -infinity and gives 0.
int64_t NitroSketch::gap() {
  constexpr double kMost = 0x1p62;
  const double u = static_cast<double>((rng_() >> 11) + 1) * 0x1p-53;  // (0, 1]
  return static_cast<int64_t>(std::min(kMost, std::log(u) / std::log1p(-probability_)));
}

void NitroSketch::add(const Key& key, int64_t weight) {
  const auto rows = static_cast<int64_t>(taken_.rows());
  while (skip_ < rows) {
    taken_.add_to_row(static_cast<size_t>(skip_), key, weight);
    skip_ += 1 + gap();
  }
  skip_ -= rows;
}

double NitroSketch::estimate(const Key& key) const { return taken_.estimate(key) / probability_; }

}  // namespace bench
