#include "metrics/membership.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/rank.h"
#include "metrics/nearest.h"

namespace bench {
namespace {

constexpr double kSmoothing = 1e-3;  // added to distances of 0 .. 1, so that ratios of zeros are defined

int64_t count(size_t n) { return static_cast<int64_t>(n); }

// nearest / second nearest of lists of two distances, averaged.
double mean_ratio(const std::vector<float>& distances) {
  double sum = 0;
  for (size_t i = 0; i < distances.size(); i += 2) {
    sum +=
        distances[i + 1] > 0 ? static_cast<double>(distances[i]) / static_cast<double>(distances[i + 1]) : 1;
  }
  return sum / (static_cast<double>(distances.size()) / 2);
}

double share_closer(const std::vector<float>& to_real, const std::vector<float>& to_holdout) {
  double closer = 0;
  for (size_t i = 0; i < to_real.size(); ++i) {
    closer += to_real[i] < to_holdout[i] ? 1 : to_real[i] == to_holdout[i] ? 0.5 : 0;
  }
  return closer / static_cast<double>(to_real.size());
}

double mean_distance(const std::vector<float>& distances) {
  return std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(distances.size());
}

// The first of every k distances.
std::vector<float> every(const std::vector<float>& distances, size_t k) {
  std::vector<float> out;
  for (size_t i = 0; i < distances.size(); i += k) out.push_back(distances[i]);
  return out;
}

std::vector<double> density_ratios(const MixedTable& queries, const MixedTable& synthetic,
                                   const MixedTable& reference, size_t k) {
  const std::vector<float> to_synthetic = nearest(queries, synthetic, k);
  const std::vector<float> to_reference = nearest(queries, reference, k);
  std::vector<double> out;
  for (size_t i = k - 1; i < to_synthetic.size(); i += k) {
    out.push_back((static_cast<double>(to_reference[i]) + kSmoothing) /
                  (static_cast<double>(to_synthetic[i]) + kSmoothing));
  }
  return out;
}

// Ranges of the columns of `groups`; 1 where a column is constant.
std::vector<double> ranges(const std::vector<std::vector<double>>& groups) {
  std::vector<double> lo = groups.front();
  std::vector<double> hi = groups.front();
  for (const auto& group : groups) {
    for (size_t c = 0; c < lo.size(); ++c) {
      lo[c] = std::min(lo[c], group[c]);
      hi[c] = std::max(hi[c], group[c]);
    }
  }
  for (size_t c = 0; c < lo.size(); ++c) hi[c] = hi[c] > lo[c] ? hi[c] - lo[c] : 1;
  return hi;
}

MixedTable number_table(const std::vector<std::vector<double>>& groups, const std::vector<double>& ranges) {
  MixedTable out;
  out.rows = groups.size();
  out.numbers.resize(ranges.size());
  for (size_t c = 0; c < ranges.size(); ++c) {
    for (const auto& group : groups) out.numbers[c].push_back(static_cast<float>(group[c] / ranges[c]));
  }
  return out;
}

std::vector<double> negated(const std::vector<float>& distances) {
  std::vector<double> out(distances.begin(), distances.end());
  for (double& x : out) x = -x;
  return out;
}

}  // namespace

double auc(std::span<const double> members, std::span<const double> others) {
  assert(!members.empty() && !others.empty());
  std::vector<double> all(members.begin(), members.end());
  all.insert(all.end(), others.begin(), others.end());
  std::vector<bool> positive(all.size(), false);
  std::fill_n(positive.begin(), members.size(), true);
  return *area_under_roc(all, positive);
}

ClosestRecords closest_records(const Parts& parts, const NeighbourOptions& options, Seed seed) {
  const size_t references = std::min({options.references, parts.real.keys.size(), parts.holdout.keys.size()});
  const RecordCoder coder(parts.real.trace, parts.synthetic.trace, parts.holdout.trace);
  const auto table = [&](const KeyedTrace& from, size_t at_most, std::string_view side) {
    return coder.table(from.trace, draw(from.keys, at_most, seed.child(side)));
  };
  const MixedTable real = table(parts.real, references, "real");
  const MixedTable holdout = table(parts.holdout, references, "holdout");
  const MixedTable synthetic = table(parts.synthetic, options.queries, "synthetic");
  const MixedTable held_queries = table(parts.holdout, options.queries, "holdout queries");
  const std::vector<float> to_real = nearest(synthetic, real, 2);
  const std::vector<float> closest_real = every(to_real, 2);
  const std::vector<float> closest_holdout = nearest(synthetic, holdout, 1);
  const std::vector<float> from_holdout = nearest(held_queries, real, 2);
  const auto measured = [&](double value, const MixedTable& queries) {
    return Measured{value, count(real.rows), count(queries.rows)};
  };
  ClosestRecords out;
  out.closer_to_real = measured(share_closer(closest_real, closest_holdout), synthetic);
  out.ratio = measured(mean_ratio(to_real), synthetic);
  out.ratio_of_holdout = measured(mean_ratio(from_holdout), held_queries);
  out.to_real = measured(mean_distance(closest_real), synthetic);
  out.to_holdout = measured(mean_distance(closest_holdout), synthetic);
  out.holdout_to_real = measured(mean_distance(every(from_holdout, 2)), held_queries);
  return out;
}

Measured density_attack(const Parts& parts, const NeighbourOptions& options, Seed seed) {
  const RecordCoder coder(parts.real.trace, parts.synthetic.trace, parts.holdout.trace);
  const std::vector<size_t> held = draw(parts.holdout.keys, parts.holdout.keys.size(), seed.child("holdout"));
  const std::span<const size_t> all(held);
  const auto other_rows = all.first(std::min(options.queries, held.size() / 2));
  const auto reference_rows =
      all.subspan(held.size() / 2, std::min(options.references, held.size() - held.size() / 2));
  const MixedTable members =
      coder.table(parts.real.trace, draw(parts.real.keys, options.queries, seed.child("members")));
  const MixedTable others = coder.table(parts.holdout.trace, other_rows);
  const MixedTable reference = coder.table(parts.holdout.trace, reference_rows);
  const MixedTable synthetic = coder.table(
      parts.synthetic.trace, draw(parts.synthetic.keys, options.references, seed.child("synthetic")));
  return {auc(density_ratios(members, synthetic, reference, options.k),
              density_ratios(others, synthetic, reference, options.k)),
          count(members.rows + others.rows), count(synthetic.rows)};
}

Measured feature_attack(const Parts& parts, GroupBy by, const NeighbourOptions& options, Seed seed) {
  const auto all_have = [&](auto has) {
    return has(parts.real.trace) && has(parts.synthetic.trace) && has(parts.holdout.trace);
  };
  const FeatureColumns columns{all_have([](const Trace& t) { return !t.time.empty(); }),
                               all_have([](const Trace& t) { return t.has_header(); })};
  const auto features = [&](const Trace& trace, size_t at_most, std::string_view side) {
    return flow_features(trace, by, columns, at_most, seed.child(side));
  };
  const auto members = features(parts.real.trace, options.queries, "members");
  const std::vector<double> scale = ranges(members);
  const MixedTable others = number_table(features(parts.holdout.trace, options.queries, "others"), scale);
  const MixedTable synthetic =
      number_table(features(parts.synthetic.trace, options.references, "synthetic"), scale);
  return {auc(negated(nearest(number_table(members, scale), synthetic, 1)),
              negated(nearest(others, synthetic, 1))),
          count(members.size() + others.rows), count(synthetic.rows)};
}

}  // namespace bench
