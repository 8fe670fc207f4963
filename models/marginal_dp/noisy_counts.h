#pragma once
// Histograms with more cells than can be listed, with Gaussian noise on every cell.

#include <cstdint>
#include <vector>

#include "core/seed.h"

namespace bench {

struct CellCount {
  uint64_t cell = 0;
  double count = 0;
  bool operator==(const CellCount&) const = default;
};

/// How often each cell occurs, in order of cells. Adding or removing one entry changes one count by 1.
std::vector<CellCount> count_cells(std::vector<uint64_t> cells);

/// Below this a noisy count is not kept: sigma sqrt(2 ln cells). Of any number of empty cells less than one
/// is then expected to pass.
double noise_threshold(double sigma, uint64_t cells);

/// Adds normal noise of standard deviation `sigma` to each of `cells` cells, of which `counts` (in order)
/// are not empty, and keeps counts of at least noise_threshold() (all that are not empty for sigma 0), in
/// order of cells. Empty cells are not visited: how many pass is drawn from their binomial distribution, then
/// which ones and their values (Cormode et al., "Differentially private summaries for sparse data", ICDT
/// 2012). The result is distributed as if each cell had been drawn.
std::vector<CellCount> noisy_cells(const std::vector<CellCount>& counts, uint64_t cells, double sigma,
                                   Rng& rng);

/// What is left of `whole` after `part`, the sum of `kept` noisy counts: 0 unless it exceeds its own standard
/// deviation; `variance` is that of `whole`.
double significant_rest(double whole, double part, size_t kept, double sigma, double variance);

}  // namespace bench
