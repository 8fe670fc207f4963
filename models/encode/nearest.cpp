#include "models/encode/nearest.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

// One copy of a loop per instruction set, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define HEADERBENCH_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HEADERBENCH_CLONES
#endif

namespace bench {
namespace {

constexpr size_t kLeaf = 64;  // vectors
/// Coordinate of the places that no vector has: never the nearest.
constexpr float kNowhere = 1e18F;
/// More than sums of 1000 squares round differently.
constexpr float kSlack = 0.9999F;
/// Deeper than any tree over 2^63 rows.
constexpr size_t kDepth = 64;

/// Squares of the distances of a leaf's points, [size, kLeaf], to a point, into sums [kLeaf]; returns the
/// least.
HEADERBENCH_CLONES
float leaf_distances(const float* __restrict points, const float* __restrict point, size_t size,
                     float* __restrict sums) {
  float total[kLeaf] = {};
  for (size_t d = 0; d < size; ++d) {
    for (size_t i = 0; i < kLeaf; ++i) {
      const float away = points[d * kLeaf + i] - point[d];
      total[i] += away * away;
    }
  }
  float least[kLeaf / 2];
  for (size_t i = 0; i < kLeaf / 2; ++i)
    least[i] = total[i] < total[i + kLeaf / 2] ? total[i] : total[i + kLeaf / 2];
  for (size_t half = kLeaf / 4; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) least[i] = least[i] < least[i + half] ? least[i] : least[i + half];
  }
  for (size_t i = 0; i < kLeaf; ++i) sums[i] = total[i];
  return least[0];
}

/// The query scaled to length 1; unchanged if it has none.
void to_unit(const float* query, size_t size, float* out) {
  const double square = std::inner_product(query, query + size, query, 0.0);
  const double scale = square > 0 ? 1 / std::sqrt(square) : 1;
  std::transform(query, query + size, out, [&](float v) { return static_cast<float>(v * scale); });
}

}  // namespace

void NearestVector::build(const std::vector<float>& vectors, int64_t size) {
  assert(size >= 1 && !vectors.empty() && vectors.size() % static_cast<size_t>(size) == 0);
  size_ = static_cast<size_t>(size);
  nodes_.clear();
  boxes_.clear();
  points_.clear();
  rows_.resize(vectors.size() / size_);
  std::iota(rows_.begin(), rows_.end(), int64_t{0});
  const size_t count = rows_.size();
  rows_.resize((count + kLeaf - 1) / kLeaf * kLeaf, -1);
  add_node(vectors, 0, count);
}

/// Of the rows at the places begin .. end-1; `begin` is a multiple of kLeaf.
void NearestVector::add_node(const std::vector<float>& vectors, size_t begin, size_t end) {
  const auto at = [&](size_t place, size_t d) {
    return vectors[static_cast<size_t>(rows_[place]) * size_ + d];
  };
  const size_t node = nodes_.size();
  nodes_.push_back({0, begin});
  boxes_.resize(boxes_.size() + 2 * size_);
  float* lo = boxes_.data() + node * 2 * size_;
  size_t widest = 0;
  for (size_t d = 0; d < size_; ++d) {
    lo[d] = lo[size_ + d] = at(begin, d);
    for (size_t place = begin + 1; place < end; ++place) {
      lo[d] = std::min(lo[d], at(place, d));
      lo[size_ + d] = std::max(lo[size_ + d], at(place, d));
    }
    if (lo[size_ + d] - lo[d] > lo[size_ + widest] - lo[widest]) widest = d;
  }
  if (end - begin <= kLeaf) {
    points_.resize(points_.size() + size_ * kLeaf, kNowhere);
    float* points = points_.data() + points_.size() - size_ * kLeaf;
    for (size_t d = 0; d < size_; ++d) {
      for (size_t place = begin; place < end; ++place) points[d * kLeaf + place - begin] = at(place, d);
    }
    return;
  }
  // Whole leaves to the left.
  const size_t middle = begin + (end - begin + 2 * kLeaf - 1) / (2 * kLeaf) * kLeaf;
  const auto place = [&](size_t p) { return rows_.begin() + static_cast<std::ptrdiff_t>(p); };
  std::nth_element(place(begin), place(middle), place(end), [&](int64_t a, int64_t b) {
    const float x = vectors[static_cast<size_t>(a) * size_ + widest];
    const float y = vectors[static_cast<size_t>(b) * size_ + widest];
    return x != y ? x < y : a < b;
  });
  add_node(vectors, begin, middle);
  nodes_[node].right = nodes_.size();
  add_node(vectors, middle, end);
}

/// Square of the distance to a node's box, never above those of its vectors as leaf_distances rounds them.
float NearestVector::box_distance(size_t node, const float* point) const {
  const float* lo = boxes_.data() + node * 2 * size_;
  const float* hi = lo + size_;
  float sum = 0;
  for (size_t d = 0; d < size_; ++d) {
    const float away = std::max({0.0F, lo[d] - point[d], point[d] - hi[d]});
    sum += away * away;
  }
  return sum * kSlack;
}

int64_t NearestVector::nearest(const float* query) const {
  std::vector<float> unit(size_);
  to_unit(query, size_, unit.data());
  const float* point = unit.data();

  float best = std::numeric_limits<float>::infinity();
  int64_t best_row = 0;
  std::array<std::pair<float, size_t>, kDepth> waiting;  // a distance and a node
  size_t waiting_count = 0;
  waiting[waiting_count++] = {0.0F, 0};
  while (waiting_count > 0) {
    auto [distance, node] = waiting[--waiting_count];
    if (distance > best) continue;
    while (nodes_[node].right != 0) {
      size_t near = node + 1, far = nodes_[node].right;
      float near_distance = box_distance(near, point), far_distance = box_distance(far, point);
      if (far_distance < near_distance) {
        std::swap(near, far);
        std::swap(near_distance, far_distance);
      }
      if (far_distance <= best) waiting[waiting_count++] = {far_distance, far};
      node = near;
      distance = near_distance;
      if (distance > best) break;
    }
    if (distance > best) continue;
    std::array<float, kLeaf> sums;
    const size_t first = nodes_[node].first_place;
    const float least = leaf_distances(points_.data() + first * size_, point, size_, sums.data());
    if (least > best) continue;
    for (size_t i = 0; i < kLeaf; ++i) {
      if (sums[i] != least || rows_[first + i] < 0) continue;
      if (least == best && rows_[first + i] > best_row) continue;
      best = least;
      best_row = rows_[first + i];
    }
  }
  return best_row;
}

}  // namespace bench
