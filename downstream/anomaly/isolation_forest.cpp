#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/rank.h"
#include "downstream/anomaly/detector.h"

namespace bench {
namespace {

constexpr size_t kTrees = 100;
constexpr size_t kSampleRows = 256;
constexpr double kFlaggedShare = 0.1;

// Mean path length of an unsuccessful search in a binary search tree of n rows: equation 1 of the paper.
double mean_path(size_t n) {
  if (n <= 1) return 0;
  if (n == 2) return 1;
  const auto m = static_cast<double>(n);
  return 2 * (std::log(m - 1) + std::numbers::egamma) - 2 * (m - 1) / m;
}

struct Node {
  size_t column = 0;
  double cut = 0;    // rows below it go left
  size_t left = 0;   // 0: a leaf; the right child follows the left one
  double depth = 0;  // of a leaf: path length, with what the unsplit rows would add
};

class Tree {
 public:
  Tree(const FeatureTable& rows, std::vector<size_t> sample, Rng& rng)
      : rows_(&rows), sample_(std::move(sample)), rng_(&rng) {
    height_limit_ = std::ceil(std::log2(static_cast<double>(std::max<size_t>(sample_.size(), 2))));
    nodes_.emplace_back();
    grow(0, sample_, 0);
    sample_.clear();
  }

  double path_length(std::span<const double> row) const {
    size_t at = 0;
    while (nodes_[at].left != 0) at = nodes_[at].left + (row[nodes_[at].column] < nodes_[at].cut ? 0 : 1);
    return nodes_[at].depth;
  }

 private:
  void grow(size_t at, std::span<size_t> rows, double depth) {
    const auto columns = depth < height_limit_ ? split_columns(rows) : std::vector<size_t>{};
    if (columns.empty()) {
      nodes_[at].depth = depth + mean_path(rows.size());
      return;
    }
    const size_t column = columns[std::uniform_int_distribution<size_t>(0, columns.size() - 1)(*rng_)];
    const auto [lo, hi] = range(rows, column);
    // (lo, hi]: the least value goes left, the greatest right.
    const double cut = hi - (hi - lo) * std::generate_canonical<double, 53>(*rng_);
    const auto middle =
        std::partition(rows.begin(), rows.end(), [&](size_t i) { return rows_->row(i)[column] < cut; });
    const auto below = static_cast<size_t>(middle - rows.begin());
    const size_t left = nodes_.size();
    nodes_[at] = {column, cut, left, 0};
    nodes_.resize(nodes_.size() + 2);
    grow(left, rows.first(below), depth + 1);
    grow(left + 1, rows.subspan(below), depth + 1);
  }

  std::pair<double, double> range(std::span<const size_t> rows, size_t column) const {
    double lo = rows_->row(rows[0])[column], hi = lo;
    for (const size_t i : rows) {
      lo = std::min(lo, rows_->row(i)[column]);
      hi = std::max(hi, rows_->row(i)[column]);
    }
    return {lo, hi};
  }

  // Columns in which the rows differ.
  std::vector<size_t> split_columns(std::span<const size_t> rows) const {
    std::vector<size_t> out;
    if (rows.size() < 2) return out;
    for (size_t c = 0; c < rows_->columns; ++c) {
      const auto [lo, hi] = range(rows, c);
      if (lo < hi) out.push_back(c);
    }
    return out;
  }

  const FeatureTable* rows_;  // used while the tree grows
  std::vector<size_t> sample_;
  Rng* rng_;
  double height_limit_ = 0;
  std::vector<Node> nodes_;
};

class IsolationForest : public Detector {
 public:
  void fit(const FeatureTable& rows, Seed seed) override {
    assert(rows.rows() > 0);
    trees_.clear();
    const size_t sample_rows = std::min(kSampleRows, rows.rows());
    normaliser_ = mean_path(sample_rows);
    std::vector<size_t> all(rows.rows());
    std::iota(all.begin(), all.end(), size_t{0});
    for (size_t t = 0; t < kTrees; ++t) {
      Rng rng = seed.child("tree", t).rng();
      std::vector<size_t> sample;
      std::sample(all.begin(), all.end(), std::back_inserter(sample), sample_rows, rng);
      trees_.emplace_back(rows, std::move(sample), rng);
    }
    threshold_ = quantile(scores(rows), 1 - kFlaggedShare);
  }

  std::vector<double> scores(const FeatureTable& rows) const override {
    std::vector<double> out(rows.rows());
    for (size_t i = 0; i < out.size(); ++i) {
      double paths = 0;
      for (const Tree& tree : trees_) paths += tree.path_length(rows.row(i));
      // One training row isolates nothing: every row is as strange as any other.
      out[i] = normaliser_ > 0 ? std::exp2(-paths / (static_cast<double>(kTrees) * normaliser_)) : 0.5;
    }
    return out;
  }

  double threshold() const override { return threshold_; }

 private:
  std::vector<Tree> trees_;
  double normaliser_ = 0;
  double threshold_ = 0;
};

}  // namespace

std::unique_ptr<Detector> make_isolation_forest() { return std::make_unique<IsolationForest>(); }

}  // namespace bench
