#pragma once
// Contingency tables of two discrete columns, real against synthetic.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bench {

/// A column of small integers of both traces; equal integers mean the same in both. No side is empty.
struct DiscretePair {
  std::string name;
  bool category = true;  ///< false for a number cut into ranges
  std::vector<uint32_t> real, synthetic;
};

/// Shannon entropy -sum p ln p of the values, nats.
double entropy(std::span<const uint32_t> values);

/// How the shares p and q of the cells of two tables differ.
struct TableDifference {
  double total_variation = 0;     ///< sum |p - q| / 2, 0 .. 1
  double frobenius = 0;           ///< sqrt(sum (p - q)^2), 0 .. sqrt 2
  double joint_entropy_real = 0;  ///< nats
  double joint_entropy_synthetic = 0;
};
TableDifference compare_tables(const DiscretePair& x, const DiscretePair& y);

/// Mean over the real x of the total variation between the shares of y given x on either side, 0 .. 1; an x
/// that the synthetic side lacks counts 1.
double conditional_variation(const DiscretePair& x, const DiscretePair& y);

struct TableSummary {
  double mean_frobenius = 0;           ///< over pairs of categorical columns; 0 if there is no pair
  double mean_variation = 0;           ///< likewise
  std::vector<double> mi_differences;  ///< by column: mean over the others of |I_real - I_synthetic|, nats
};
/// Every pair of columns. Mutual information I(x, y) = H(x) + H(y) - H(x, y).
TableSummary compare_all_tables(const std::vector<DiscretePair>& columns);

}  // namespace bench
