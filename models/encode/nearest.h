#pragma once
// The nearest of a set of directions, exactly.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Search by cosine among unit vectors in a tree of boxes, which skips every box that is farther than the
/// best vector found so far. Distances are sums of squared differences: unlike products, they tell directions
/// apart down to 1e-6 radians in float32.
class NearestVector {
 public:
  /// `vectors` is [n, size] with n >= 1 rows of length 1.
  void build(const std::vector<float>& vectors, int64_t size);
  /// The row with the largest cosine to query [size], which may have any length; the first on ties.
  int64_t nearest(const float* query) const;

 private:
  struct Node {
    size_t right = 0;        ///< the left child stands behind its parent; 0 = a leaf
    size_t first_place = 0;  ///< leaf: in rows_
  };
  void add_node(const std::vector<float>& vectors, size_t begin, size_t end);
  float box_distance(size_t node, const float* point) const;

  size_t size_ = 0;
  std::vector<Node> nodes_;
  std::vector<float> boxes_;   ///< [nodes, 2, size]: lowest and highest coordinates
  std::vector<int64_t> rows_;  ///< row of each place, -1 where a leaf is not full
  std::vector<float> points_;  ///< [leaves, size, places of a leaf]
};

}  // namespace bench
