#include "metrics/density_coverage.h"

#include <algorithm>
#include <cassert>

namespace bench {
namespace {

struct Ball {
  double radius = 0;   ///< squared
  double surface = 1;  ///< what a point on the surface counts
};

// `distances` to the other real points; reordered.
Ball ball(std::vector<double>& distances, size_t k) {
  const auto kth = distances.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(distances.begin(), kth, distances.end());
  const double radius = *kth;
  const auto nearer = std::count_if(distances.begin(), kth, [&](double d) { return d < radius; });
  const auto level = std::count(distances.begin(), distances.end(), radius);
  return {radius, static_cast<double>(static_cast<std::ptrdiff_t>(k) - nearer) / static_cast<double>(level)};
}

}  // namespace

DensityCoverage density_coverage(const MixedPoints& real, const MixedPoints& synthetic, size_t k) {
  assert(k >= 1 && real.points > k && synthetic.points >= 1);
  assert(real.numbers == synthetic.numbers && real.categories == synthetic.categories);
  double inside = 0;
  size_t covered = 0;
  std::vector<double> distances;
  for (size_t i = 0; i < real.points; ++i) {
    distances.clear();
    for (size_t j = 0; j < real.points; ++j) {
      if (j != i) distances.push_back(squared_distance(real, i, real, j));
    }
    const Ball around = ball(distances, k);
    bool reached = false;
    for (size_t j = 0; j < synthetic.points; ++j) {
      const double distance = squared_distance(real, i, synthetic, j);
      if (distance > around.radius) continue;
      reached = true;
      inside += distance < around.radius ? 1 : around.surface;
    }
    covered += reached ? 1 : 0;
  }
  return {inside / static_cast<double>(k * synthetic.points),
          static_cast<double>(covered) / static_cast<double>(real.points)};
}

}  // namespace bench
