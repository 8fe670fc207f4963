// The reference rows of every table: what independent columns keep, and that split halves and the bootstrap
// come before independent columns and these before uniform ones wherever fields, times or rules go together.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/scored_traces.h"

namespace bench {
namespace {

class ReferenceRows : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Surrogates, ReferenceRows, testing::ValuesIn(surrogate_names()), short_name);

// Not a column by itself, so shuffled columns change it: how many records share a five-tuple (flow_size, and
// the number of five-tuples), and the time between them (interarrival).
const Texts kSeveralColumns{"flow_size", "five-tuple", "interarrival"};

TEST_P(ReferenceRows, IndependentColumnsArePerfectOneByOne) {
  const TrainingTrace train = simulated(GetParam()).train;
  const Trace made = sample_like("independent", train);
  const NamedScores scores = scores_of({train.trace(), made, train.window()}, {"distribution"});
  EXPECT_GT(scores.at({"distribution", "ks", "strict", "flow_size"}).value, 0);
  size_t perfect = 0;
  for (const auto& [name, score] : scores) {
    if (!has_value(score) || kSeveralColumns.contains(score.field)) continue;
    EXPECT_EQ(score.value, score.direction == Direction::lower ? 0 : 1) << score.metric << " " << score.field;
    ++perfect;
  }
  EXPECT_GE(perfect, 50U);
}

/// How the scores of one trace order split halves (S), bootstrap (R), independent (I) and uniform columns
/// (U); each is "metric field", of mode strict.
struct ExpectedOrder {
  std::string_view profile;
  Texts whole;  ///< S and R are better than I, which is better than U
  Texts upper;  ///< S and R are better than I; U is no worse than I, or has no value
  Texts neither;
};

// Fields of the family temporal that look inside flows. The others are about the times of all records, a
// column of its own on which I is exact.
const Texts kInsideFlows{"packets of flow", "bytes of flow", "flow duration", "gap in flow", "flows"};

bool is_ordered(const ScoreName& name) {
  const auto& [family, metric, mode, field] = name;
  if (mode != "strict") return false;                    // rule_pass of one side
  if (family == "joint") return metric != "c2st_field";  // the shares of a sum, which is c2st
  if (family == "temporal") return kInsideFlows.contains(field);
  return family == "validity";
}

/// Scores of the four rows on a profile.
class Rows {
 public:
  explicit Rows(std::string_view profile) {
    const TrainingTrace train = simulated(profile).train;
    const Halves halves = split_flows(train, Seed(1));
    const auto scored = [&](const Trace& real, const Trace& synthetic) {
      return scores_of({real, synthetic, train.window()}, {"joint", "temporal", "validity"});
    };
    split_ = scored(halves.first, halves.second);
    resample_ = scored(train.trace(), sample_like("resample", train));
    independent_ = scored(train.trace(), sample_like("independent", train));
    uniform_ = scored(train.trace(), sample_like("uniform", train));
  }
  /// The scores that the order is about and that have a value in all rows but U.
  std::vector<ScoreName> applicable() const {
    std::vector<ScoreName> out;
    for (const auto& [name, score] : split_) {
      if (is_ordered(name) && has_value(score) && has_value(resample_.at(name)) &&
          has_value(independent_.at(name)))
        out.push_back(name);
    }
    return out;
  }
  /// S and R are better than I.
  bool upper(const ScoreName& name) const {
    const double independent = badness(independent_.at(name));
    return badness(split_.at(name)) < independent && badness(resample_.at(name)) < independent;
  }
  /// I is better than U.
  bool lower(const ScoreName& name) const {
    const Score& uniform = uniform_.at(name);
    return has_value(uniform) && badness(independent_.at(name)) < badness(uniform);
  }

 private:
  NamedScores split_, resample_, independent_, uniform_;
};

void expect_order(const ExpectedOrder& expected) {
  const Rows rows(expected.profile);
  Texts found;
  for (const ScoreName& name : rows.applicable()) {
    const std::string text = std::get<1>(name) + " " + std::get<3>(name);
    found.insert(text);
    if (expected.neither.contains(text)) continue;
    EXPECT_TRUE(rows.upper(name)) << text;
    if (expected.whole.contains(text)) {
      EXPECT_TRUE(rows.lower(name)) << text;
    }
  }
  Texts named = expected.whole;
  named.insert(expected.upper.begin(), expected.upper.end());
  named.insert(expected.neither.begin(), expected.neither.end());
  EXPECT_EQ(found, named);
}

// 26 of 47 keep the whole order, 14 more its upper part.
TEST(ReferenceOrder, OfFlows) {
  expect_order(
      {"cidds-surrogate",
       {"c2st record", "cmd every pair", "cmd_tv every pair", "coverage record", "density record",
        "mi_difference byt", "mi_difference dstip", "mi_difference dstport", "mi_difference pkt",
        "mi_difference proto", "mi_difference srcip", "mi_difference srcport", "mi_difference td",
        "mmd record", "tv_conditional byt | pkt", "tv_conditional dstport | proto",
        "tv_conditional srcport | proto", "tv_proto_dstport proto x dstport",
        "tv_proto_dstport proto x dstport of flows", "tv_src_dst srcip x dstip",
        "tv_src_dst srcip x dstip of flows",
        // Validity and time inside flows.
        "rule_gap V7", "rule_gap V9", "rule_gap V12", "temporal_emd_over_std flow duration",
        "temporal_ks flow duration"},
       {// Both I and U have no correlation, and no mutual information but that of chance in fields of few
        // values.
        "corr_log_pkt_byt log pkt x log byt", "pcd numeric", "pcd log numeric", "mi_difference label",
        "mi_difference tcp_flags", "mi_difference type",
        // No two of uniform five-tuples are equal, so U has no gaps inside them and fewer flows that last.
        "burstiness gap in flow", "temporal_emd_over_std gap in flow", "temporal_ks gap in flow",
        "persistence flows",
        // Of 65,536 uniform ports next to none are 80, 443, 8080 or 53: the rule keeps out of U's way.
        "rule_gap V3", "rule_gap V4",
        // Uniform bytes over uniform packets are seldom below the header and never above 65,535 a packet.
        "rule_gap V6", "rule_gap any"},
       {// 95 % of the five-tuples have one record, so shuffled columns are all but right, and halves are
        // shorter.
        "temporal_emd_over_std bytes of flow", "temporal_emd_over_std packets of flow",
        "temporal_ks bytes of flow", "temporal_ks packets of flow",
        // No row breaks the first two; a rule on ports 137 and 138 breaks in all of the few real records.
        "rule_gap V1", "rule_gap V13-window", "rule_gap V5"}});
}

// 32 of 53 keep the whole order, 10 more its upper part.
TEST(ReferenceOrder, OfPackets) {
  expect_order(
      {"ca-surrogate",
       {"c2st record", "cmd every pair", "cmd_tv every pair", "corr_log_pkt_byt log pkt x log byt",
        "coverage record", "density record", "mi_difference dstip", "mi_difference dstport",
        "mi_difference flag", "mi_difference id", "mi_difference pkt_len", "mi_difference proto",
        "mi_difference srcip", "mi_difference ttl", "mmd record", "tv_conditional byt | pkt",
        "tv_conditional srcport | proto", "tv_proto_dstport proto x dstport",
        "tv_proto_dstport proto x dstport of flows", "tv_src_dst srcip x dstip",
        "tv_src_dst srcip x dstip of flows",
        // Time inside flows.
        "persistence flows", "temporal_emd_over_std bytes of flow", "temporal_emd_over_std flow duration",
        "temporal_emd_over_std packets of flow", "temporal_ks bytes of flow", "temporal_ks flow duration",
        "temporal_ks packets of flow",
        // Validity.
        "rule_gap V9", "rule_gap V12", "rule_gap V14-teardown", "rule_gap any"},
       {// Uniform ports are nearly all from 1024 up, as most of the real ones are.
        "mi_difference srcport", "tv_conditional dstport | proto",
        // Neither I nor U has more mutual information than chance gives.
        "mi_difference tcp_flags",
        // No two of uniform five-tuples are equal.
        "burstiness gap in flow", "temporal_emd_over_std gap in flow", "temporal_ks gap in flow",
        // The premise is rare among uniform ports.
        "rule_gap V3", "rule_gap V4",
        // Few lengths of 0 to 1,500 are below 40.
        "rule_gap V10",
        // Neither I nor U has any handshake.
        "rule_gap V14-handshake"},
       {// Header fields of packets hardly correlate with each other in a line; I has no correlation either.
        "pcd numeric", "pcd log numeric",
        // Nearly constant and constant.
        "mi_difference tos", "mi_difference off",
        // No row breaks them (V13-order: the references are in order of time).
        "rule_gap V1", "rule_gap V10-mtu", "rule_gap V11-fragment", "rule_gap V11-reserved",
        "rule_gap V11-ttl", "rule_gap V13-order", "rule_gap V13-window"}});
}

// What holds on all six surrogates.
TEST_P(ReferenceRows, HostsServicesAndWholeRecordsKeepTheOrder) {
  const Rows rows(GetParam());
  for (const auto& [metric, field] : {std::pair("tv_proto_dstport", "proto x dstport of flows"),
                                      {"tv_src_dst", "srcip x dstip of flows"},
                                      {"tv_conditional", "byt | pkt"},
                                      {"mi_difference", "srcip"},
                                      {"mi_difference", "dstip"},
                                      {"density", "record"},
                                      {"c2st", "record"}}) {
    const ScoreName name{"joint", metric, "strict", field};
    EXPECT_TRUE(rows.upper(name) && rows.lower(name)) << metric << " " << field;
  }
}

}  // namespace
}  // namespace bench
