#pragma once
// Scores by name, and reference generators by name, for tests of what the metric families say together.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "datasets/surrogate/surrogate.h"
#include "metrics/metric.h"
#include "models/model.h"

namespace bench {

/// Family, metric, mode, field.
using ScoreName = std::tuple<std::string, std::string, std::string, std::string>;
using NamedScores = std::map<ScoreName, Score>;
using Texts = std::set<std::string>;

/// Of all families if none is named.
inline NamedScores scores_of(const ScoringPair& pair, const Texts& families = {}) {
  NamedScores out;
  for (const MetricFamily& family : all_metrics()) {
    if (!families.empty() && !families.contains(std::string(family.id))) continue;
    for (const Score& score : family.evaluate(pair))
      out[{std::string(family.id), score.metric, score.mode, score.field}] = score;
  }
  return out;
}

inline bool has_value(const Score& score) { return score.outcome == Outcome::value; }

/// The score with every direction turned so that lower is better.
inline double badness(const Score& score) {
  return score.direction == Direction::higher ? -score.value : score.value;
}

/// The first 4,000 of 5,000 simulated records, and the rest.
inline Split simulated(std::string_view profile) {
  return split_trace(simulate(profile, 5000, Seed(1)), 0.8, SplitOrder::file, Seed(1));
}

/// A sample as long as the training part.
inline Trace sample_like(std::string_view model, const TrainingTrace& train) {
  const ModelEntry* entry = find_model(model);
  const auto generator = entry->make(*entry->params());
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  SampleContext sample{Seed(1), 1, "cpu", silent};
  generator->fit(train, fit);
  return generator->sample(static_cast<int64_t>(train.trace().size()), sample);
}

/// "ugr16" of "ugr16-surrogate".
inline std::string short_name(const testing::TestParamInfo<std::string_view>& test) {
  return std::string(test.param.substr(0, test.param.find('-')));
}

}  // namespace bench
