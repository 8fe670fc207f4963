#include "metrics/peer_normalise.h"

#include <algorithm>

namespace bench {

std::vector<double> peer_normalise(std::span<const double> values) {
  std::vector<double> out(values.size(), 0);
  if (values.empty()) return out;
  const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
  if (*hi > *lo) {
    std::transform(values.begin(), values.end(), out.begin(),
                   [&](double v) { return (v - *lo) / (*hi - *lo); });
  }
  return out;
}

}  // namespace bench
