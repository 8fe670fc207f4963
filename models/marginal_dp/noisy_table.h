#pragma once
// The distribution of one variable given others, from noisy marginals: counts of (context, value) that stand
// out of the noise, and for what is left of a context the distribution of the shorter context, less what
// longer ones explain.
//
// Level l has the context of the first floor + l parents. With the kept noisy counts k_l, the estimated
// records n_l of a context and  u_l = (n_l - sum_x k_l)+  the estimate of a level is
//   m_l(c, x) = k_l(c, x) + u_l(c) r_(l-1)(c', x) / sum_x r_(l-1)(c', x),
//   r_l(c, x) = (m_l(c, x) - sum of k_(l+1)(d, x) over the longer contexts d of c)+.
// Summed over contexts it has the marginal of x again, as long as nothing has to be clipped.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"

namespace bench {

class H5Reader;
class H5Writer;

class NoisyTable {
 public:
  using Codes = std::span<const int32_t>;
  NoisyTable() = default;
  /// Level 0: `base` [values] is the mass of each value and `base_context` its context: the one parent of
  /// `contexts` values where `contexts` > 1 (a leaf's own bin), none where it is 1.
  NoisyTable(const std::vector<double>& base, const std::vector<int32_t>& base_context, int32_t contexts);

  /// Cells of the next level if a parent of `values` values is added; 0 if their numbers do not fit.
  uint64_t cells_with(int32_t values) const;
  /// Adds a parent and the level that has it: a noisy histogram of (context, value), one cell for each record
  /// of x [records] and `parents` [parents so far and this one][records]. `model_parents` are those of
  /// records drawn from what was released before, each of which stands for `weight` records.
  void add_level(int32_t values, Codes x, const std::vector<Codes>& parents,
                 const std::vector<Codes>& model_parents, double weight, double sigma, Rng& rng);
  size_t levels() const { return levels_.size(); }

  /// A value for each record given the parents [parents][records]. Inside a context values get numbers of
  /// records in proportion to their estimates, but for less than one record, in random order.
  std::vector<int32_t> draw(size_t records, const std::vector<Codes>& parents, Rng& rng) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  struct Level {
    std::vector<uint64_t> cells;     ///< context * values + value, ascending
    std::vector<double> mass, rest;  ///< by cell: k (m for level 0), and what longer contexts leave of it
    std::vector<uint64_t> contexts;  ///< with something left for the shorter context, ascending
    std::vector<double> left;        ///< by context: u
    double left_of(uint64_t context) const;
  };
  uint64_t context_of(size_t level, const std::vector<Codes>& parents, size_t record) const;
  void draw_level(size_t level, bool rest, std::vector<size_t>& records, const std::vector<Codes>& parents,
                  std::vector<int32_t>& out, Rng& rng) const;

  int32_t values_ = 0;
  size_t floor_ = 0;  ///< parents of level 0
  std::vector<int32_t> parent_values_;
  std::vector<Level> levels_;
};

}  // namespace bench
