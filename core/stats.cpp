#include "core/stats.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bench {

double mean(std::span<const double> x) {
  if (x.empty()) return 0;
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double sample_sd(std::span<const double> x) {
  if (x.size() < 2) return 0;
  const double m = mean(x);
  double sum = 0;
  for (const double v : x) sum += (v - m) * (v - m);
  return std::sqrt(sum / static_cast<double>(x.size() - 1));
}

double pearson(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  if (x.size() < 2) return 0;
  const double mx = mean(x);
  const double my = mean(y);
  double sxx = 0;
  double syy = 0;
  double sxy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mx) * (x[i] - mx);
    syy += (y[i] - my) * (y[i] - my);
    sxy += (x[i] - mx) * (y[i] - my);
  }
  const double scale = std::sqrt(sxx) * std::sqrt(syy);
  return scale > 0 ? std::clamp(sxy / scale, -1.0, 1.0) : 0;
}

}  // namespace bench
