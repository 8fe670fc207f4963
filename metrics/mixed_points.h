#pragma once
// Whole records as points, for metrics that look at the distances between them.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Points with numeric and categorical coordinates, row after row.
struct MixedPoints {
  size_t points = 0;
  size_t numbers = 0;     ///< numeric coordinates of a point
  size_t categories = 0;  ///< categorical ones
  std::vector<double> number;
  std::vector<uint32_t> category;
};

/// Sum of the squared differences of the numbers + 2 for each category that differs: the square of the
/// Euclidean distance with one-hot categories. Both sides have the same coordinates.
inline double squared_distance(const MixedPoints& a, size_t i, const MixedPoints& b, size_t j) {
  const double* x = a.number.data() + i * a.numbers;
  const double* y = b.number.data() + j * b.numbers;
  double sum = 0;
  for (size_t c = 0; c < a.numbers; ++c) sum += (x[c] - y[c]) * (x[c] - y[c]);
  const uint32_t* p = a.category.data() + i * a.categories;
  const uint32_t* q = b.category.data() + j * b.categories;
  int different = 0;
  for (size_t c = 0; c < a.categories; ++c) different += p[c] != q[c] ? 1 : 0;
  return sum + 2 * different;
}

}  // namespace bench
