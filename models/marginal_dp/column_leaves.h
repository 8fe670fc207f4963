#pragma once
// The values of one column as leaves of a tree: the cells and parts of its public domain whose noisy counts
// stand out, and one leaf for the rest of each cell.

#include <cstdint>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/marginal_dp/public_domain.h"

namespace bench {

class H5Reader;
class H5Writer;
class NoiseBudget;

class ColumnLeaves {
 public:
  explicit ColumnLeaves(PublicDomain domain) : domain_(std::move(domain)) {}
  /// Noisy histograms of the column's histograms: of cells and, where the domain is cut, of the parts of the
  /// cells that were kept. A value is in one cell of each; levels() of them, each for `share` of the budget.
  /// Parts are brought to the sum of their cell, cells to `records`, an estimate that was released.
  /// `sensitivity`: most values that one unit of privacy has.
  void release(const std::string& name, const std::vector<int64_t>& values, double records, double share,
               double sensitivity, NoiseBudget& budget, Rng& rng);
  size_t levels() const { return domain_.cut() ? 2 : 1; }
  /// Merges neighbouring leaves into at most `most` + 1 bins of about equal mass; a heavy leaf is one itself.
  void merge(int64_t most);

  size_t size() const { return leaves_.size(); }
  size_t bins() const { return static_cast<size_t>(bins_); }
  double mass(size_t leaf) const { return leaves_[leaf].mass; }  ///< records
  int32_t bin(size_t leaf) const { return leaves_[leaf].bin; }
  int32_t leaf_of(int64_t value) const;
  /// Uniform over the values of a leaf.
  int64_t draw(int32_t leaf, Rng& rng) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  static constexpr int64_t kRest = -1;
  struct Leaf {
    int64_t cell = kRest;  ///< kRest: every cell that has no leaf
    int64_t part = kRest;  ///< kRest: every part of the cell that has no leaf
    double mass = 0;
    int32_t bin = 0;
  };
  /// Place of a leaf, or -1.
  int32_t find(int64_t cell, int64_t part) const;
  void find_others();

  PublicDomain domain_;
  std::vector<Leaf> leaves_;    ///< in order of (cell, part); the first is the rest of all
  std::vector<size_t> others_;  ///< cells without a leaf that the rest of all may lie in
  int32_t bins_ = 0;
};

}  // namespace bench
