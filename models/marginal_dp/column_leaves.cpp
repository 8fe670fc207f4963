#include "models/marginal_dp/column_leaves.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <tuple>

#include "core/error.h"
#include "core/h5.h"
#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/noisy_counts.h"
#include "models/rows/value_bins.h"

namespace bench {
namespace {

double sum_of(const std::vector<CellCount>& counts) {
  double sum = 0;
  for (const CellCount& cell : counts) sum += cell.count;
  return sum;
}

/// A multiple of `unit`, as both ends are.
int64_t uniform_in(const PublicDomain::Range& range, int64_t unit, Rng& rng) {
  return std::uniform_int_distribution<int64_t>(range.lo / unit, (range.hi - 1) / unit)(rng) * unit;
}

}  // namespace

void ColumnLeaves::release(const std::string& name, const std::vector<int64_t>& values, double records,
                           double share, double sensitivity, NoiseBudget& budget, Rng& rng) {
  std::vector<uint64_t> cells;
  for (const int64_t value : values) cells.push_back(domain_.cell_of(value));
  const double sigma = budget.spend(name, share, sensitivity);
  const auto kept = noisy_cells(count_cells(cells), domain_.cells(), sigma, rng);
  const double sum = sum_of(kept);
  double rest = significant_rest(records, sum, kept.size(), sigma, sigma * sigma);
  if (kept.empty()) rest = records;
  leaves_ = {{kRest, kRest, rest, 0}};
  std::map<size_t, std::vector<CellCount>> parts;  // by kept cell
  double part_sigma = 0;
  if (domain_.cut()) {
    // The parts of all kept cells one after the other.
    std::map<size_t, uint64_t> first;
    uint64_t all = 0;
    for (const CellCount& cell : kept) {
      first[cell.cell] = all;
      all += static_cast<uint64_t>(domain_.parts(cell.cell));
    }
    std::vector<uint64_t> of;
    for (size_t i = 0; i < values.size(); ++i) {
      const auto place = first.find(cells[i]);
      if (place != first.end())
        of.push_back(place->second + static_cast<uint64_t>(domain_.part_of(cells[i], values[i])));
    }
    part_sigma = budget.spend(name + " parts", share, sensitivity);
    const auto kept_parts =
        all == 0 ? std::vector<CellCount>{} : noisy_cells(count_cells(of), all, part_sigma, rng);
    auto part = kept_parts.begin();
    for (const auto& [cell, begin] : first) {
      const uint64_t end = begin + static_cast<uint64_t>(domain_.parts(cell));
      for (; part != kept_parts.end() && part->cell < end; ++part)
        parts[cell].push_back({part->cell - begin, part->count});
    }
  }
  const double scale = sum > 0 ? (records - rest) / sum : 0;
  for (const CellCount& cell : kept) {
    const auto id = static_cast<int64_t>(cell.cell);
    const std::vector<CellCount>& its = parts[cell.cell];
    const double part_sum = sum_of(its);
    double left = significant_rest(cell.count, part_sum, its.size(), part_sigma, sigma * sigma);
    if (its.empty()) left = cell.count;
    leaves_.push_back({id, kRest, left * scale, 0});
    for (const CellCount& part : its)
      leaves_.push_back(
          {id, static_cast<int64_t>(part.cell), part.count / part_sum * (cell.count - left) * scale, 0});
  }
  find_others();
}

void ColumnLeaves::find_others() {
  others_.clear();
  if (domain_.rest() == PublicDomain::Rest::nowhere && leaves_.size() > 1) return;
  size_t from = 0, to = domain_.cells();
  if (domain_.rest() == PublicDomain::Rest::between && leaves_.size() > 1) {
    from = static_cast<size_t>(leaves_[1].cell);
    to = static_cast<size_t>(leaves_.back().cell);
  }
  for (size_t cell = from; cell < to; ++cell)
    if (domain_.plausible(cell) && find(static_cast<int64_t>(cell), kRest) < 0) others_.push_back(cell);
}

void ColumnLeaves::merge(int64_t most) {
  std::vector<int64_t> counts;
  size_t border = 0;              // no bin spans the cells 0 and 1 of ports and those above
  constexpr double kFine = 1024;  // counts are whole numbers there
  for (const Leaf& leaf : leaves_) {
    counts.push_back(std::llround(leaf.mass * kFine) + 1);
    border += domain_.rest() == PublicDomain::Rest::anywhere && domain_.cells() == 65 && leaf.cell <= 1;
  }
  const auto bins = value_bins(counts, most, border);
  for (size_t i = 0; i < leaves_.size(); ++i) leaves_[i].bin = bins[i];
  bins_ = *std::max_element(bins.begin(), bins.end()) + 1;
}

int32_t ColumnLeaves::find(int64_t cell, int64_t part) const {
  const auto key = [](const Leaf& leaf) { return std::pair(leaf.cell, leaf.part); };
  const auto place = std::lower_bound(leaves_.begin(), leaves_.end(), std::pair(cell, part),
                                      [&](const Leaf& leaf, const auto& at) { return key(leaf) < at; });
  const bool there = place != leaves_.end() && key(*place) == std::pair(cell, part);
  return there ? static_cast<int32_t>(place - leaves_.begin()) : -1;
}

int32_t ColumnLeaves::leaf_of(int64_t value) const {
  const size_t cell = domain_.cell_of(value);
  const auto id = static_cast<int64_t>(cell);
  const int32_t exact = find(id, domain_.part_of(cell, value));
  return exact >= 0 ? exact : std::max(0, find(id, kRest));
}

int64_t ColumnLeaves::draw(int32_t leaf, Rng& rng) const {
  const Leaf& from = leaves_[static_cast<size_t>(leaf)];
  if (from.part != kRest)
    return uniform_in(domain_.range(static_cast<size_t>(from.cell), from.part), domain_.unit(), rng);
  auto cell = static_cast<size_t>(from.cell);
  if (from.cell == kRest) {
    const size_t choices = others_.empty() ? leaves_.size() - 1 : others_.size();
    const size_t pick = choices == 0 ? 0 : std::uniform_int_distribution<size_t>(0, choices - 1)(rng);
    // Where no other cell is left, noise alone has put mass here: any kept one will do.
    cell = others_.empty() ? static_cast<size_t>(leaves_[pick + 1].cell) : others_[pick];
  }
  constexpr int kTries = 64;
  int64_t value = 0;
  for (int i = 0; i < kTries; ++i) {
    value = uniform_in(domain_.range(cell), domain_.unit(), rng);
    if (find(static_cast<int64_t>(cell), domain_.part_of(cell, value)) < 0) break;
  }
  return value;
}

void ColumnLeaves::save(H5Writer& file, const std::string& name) const {
  std::vector<int64_t> cells, parts;
  std::vector<double> masses;
  std::vector<int32_t> bins;
  for (const Leaf& leaf : leaves_) {
    cells.push_back(leaf.cell);
    parts.push_back(leaf.part);
    masses.push_back(leaf.mass);
    bins.push_back(leaf.bin);
  }
  file.column(name + ":cells", cells);
  file.column(name + ":parts", parts);
  file.column(name + ":masses", masses);
  file.column(name + ":bins", bins);
}

void ColumnLeaves::load(const H5Reader& file, const std::string& name) {
  const auto cells = file.column<int64_t>(name + ":cells"), parts = file.column<int64_t>(name + ":parts");
  const auto masses = file.column<double>(name + ":masses");
  const auto bins = file.column<int32_t>(name + ":bins");
  bool right = !cells.empty() && cells.front() == kRest && parts.size() == cells.size() &&
               masses.size() == cells.size() && bins.size() == cells.size();
  leaves_.clear();
  bins_ = 0;
  for (size_t i = 0; right && i < cells.size(); ++i) {
    right =
        cells[i] >= kRest && cells[i] < static_cast<int64_t>(domain_.cells()) && (i == 0) == (cells[i] < 0);
    if (!right) break;
    const int64_t part_count = cells[i] < 0 ? 0 : domain_.parts(static_cast<size_t>(cells[i]));
    right = parts[i] >= kRest && parts[i] < part_count && bins[i] >= 0 &&
            (i == 0 || std::pair(cells[i - 1], parts[i - 1]) < std::pair(cells[i], parts[i]));
    leaves_.push_back({cells[i], parts[i], masses[i], bins[i]});
    bins_ = std::max(bins_, bins[i] + 1);
  }
  if (!right) fail(Kind::data, "saved noisy marginals: the leaves of {} are not as save() writes them", name);
  find_others();
}

}  // namespace bench
