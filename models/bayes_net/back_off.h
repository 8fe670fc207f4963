#pragma once
// A conditional distribution of one code given others, with the smoothing of language models: interpolated
// Kneser-Ney back-off. Kneser and Ney, "Improved backing-off for M-gram language modeling", ICASSP 1995;
// Chen and Goodman, "An empirical study of smoothing techniques for language modeling", 1998, section 2.7.
//
// Level l is the context of the first l parents. With n(x), N and T the count of x, all counts and the
// distinct x in a context, and D = n1 / (n1 + 2 n2) from how many counts of the level are 1 and 2:
//   P_l(x) = (n(x) - D) / N + D T / N * P_(l-1)(x)
// The highest level whose context occurs counts rows. Below it a level counts in how many contexts of the
// level above x occurs, which keeps the distribution of x as it was. The floor, a level that is never left,
// has no discount.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/seed.h"

namespace bench {

class H5Reader;
class H5Writer;

using Codes = std::span<const int32_t>;

/// Averages per row, in nats.
struct Fit {
  double likelihood = 0;  ///< ln n(x) / N at the highest level, nothing smoothed
  double leave_one_out =
      0;                  ///< ln P(x) by the counts of the other rows; the floor backs off to equal chances
  double parameters = 0;  ///< free ones that occur: pairs of context and x, less contexts
};

class BackOffTable {
 public:
  /// `x` and each of `parents` [rows], at least one row; codes are -1 or more. The last parent is dropped
  /// first and the first `floor` of them never.
  BackOffTable(Codes x, const std::vector<Codes>& parents, size_t floor);
  BackOffTable() = default;
  Fit fit() const;

  /// The counts of each context, taken out of an urn in random order that is filled again when empty: no more
  /// chance than the back-off itself has. Without use, every draw is independent.
  class Urns {
   public:
    Urns(const BackOffTable& table, bool used);

   private:
    friend class BackOffTable;
    struct Urn {
      std::vector<uint32_t> tokens;  ///< not yet filled before its first use
      size_t taken = 0;
    };
    bool used_;
    std::vector<std::vector<Urn>> levels_;  ///< by level and context, of rows and then of contexts above
  };
  /// `parents` [number of parents]: a context that did not occur is shortened until one did.
  int32_t draw(Codes parents, Urns& urns, Rng& rng) const;
  /// P(x) that draw() has without urns.
  double probability(int32_t x, Codes parents) const;

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  /// What a level's counts are of.
  enum Of { rows, contexts_above };
  struct Level {
    std::vector<uint64_t> keys;     ///< by context, ascending: (context of the level below, code + 1)
    std::vector<uint32_t> offsets;  ///< by context, and the end: into values
    std::vector<int32_t> values;    ///< ascending in a context
    std::array<std::vector<uint32_t>, 2> sums;  ///< Of: of the counts in a context up to and with this value
    std::array<double, 2> discount{};           ///< Of
    uint32_t total(Of of, size_t context) const { return sums[of][offsets[context + 1] - 1]; }
    uint32_t count(Of of, size_t place, size_t context) const {
      return sums[of][place] - (place == offsets[context] ? 0 : sums[of][place - 1]);
    }
    /// Place of the value that the counts before `token` do not reach.
    size_t place_of(Of of, size_t context, uint32_t token) const;
    /// Place of x in a context, or offsets[context + 1].
    size_t find(size_t context, int32_t x) const;
  };
  /// Contexts of levels floor, floor + 1, ... for as long as they occur.
  std::vector<size_t> contexts(Codes parents) const;
  uint32_t take(Urns& urns, Of of, size_t level, size_t context, Rng& rng) const;
  /// Counts pairs of context and x, and returns those of the level below, one for each distinct pair.
  std::vector<uint64_t> count(Of of, std::vector<uint64_t> tokens, size_t level);

  std::vector<Level> levels_;
  size_t floor_ = 0;
};

}  // namespace bench
