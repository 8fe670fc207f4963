#include "models/marginal_dp/noisy_table.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/h5.h"
#include "models/marginal_dp/noisy_counts.h"

namespace bench {
namespace {

constexpr double kDust = 1e-6;  ///< records; less is no mass

}  // namespace

NoisyTable::NoisyTable(const std::vector<double>& base, const std::vector<int32_t>& base_context,
                       int32_t contexts)
    : values_(static_cast<int32_t>(base.size())), floor_(contexts > 1 ? 1 : 0), levels_(1) {
  if (floor_ > 0) parent_values_.push_back(contexts);
  std::map<uint64_t, double> cells;
  for (size_t x = 0; x < base.size(); ++x) {
    // Every context keeps a value, even one without mass.
    constexpr double kLeast = kDust / 1000;
    const auto context = static_cast<uint64_t>(floor_ > 0 ? base_context[x] : 0);
    cells[context * base.size() + x] = std::max(base[x], kLeast);
  }
  for (const auto& [cell, mass] : cells) {
    levels_[0].cells.push_back(cell);
    levels_[0].mass.push_back(mass);
  }
  levels_[0].rest = levels_[0].mass;
}

uint64_t NoisyTable::cells_with(int32_t values) const {
  constexpr double kMost = 1e18;
  double cells = static_cast<double>(values_) * values;
  for (const int32_t parent : parent_values_) cells *= parent;
  return cells > kMost ? 0 : static_cast<uint64_t>(cells);
}

uint64_t NoisyTable::context_of(size_t level, const std::vector<Codes>& parents, size_t record) const {
  uint64_t out = 0;
  for (size_t p = 0; p < floor_ + level; ++p)
    out = out * static_cast<uint64_t>(parent_values_[p]) + static_cast<uint64_t>(parents[p][record]);
  return out;
}

double NoisyTable::Level::left_of(uint64_t context) const {
  const auto place = std::lower_bound(contexts.begin(), contexts.end(), context);
  return place == contexts.end() || *place != context ? 0
                                                      : left[static_cast<size_t>(place - contexts.begin())];
}

void NoisyTable::add_level(int32_t values, Codes x, const std::vector<Codes>& parents,
                           const std::vector<Codes>& model_parents, double weight, double sigma, Rng& rng) {
  const uint64_t all = cells_with(values);
  assert(all > 0);
  parent_values_.push_back(values);
  Level& below = levels_.back();
  Level level;
  const size_t depth = levels_.size();
  const auto n = static_cast<uint64_t>(values_);
  std::vector<uint64_t> cells(x.size());
  for (size_t i = 0; i < x.size(); ++i)
    cells[i] = context_of(depth, parents, i) * n + static_cast<uint64_t>(x[i]);
  struct Context {
    double records = 0, kept = 0;
    size_t cells = 0;
  };
  std::map<uint64_t, Context> contexts;
  for (size_t i = 0; i < model_parents.front().size(); ++i)
    contexts[context_of(depth, model_parents, i)].records += weight;
  auto kept = noisy_cells(count_cells(std::move(cells)), all, sigma, rng);
  // Where a cell would need more records than there are, what stands out is noise.
  if (noise_threshold(sigma, all) > weight * static_cast<double>(model_parents.front().size())) kept.clear();
  for (const CellCount& cell : kept) {
    level.cells.push_back(cell.cell);
    level.mass.push_back(cell.count);
    Context& context = contexts[cell.cell / n];
    context.kept += cell.count;
    ++context.cells;
    const uint64_t shorter = cell.cell / n / static_cast<uint64_t>(values) * n + cell.cell % n;
    const auto place = std::lower_bound(below.cells.begin(), below.cells.end(), shorter);
    if (place == below.cells.end() || *place != shorter) continue;
    double& rest = below.rest[static_cast<size_t>(place - below.cells.begin())];
    rest = std::max(0.0, rest - cell.count);
  }
  // What rounding leaves of explained values, and values that have no mass, are not to get all that a context
  // asks for.
  for (double& rest : below.rest)
    if (rest < kDust) rest = 0;
  level.rest = level.mass;
  for (const auto& [key, context] : contexts) {
    // The model's records vary like a count of them.
    const double left =
        significant_rest(context.records, context.kept, context.cells, sigma, context.records * weight);
    if (left <= 0) continue;
    level.contexts.push_back(key);
    level.left.push_back(left);
  }
  levels_.push_back(std::move(level));
}

std::vector<int32_t> NoisyTable::draw(size_t records, const std::vector<Codes>& parents, Rng& rng) const {
  std::vector<int32_t> out(records);
  std::vector<size_t> order(records);
  std::iota(order.begin(), order.end(), size_t{0});
  draw_level(levels_.size() - 1, false, order, parents, out, rng);
  return out;
}

void NoisyTable::draw_level(size_t level, bool rest, std::vector<size_t>& records,
                            const std::vector<Codes>& parents, std::vector<int32_t>& out, Rng& rng) const {
  if (records.empty()) return;
  const Level& from = levels_[level];
  const auto n = static_cast<uint64_t>(values_);
  std::shuffle(records.begin(), records.end(), rng);
  std::vector<std::pair<uint64_t, size_t>> keyed;
  for (const size_t record : records) keyed.emplace_back(context_of(level, parents, record), record);
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<size_t> lower;
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> sums;
  for (size_t begin = 0, end = 0; begin < keyed.size(); begin = end) {
    const uint64_t context = keyed[begin].first;
    while (end < keyed.size() && keyed[end].first == context) ++end;
    const auto first = static_cast<size_t>(
        std::lower_bound(from.cells.begin(), from.cells.end(), context * n) - from.cells.begin());
    const double left = from.left_of(context);
    const auto add_up = [&](const std::vector<double>& mass) {
      sums.clear();
      for (size_t c = first; c < from.cells.size() && from.cells[c] < (context + 1) * n; ++c)
        sums.push_back((sums.empty() ? 0 : sums.back()) + mass[c]);
      return sums.empty() ? 0 : sums.back();
    };
    double own = add_up(rest ? from.rest : from.mass);
    if (rest && own + left <= 0) own = add_up(from.mass);
    const double shift = unit(rng), step = (own + left) / static_cast<double>(end - begin);
    for (size_t i = begin; i < end; ++i) {
      const double at = (static_cast<double>(i - begin) + shift) * step;
      if (own > 0 && (at < own || level == 0)) {
        const auto place = std::upper_bound(sums.begin(), sums.end() - 1, at) - sums.begin();
        out[keyed[i].second] = static_cast<int32_t>(from.cells[first + static_cast<size_t>(place)] % n);
      } else {
        lower.push_back(keyed[i].second);
      }
    }
  }
  assert(level > 0 || lower.empty());
  if (level > 0) draw_level(level - 1, true, lower, parents, out, rng);
}

void NoisyTable::save(H5Writer& file, const std::string& name) const {
  std::vector<int64_t> shape{values_, static_cast<int64_t>(floor_), static_cast<int64_t>(levels_.size())};
  shape.insert(shape.end(), parent_values_.begin(), parent_values_.end());
  file.column(name + ":shape", shape);
  const auto whole = [](const std::vector<uint64_t>& keys) {
    return std::vector<int64_t>(keys.begin(), keys.end());
  };
  for (size_t l = 0; l < levels_.size(); ++l) {
    const std::string prefix = name + ":" + std::to_string(l) + ":";
    file.column(prefix + "cells", whole(levels_[l].cells));
    file.column(prefix + "mass", levels_[l].mass);
    file.column(prefix + "rest", levels_[l].rest);
    file.column(prefix + "contexts", whole(levels_[l].contexts));
    file.column(prefix + "left", levels_[l].left);
  }
}

void NoisyTable::load(const H5Reader& file, const std::string& name) {
  const auto check = [&](bool right, const std::string& what) {
    if (!right) fail(Kind::data, "saved noisy marginals: {} is not as save() writes it", what);
  };
  const auto shape = file.column<int64_t>(name + ":shape");
  constexpr int64_t kMostLevels = 100, kMostValues = INT32_MAX;
  check(shape.size() >= 3 && shape[0] > 0 && shape[0] <= kMostValues && (shape[1] == 0 || shape[1] == 1) &&
            shape[2] > 0 && shape[2] < kMostLevels &&
            static_cast<int64_t>(shape.size()) == 3 + shape[1] + shape[2] - 1,
        name + ":shape");
  values_ = static_cast<int32_t>(shape[0]);
  floor_ = static_cast<size_t>(shape[1]);
  parent_values_.clear();
  for (size_t p = 3; p < shape.size(); ++p) parent_values_.push_back(static_cast<int32_t>(shape[p]));
  levels_.assign(static_cast<size_t>(shape[2]), {});
  for (size_t l = 0; l < levels_.size(); ++l) {
    Level& level = levels_[l];
    const std::string prefix = name + ":" + std::to_string(l) + ":";
    const auto cells = file.column<int64_t>(prefix + "cells");
    const auto contexts = file.column<int64_t>(prefix + "contexts");
    level.cells.assign(cells.begin(), cells.end());
    level.contexts.assign(contexts.begin(), contexts.end());
    level.mass = file.column<double>(prefix + "mass");
    level.rest = file.column<double>(prefix + "rest");
    level.left = file.column<double>(prefix + "left");
    check(std::is_sorted(level.cells.begin(), level.cells.end()) &&
              std::is_sorted(level.contexts.begin(), level.contexts.end()) &&
              level.mass.size() == cells.size() && level.rest.size() == cells.size() &&
              level.left.size() == contexts.size() && (l > 0 || !cells.empty()),
          prefix + "cells");
  }
}

}  // namespace bench
