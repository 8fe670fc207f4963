#include "downstream/telemetry/univmon.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {

int64_t UnivMon::columns_of(const SketchOptions& options, int level) {
  return options.halve_columns ? std::max<int64_t>(1, options.columns >> level) : options.columns;
}

UnivMon::UnivMon(const SketchOptions& options, Seed seed) : bits_(options.hash, seed.child("level bits")) {
  for (int level = 0; level < options.levels; ++level) {
    SketchOptions of_level = options;
    of_level.columns = columns_of(options, level);
    levels_.push_back({CountSketch(of_level, seed.child("level", static_cast<uint64_t>(level))),
                       TopKeys(static_cast<size_t>(options.top_keys))});
  }
}

// The bits of one hash, lowest first, are the independent bits.
int UnivMon::last_level_of(const Key& key) const {
  return std::min(std::countr_one(bits_(key)), static_cast<int>(levels_.size()) - 1);
}

void UnivMon::add(const Key& key, int64_t weight) {
  total_ += weight;
  const auto last = static_cast<size_t>(last_level_of(key));
  for (size_t j = 0; j <= last; ++j) {
    levels_[j].counts.add(key, weight);
    levels_[j].top.offer(key, levels_[j].counts.estimate(key));
  }
}

double UnivMon::estimate(const Key& key) const { return levels_.front().counts.estimate(key); }

double UnivMon::sum_of(const std::function<double(double)>& g) const {
  double sum = 0;
  for (size_t j = levels_.size(); j-- > 0;) {
    sum *= 2;
    for (const TopKeys::Entry& entry : levels_[j].top.entries()) {
      const double value = g(std::max(1.0, levels_[j].counts.estimate(entry.key)));
      sum += static_cast<size_t>(last_level_of(entry.key)) > j ? -value : value;
    }
  }
  return sum;
}

double UnivMon::second_moment() const {
  return sum_of([](double weight) { return weight * weight; });
}

double UnivMon::entropy() const {
  if (total_ == 0) return 0;
  const auto total = static_cast<double>(total_);
  return std::log(total) - sum_of([](double weight) { return weight * std::log(weight); }) / total;
}

double UnivMon::cardinality() const {
  return sum_of([](double) { return 1.0; });
}

}  // namespace bench
