// What the metric families say about simulated traces whose fault is known: shuffled times, copied training
// records, swapped ports.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "datasets/flows.h"
#include "tests/scored_traces.h"

namespace bench {
namespace {

class KnownFaults : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Surrogates, KnownFaults, testing::ValuesIn(surrogate_names()), short_name);

/// What is about times beside a time column by itself.
bool uses_times(const ScoreName& name) {
  const auto& [family, metric, mode, field] = name;
  if (family == "temporal")
    return field != "packets of flow" && field != "bytes of flow" && field != "gap" &&
           !field.starts_with("records per");
  if (family == "distribution") return field == "interarrival";
  if (family == "joint") return metric == "pcd";  // the time is one of its columns
  if (family == "series") return metric == "autocorrelation" || metric == "interarrival";
  if (family == "privacy")
    return (metric == "exact_copy" && field == "records") || metric == "mia_flow_features";
  return field == "V13-order";
}

TEST_P(KnownFaults, ShuffledTimesMoveWhatIsAboutTimesAndNothingElse) {
  const Split split = simulated(GetParam());
  const Trace made = sample_like("resample", split.train);
  Trace shuffled = made;
  Rng rng = Seed(2).rng();
  std::shuffle(shuffled.time.begin(), shuffled.time.end(), rng);
  const auto scored = [&](const Trace& synthetic) {
    return scores_of({split.train.trace(), synthetic, split.train.window(), &split.holdout});
  };
  const NamedScores before = scored(made), after = scored(shuffled);
  std::map<std::string, size_t> moved, about_times;
  for (const auto& [name, was] : before) {
    const Score& is = after.at(name);
    if (uses_times(name)) {
      if (!has_value(was)) continue;
      ++about_times[std::get<0>(name)];
      moved[std::get<0>(name)] += is.value != was.value ? 1 : 0;
      continue;
    }
    ASSERT_EQ(is.outcome, was.outcome) << was.metric << " " << was.field;
    EXPECT_EQ(is.n_synthetic, was.n_synthetic) << was.metric << " " << was.field;
    if (was.metric == "corr_log_pkt_byt") {  // adds up flows in order of their first record
      EXPECT_NEAR(is.value, was.value, 1e-12);
    } else {
      EXPECT_EQ(is.value, was.value) << was.metric << " " << was.field;
    }
  }
  if (made.time.empty()) return;  // of ton, of which nothing moved
  // Where flows have few records a duration or a share of flows may stay.
  EXPECT_GE(moved["temporal"] + 2, about_times["temporal"]);
  EXPECT_EQ(moved["joint"], 2U);
  EXPECT_EQ(moved["privacy"], 3U);
  EXPECT_GE(moved["series"], 3U);
  const auto value = [&](const NamedScores& scores, const char* family, const char* metric,
                         const char* field) {
    return scores.at({family, metric, "strict", field}).value;
  };
  EXPECT_LT(value(before, "temporal", "temporal_ks", "gap in flow"), 0.15);
  EXPECT_GT(value(after, "temporal", "temporal_ks", "gap in flow"), 0.2);
  EXPECT_GT(value(after, "temporal", "temporal_emd_over_std", "gap in flow"),
            2 * value(before, "temporal", "temporal_emd_over_std", "gap in flow"));
  EXPECT_GT(value(before, "privacy", "exact_copy", "records"), 0.6);
  EXPECT_LT(value(after, "privacy", "exact_copy", "records"), 0.05);
  if (made.kind == TraceKind::flows) return;
  EXPECT_EQ(moved["distribution"], 6U);
  EXPECT_LT(value(before, "distribution", "ks", "interarrival"), 0.05);
  EXPECT_GT(value(after, "distribution", "ks", "interarrival"), 0.2);
  EXPECT_EQ(value(before, "validity", "rule_gap", "V13-order"), 0);
  EXPECT_GT(value(after, "validity", "rule_gap", "V13-order"), 0.4);
}

/// Three random thirds of the flows of a simulated trace: the training part, a synthetic trace that is
/// another sample of the same network, and held-out records.
class Thirds {
 public:
  Thirds(std::string_view profile, Seed seed)
      : whole_(simulate(profile, 9000, Seed(1))), flows_(group_flows(whole_)) {
    Rng rng = seed.rng();
    order_.resize(flows_.size());
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::shuffle(order_.begin(), order_.end(), rng);
    third_ = flows_.size() / 3;
  }
  Trace train() const { return records(rows(0, third_)); }
  Trace synthetic() const { return with_copies(0); }
  Trace holdout() const { return records(rows(2 * third_, 3 * third_)); }
  /// The synthetic trace with a share of its flows replaced by as many whole flows of the training part.
  Trace with_copies(double share) const {
    std::vector<size_t> all = rows(third_ + copies(share), 2 * third_);
    const std::vector<size_t> copied = rows(0, copies(share));
    all.insert(all.end(), copied.begin(), copied.end());
    return records(std::move(all));
  }
  size_t copied_records(double share) const { return rows(0, copies(share)).size(); }

 private:
  size_t copies(double share) const { return static_cast<size_t>(share * static_cast<double>(third_)); }
  std::vector<size_t> rows(size_t begin, size_t end) const {
    std::vector<size_t> out;
    for (size_t f = begin; f < end; ++f) {
      const auto flow = flows_.flow(order_[f]);
      out.insert(out.end(), flow.begin(), flow.end());
    }
    return out;
  }
  // In the order of the simulation.
  Trace records(std::vector<size_t> rows) const {
    std::sort(rows.begin(), rows.end());
    return select(whole_, rows);
  }

  Trace whole_;
  FlowIndex flows_;
  std::vector<size_t> order_;
  size_t third_ = 0;
};

TEST_P(KnownFaults, CopiedTrainingRecordsMovePrivacy) {
  constexpr double kShare = 0.2;
  const Thirds thirds(GetParam(), Seed(0));
  const Trace train = thirds.train(), synthetic = thirds.synthetic(), copies = thirds.with_copies(kShare);
  const Trace holdout = thirds.holdout();
  const auto privacy_of = [&](const Trace& trace) {
    return scores_of({train, trace, time_window(train), &holdout}, {"privacy"});
  };
  const NamedScores clean = privacy_of(synthetic), copied = privacy_of(copies);
  const auto before = [&](const char* metric, const char* field) {
    return clean.at({"privacy", metric, "strict", field}).value;
  };
  const auto after = [&](const char* metric, const char* field) {
    return copied.at({"privacy", metric, "strict", field}).value;
  };
  const double share =
      static_cast<double>(thirds.copied_records(kShare)) / static_cast<double>(copies.size());
  for (const char* records : {"records", "records without time"}) {
    EXPECT_EQ(before("exact_copy", records), 0);
    EXPECT_DOUBLE_EQ(after("exact_copy", records), share);
  }
  for (const char* metric : {"identifier_share", "identifier_leakage"}) {
    EXPECT_EQ(before(metric, "five-tuples"), 0);
    EXPECT_NEAR(after(metric, "five-tuples"), kShare, 0.005);
  }
  // A copy lies at distance 0 and counts as closer to the training part; others are as close as before.
  EXPECT_NEAR(after("dcr_share", "records"),
              before("dcr_share", "records") + share * (1 - before("dcr_share", "records")), 0.1 * share);
  // 0 for a copy, but 0/0 = 1 where the training part has records that differ in time alone.
  EXPECT_LT(after("nndr", "records"), before("nndr", "records") - share / 5);
  EXPECT_EQ(after("nndr", "held-out records"), before("nndr", "held-out records"));
  EXPECT_GT(after("mia_density", "records"), before("mia_density", "records"));
  EXPECT_GT(after("mia_flow_features", "five-tuples"), before("mia_flow_features", "five-tuples"));
}

// The mean over ten divisions of the flows is no worse with copies than the worst of them is without.
TEST_P(KnownFaults, CopiedTrainingRecordsMoveNoDistribution) {
  constexpr uint64_t kDivisions = 10;
  struct Badness {
    double worst = -1e300, with_copies = 0;
  };
  std::map<ScoreName, Badness> found;
  for (uint64_t seed = 0; seed < kDivisions; ++seed) {
    const Thirds thirds(GetParam(), Seed(seed));
    const Trace train = thirds.train(), synthetic = thirds.synthetic(), copies = thirds.with_copies(0.2);
    const TimeWindow window = time_window(train);
    for (const auto& [name, score] : scores_of({train, synthetic, window}, {"distribution"})) {
      if (has_value(score)) found[name].worst = std::max(found[name].worst, badness(score));
    }
    for (const auto& [name, score] : scores_of({train, copies, window}, {"distribution"})) {
      if (has_value(score)) found[name].with_copies += badness(score) / kDivisions;
    }
  }
  EXPECT_GE(found.size(), 50U);
  for (const auto& [name, of_score] : found)
    EXPECT_LE(of_score.with_copies, of_score.worst + 1e-12) << std::get<1>(name) << " " << std::get<3>(name);
}

/// Fields of c2st_field, the largest first.
std::vector<std::pair<double, std::string>> named_by_trees(const NamedScores& scores) {
  std::vector<std::pair<double, std::string>> out;
  for (const auto& [name, score] : scores) {
    if (score.metric == "c2st_field" && has_value(score)) out.emplace_back(score.value, score.field);
  }
  std::sort(out.rbegin(), out.rend());
  return out;
}

TEST_P(KnownFaults, SwappedPortsAreDetectedAndNamed) {
  // Elsewhere both directions of a conversation are recorded, so a swapped pair of ports occurs in real
  // records too: it is wrong only beside the addresses or the bytes, and the trees name these as well.
  const bool one_direction = GetParam() == "ton-surrogate" || GetParam() == "caida-surrogate";
  for (uint64_t seed = 0; seed < 3; ++seed) {
    const Thirds thirds(GetParam(), Seed(seed));
    const Trace train = thirds.train();
    Trace swapped = thirds.synthetic();
    const NamedScores before = scores_of({train, swapped, {}}, {"joint"});
    std::swap(swapped.srcport, swapped.dstport);
    const NamedScores after = scores_of({train, swapped, {}}, {"joint"});
    const auto of = [](const NamedScores& scores, const char* metric, const char* field) {
      return scores.at({"joint", metric, "strict", field}).value;
    };
    EXPECT_GT(of(after, "c2st", "record"), 0.85);
    EXPECT_LT(of(before, "c2st", "record"), of(after, "c2st", "record") / 2);
    const auto ports = [&](const NamedScores& scores) {
      return of(scores, "c2st_field", "srcport") + of(scores, "c2st_field", "dstport");
    };
    EXPECT_GT(ports(after), 0.15);
    EXPECT_GT(ports(after), 2 * ports(before));
    if (!one_direction) break;
    const auto named = named_by_trees(after);
    EXPECT_EQ((Texts{named[0].second, named[1].second}), (Texts{"srcport", "dstport"}));
  }
}

}  // namespace
}  // namespace bench
