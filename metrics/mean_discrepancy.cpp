#include "metrics/mean_discrepancy.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bench {
namespace {

// Adds up in the same order for equal arguments, so that a sample against itself has exactly 0.
double mean_kernel(const MixedPoints& a, const MixedPoints& b, double bandwidth) {
  const double scale = -1 / (2 * bandwidth * bandwidth);
  double sum = 0;
  for (size_t i = 0; i < a.points; ++i) {
    double of_point = 0;
    for (size_t j = 0; j < b.points; ++j) of_point += std::exp(scale * squared_distance(a, i, b, j));
    sum += of_point;
  }
  return sum / static_cast<double>(a.points) / static_cast<double>(b.points);
}

}  // namespace

double median_distance(const MixedPoints& points) {
  std::vector<double> squares;
  for (size_t i = 0; i < points.points; ++i) {
    for (size_t j = i + 1; j < points.points; ++j) {
      const double square = squared_distance(points, i, points, j);
      if (square > 0) squares.push_back(square);
    }
  }
  if (squares.empty()) return 1;
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>((squares.size() - 1) / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  return std::sqrt(*middle);
}

double mean_discrepancy(const MixedPoints& real, const MixedPoints& synthetic, double bandwidth) {
  assert(real.points > 0 && synthetic.points > 0 && bandwidth > 0);
  assert(real.numbers == synthetic.numbers && real.categories == synthetic.categories);
  const double square = mean_kernel(real, real, bandwidth) + mean_kernel(synthetic, synthetic, bandwidth) -
                        2 * mean_kernel(real, synthetic, bandwidth);
  return std::sqrt(std::clamp(square, 0.0, 2.0));
}

}  // namespace bench
