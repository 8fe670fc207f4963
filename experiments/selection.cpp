#include "experiments/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/stats.h"
#include "metrics/distribution.h"
#include "metrics/joint.h"
#include "metrics/peer_normalise.h"

namespace bench {
namespace {

using nlohmann::json;

constexpr double kMissing = std::numeric_limits<double>::infinity();

/// Best 0, worst 1; what is missing counts as the worst.
std::vector<double> normalised(const std::vector<double>& values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double v) { return v < kMissing; });
  const std::vector<double> scaled = peer_normalise(finite);
  std::vector<double> out;
  for (size_t i = 0, next = 0; i < values.size(); ++i)
    out.push_back(values[i] < kMissing ? scaled[next++] : 1);
  return out;
}

}  // namespace

bool is_selecting(const Score& s) {
  const bool flow_size = s.metric == "ks" && s.mode == "strict" && s.field == "flow_size";
  const bool services = s.metric == "tv_proto_dstport" && s.field == "proto x dstport of flows";
  const bool single = s.mode == "paper" && (s.metric == "jsd" || s.metric == "emd");
  return single || flow_size || services;
}

json selecting_families() {
  json out;
  for (const auto& family : {distribution_family(), joint_family()})
    out[std::string(family.id)] = family.version;
  return out;
}

void Comparison::add(size_t candidate, const Score& score, const std::string& place) {
  if (!is_selecting(score)) return;
  const std::string name =
      fmt::format("{}{}{} {}", place, place.empty() ? "" : ": ", score.metric, score.field);
  auto it =
      std::find_if(gathered_.begin(), gathered_.end(), [&](const Gathered& g) { return g.name == name; });
  if (it == gathered_.end()) it = gathered_.insert(it, {name, std::vector<std::vector<double>>(candidates_)});
  if (score.outcome != Outcome::value) return;
  it->values[candidate].push_back(score.direction == Direction::lower ? score.value : -score.value);
}

Comparison::Result Comparison::result() const {
  Result out;
  std::vector<std::vector<double>> table;
  for (const Gathered& g : gathered_) {
    std::vector<double> values;
    for (const auto& seeds : g.values) values.push_back(seeds.empty() ? kMissing : mean(seeds));
    const bool empty = std::all_of(values.begin(), values.end(), [](double v) { return v == kMissing; });
    if (empty) continue;
    out.metrics.push_back({g.name, values, {}});
    table.push_back(std::move(values));
  }
  const RankSum sum = rank_sum(table, candidates_);
  out.normalised_means.assign(candidates_, 0);
  for (size_t m = 0; m < table.size(); ++m) {
    out.metrics[m].ranks = sum.ranks[m];
    const std::vector<double> scaled = normalised(table[m]);
    for (size_t c = 0; c < candidates_; ++c)
      out.normalised_means[c] += scaled[c] / static_cast<double>(table.size());
  }
  out.sums = sum.sums;
  out.winner = sum.winner;
  return out;
}

json to_json(const Comparison::Result& result) {
  json metrics = json::array();
  for (const auto& m : result.metrics)
    metrics.push_back({{"name", m.name}, {"values", m.values}, {"ranks", m.ranks}});  // infinity becomes null
  return {{"winner", result.winner},
          {"rank_sums", result.sums},
          {"normalised_means", result.normalised_means},
          {"metrics", metrics}};
}

json select_snapshot(Generator& generator, const Trace& validation, TimeWindow window,
                     SampleContext& context) {
  const auto count = static_cast<size_t>(generator.snapshots());
  Comparison comparison(count);
  json failed = json::array();
  for (size_t i = 0; i < count; ++i) {
    generator.use_snapshot(static_cast<int64_t>(i));
    Trace synthetic;
    try {
      synthetic = generator.sample(static_cast<int64_t>(validation.size()), context);
    } catch (const Error& e) {
      if (e.kind != Kind::invalid_output) throw;
      failed.push_back({{"snapshot", i}, {"message", e.what()}});
      if (failed.size() == count) throw;
      continue;
    }
    // Of the families only what is_selecting() wants: the others cost as much again.
    const ScoringPair pair{validation, synthetic, window};
    for (const Score& s : distribution_scores(pair, {})) comparison.add(i, s);
    for (const Score& s : service_scores(pair)) comparison.add(i, s);
    context.progress.log(fmt::format("snapshot {} of {} is scored", i + 1, count));
  }
  json out = to_json(comparison.result());
  out["failed"] = failed;
  return out;
}

}  // namespace bench
