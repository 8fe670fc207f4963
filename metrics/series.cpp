#include "metrics/series.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "core/emd.h"
#include "core/stats.h"
#include "metrics/columns.h"
#include "metrics/divergence.h"
#include "metrics/histogram.h"
#include "metrics/key_counts.h"
#include "metrics/sessions.h"
#include "metrics/tables.h"

namespace bench {
namespace {

constexpr size_t kJointRanges = 8;         ///< of a feature in the joint distribution
constexpr size_t kConditionalRanges = 20;  ///< of a feature given an attribute

double distance_of_keys(std::vector<uint64_t> real, std::vector<uint64_t> synthetic) {
  std::vector<int64_t> p, q;
  for_each_key(ascending(std::move(real)), ascending(std::move(synthetic)),
               [&](uint64_t, size_t in_real, size_t in_synthetic) {
                 p.push_back(count_of(in_real));
                 q.push_back(count_of(in_synthetic));
               });
  return jsd_distance(p, q);
}

std::vector<uint64_t> widened(const std::vector<uint32_t>& codes) { return {codes.begin(), codes.end()}; }

std::vector<int64_t> lengths(const FlowIndex& sessions) {
  std::vector<int64_t> out(sessions.size());
  for (size_t f = 0; f < out.size(); ++f) out[f] = count_of(sessions.flow(f).size());
  return out;
}

// Sessions per pair of addresses, most frequent first.
std::vector<int64_t> pair_ranks(const Trace& sessions) {
  std::vector<uint64_t> keys(sessions.size());
  for (size_t i = 0; i < keys.size(); ++i)
    keys[i] = (static_cast<uint64_t>(sessions.srcip[i]) << 32) | sessions.dstip[i];
  keys = ascending(std::move(keys));
  std::vector<int64_t> counts;
  for_each_key(keys, {}, [&](uint64_t, size_t n, size_t) { counts.push_back(count_of(n)); });
  std::sort(counts.begin(), counts.end(), std::greater<>());
  return counts;
}

std::vector<uint64_t> service_keys(const Trace& sessions) {
  std::vector<uint64_t> keys(sessions.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i] = (static_cast<uint64_t>(sessions.srcport[i]) << 24) |
              (static_cast<uint64_t>(sessions.dstport[i]) << 8) | sessions.proto[i];
  }
  return keys;
}

void add_attributes(const Sessions& s, ScoreList& list) {
  const Trace real = first_of_each_flow(s.pair.real, s.real);
  const Trace synthetic = first_of_each_flow(s.pair.synthetic, s.synthetic);
  for (const CountField& field : count_fields({real, synthetic, s.pair.window})) {
    if (!field.in_paper) continue;  // flags and labels are features
    list.value("attr_similarity", "strict", s.sessions(field.name), kDistanceUnit,
               jsd_distance(field.real, field.synthetic));
  }
  list.value("attr_similarity_joint", "strict", s.sessions("srcip x dstip"), kDistanceUnit,
             jsd_distance(pair_ranks(real), pair_ranks(synthetic)));
  list.value("attr_similarity_joint", "strict", s.sessions("srcport x dstport x proto"), kDistanceUnit,
             distance_of_keys(service_keys(real), service_keys(synthetic)));
  for (const CategoryPair& a : s.attributes) {
    double common = 0, either = 0;
    for_each_key(ascending(widened(a.real)), ascending(widened(a.synthetic)),
                 [&](uint64_t, size_t in_real, size_t in_synthetic) {
                   common += in_real > 0 && in_synthetic > 0 ? 1 : 0;
                   either += 1;
                 });
    list.value("attr_coverage", "strict", s.records(a.name), "", common / either, Direction::higher);
  }
  list.value("session_length", "strict", s.sessions("records"), kDistanceUnit,
             distance_of_numbers(lengths(s.real), lengths(s.synthetic)));
}

// The range of each value; `starts` as bin_starts gives them.
std::vector<uint32_t> ranges(const std::vector<int64_t>& values, const std::vector<int64_t>& starts) {
  std::vector<uint32_t> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(), [&](int64_t value) {
    return static_cast<uint32_t>(std::upper_bound(starts.begin(), starts.end(), value) - starts.begin());
  });
  return out;
}

DiscretePair in_ranges(const NumberPair& number, size_t most) {
  const std::vector<int64_t> starts = bin_starts(ascending(number.real), most);
  return {std::string(number.spec->name), false, ranges(number.real, starts),
          ranges(number.synthetic, starts)};
}

void add_features(const Sessions& s, ScoreList& list) {
  std::vector<uint64_t> real(s.pair.real.size(), 0), synthetic(s.pair.synthetic.size(), 0);
  size_t features = 0;
  const auto join = [&](const auto& c) {
    const uint64_t values = 1 + std::max(*std::max_element(c.real.begin(), c.real.end()),
                                         *std::max_element(c.synthetic.begin(), c.synthetic.end()));
    for (size_t i = 0; i < real.size(); ++i) real[i] = real[i] * values + c.real[i];
    for (size_t i = 0; i < synthetic.size(); ++i) synthetic[i] = synthetic[i] * values + c.synthetic[i];
    ++features;
  };
  const auto add = [&](std::string_view name, const std::string& missing, auto distance) {
    if (missing.empty()) {
      list.value("feature_similarity", "strict", s.records(name), kDistanceUnit, distance());
    } else {
      list.not_applicable("feature_similarity", "strict", {name, 0, 0}, kDistanceUnit, missing);
    }
  };
  for (const NumberPair& n : s.numbers) {
    add(n.spec->name, n.missing, [&] { return distance_of_numbers(n.real, n.synthetic); });
    if (n.missing.empty()) join(in_ranges(n, kJointRanges));
  }
  for (const CategoryPair& c : s.categories) {
    add(c.name, c.missing, [&] { return distance_of_keys(widened(c.real), widened(c.synthetic)); });
    if (c.missing.empty()) join(c);
  }
  if (features > 0) {
    list.value("feature_similarity_joint", "strict", s.records("every feature"), kDistanceUnit,
               distance_of_keys(std::move(real), std::move(synthetic)));
  } else {
    list.not_applicable("feature_similarity_joint", "strict", {"every feature", 0, 0}, kDistanceUnit,
                        "the traces share no feature");
  }
}

void add_cross_correlations(const Sessions& s, ScoreList& list) {
  for (size_t x = 0; x < s.numbers.size(); ++x) {
    for (size_t y = x + 1; y < s.numbers.size(); ++y) {
      const NumberPair& a = s.numbers[x];
      const NumberPair& b = s.numbers[y];
      const std::string field = std::string(a.spec->name) + " x " + std::string(b.spec->name);
      const std::string& missing = a.missing.empty() ? b.missing : a.missing;
      if (!missing.empty()) {
        list.not_applicable("cross_feature_corr", "strict", {field, 0, 0}, "", missing);
        continue;
      }
      list.value("cross_feature_corr", "strict", s.records(field), "",
                 std::abs(pearson(in_units(a.synthetic, 1), in_units(b.synthetic, 1)) -
                          pearson(in_units(a.real, 1), in_units(b.real, 1))));
    }
  }
}

void add_attributes_and_features(const Sessions& s, ScoreList& list) {
  for (const CategoryPair& a : s.attributes) {
    if (a.name == "srcip" || a.name == "dstip") continue;
    const DiscretePair attribute{a.name, true, services(a.real), services(a.synthetic)};
    for (const NumberPair& n : s.numbers) {
      const std::string field = std::string(n.spec->name) + " | " + a.name;
      if (!n.missing.empty()) {
        list.not_applicable("attr_feature_corr", "strict", {field, 0, 0}, "", n.missing);
        continue;
      }
      list.value("attr_feature_corr", "strict", s.records(field), "",
                 conditional_variation(attribute, in_ranges(n, kConditionalRanges)));
    }
  }
}

std::vector<Score> evaluate(const ScoringPair& pair) {
  ScoreList list;
  if (const std::string reason = empty_side(pair); !reason.empty()) {
    for (const MetricCard& card : series_cards())
      list.not_applicable(card.id, card.mode, {"every field", 0, 0}, card.unit, reason, card.direction);
    return list.take();
  }
  const Sessions sessions(pair);
  add_attributes(sessions, list);
  add_features(sessions, list);
  add_cross_correlations(sessions, list);
  add_order(sessions, list);
  add_attributes_and_features(sessions, list);
  return list.take();
}

}  // namespace

MetricFamily series_family() { return {"series", 1, series_cards(), evaluate}; }

}  // namespace bench
