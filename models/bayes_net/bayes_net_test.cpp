#include "models/bayes_net/bayes_net.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/error.h"
#include "models/bayes_net/params.h"
#include "models/bayes_net/structure.h"
#include "models/reference/reference.h"
#include "models/test_models.h"

namespace bench {
namespace {

Trace sample_of(const BayesNetParams& params, const Trace& trace, int64_t records, uint64_t seed = 1,
                std::vector<GivenLabel> given = {}) {
  return fit_and_sample(*make_bayes_net(params), trace, records, seed, std::move(given));
}

/// Share of records whose (protocol, destination port) differs from the training part's shares.
double service_distance(const Trace& a, const Trace& b) {
  std::map<std::pair<int, int>, double> shares;
  for (size_t i = 0; i < a.size(); ++i)
    shares[{a.proto[i], a.dstport[i]}] += 1.0 / static_cast<double>(a.size());
  for (size_t i = 0; i < b.size(); ++i)
    shares[{b.proto[i], b.dstport[i]}] -= 1.0 / static_cast<double>(b.size());
  double sum = 0;
  for (const auto& [key, share] : shares) sum += std::abs(share) / 2;
  return sum;
}

class EveryRegime : public ::testing::TestWithParam<const char*> {
 protected:
  BayesNetParams params() const {
    BayesNetParams out;
    out.previous = GetParam();
    out.max_parents = 2;
    return out;
  }
};

TEST_P(EveryRegime, ExactCountsColumnsOrderAndKnownCategories) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
    for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{50}, int64_t{500}}) {
      const Trace out = sample_of(params(), trace, records);
      EXPECT_EQ(out.size(), static_cast<size_t>(records));
      EXPECT_EQ(out.kind, trace.kind);
      EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
      EXPECT_TRUE(within(out.srcip, trace.srcip) && within(out.dstip, trace.dstip) &&
                  within(out.proto, trace.proto));
      EXPECT_TRUE(within(out.dstport, trace.dstport) && within(out.tcp_flags, trace.tcp_flags));
      EXPECT_TRUE(within(out.ttl, trace.ttl) && within(out.ip_flags, trace.ip_flags));
      ASSERT_EQ(out.labels.size(), trace.labels.size());
      for (size_t l = 0; l < out.labels.size(); ++l)
        EXPECT_TRUE(within(out.labels[l].codes, trace.labels[l].codes));
    }
  }
}

TEST_P(EveryRegime, SameSeedSameTraceOtherSeedOther) {
  const Trace trace = flow_trace(90, Seed(2));
  EXPECT_EQ(sample_of(params(), trace, 90, 5), sample_of(params(), trace, 90, 5));
  EXPECT_NE(sample_of(params(), trace, 90, 5), sample_of(params(), trace, 90, 6));
}

TEST_P(EveryRegime, LoadedModelSamplesTheSame) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / (std::string("bayes_net_") + GetParam());
  expect_loaded_samples_the_same(*make_bayes_net(params()), *make_bayes_net(params()), folder);
}

TEST_P(EveryRegime, GivenLabelsAreKept) {
  const Trace trace = flow_trace(300, Seed(2));
  EXPECT_TRUE(make_bayes_net(params())->can_condition());
  const Trace out = sample_of(params(), trace, 200, 1, {{"type", "scan"}});
  for (size_t i = 0; i < out.size(); ++i) {
    EXPECT_EQ(out.labels[1].names[static_cast<size_t>(out.labels[1].codes[i])], "scan");
    EXPECT_EQ(out.labels[0].names[static_cast<size_t>(out.labels[0].codes[i])], "attack");
  }
  // Every scan is from one source; the shares of what follows are those of the label's own records.
  EXPECT_GT(std::count(out.srcip.begin(), out.srcip.end(), 0x05050505U), 180);
  EXPECT_THROW(sample_of(params(), trace, 10, 1, {{"type", "scan"}, {"label", "normal"}}), Error);
}

TEST_P(EveryRegime, KeepsWhatBelongsTogether) {
  const Trace trace = flow_trace(600, Seed(5));
  const Trace out = sample_of(params(), trace, 600);
  const auto independent = make_independent(NoParams());
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  SampleContext context{Seed(1), 1, "cpu", silent};
  independent->fit(training_of(trace), fit);
  // Scans have ports of their own, so a third of the records is noise; shuffled columns are wrong all over.
  EXPECT_LT(service_distance(out, trace), .6 * service_distance(independent->sample(600, context), trace));
  size_t dns = 0, wrong = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out.dstport[i] != 53) continue;
    ++dns;
    wrong += out.proto[i] != 17 || out.packets[i] != 1;
  }
  EXPECT_GT(dns, 120U);
  EXPECT_LE(wrong, dns / 20);
}

TEST_P(EveryRegime, WithoutTimeMakesNone) {
  Trace trace = flow_trace(40, Seed(2));
  trace.time.clear();
  EXPECT_TRUE(sample_of(params(), trace, 40).time.empty());
}

INSTANTIATE_TEST_SUITE_P(BayesNet, EveryRegime, ::testing::Values("none", "trace", "host"));

TEST(BayesNet, OneRecordIsRepeated) {
  const Trace trace = slice(flow_trace(3, Seed(2)), 0, 1);
  const Trace out = sample_of(BayesNetParams(), trace, 5);
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(slice(out, i, i + 1), trace);
}

TEST(BayesNet, TheRecordBeforeMatters) {
  Trace trace = flow_trace(400, Seed(2));
  for (size_t i = 0; i < trace.size(); ++i) {  // protocols take turns
    trace.proto[i] = i % 2 == 0 ? 6 : 17;
    trace.tcp_flags[i] = 0;
  }
  BayesNetParams params;
  params.previous = "trace";
  const Trace out = sample_of(params, trace, 400);
  size_t turns = 0;
  for (size_t i = 1; i < out.size(); ++i) turns += out.proto[i] != out.proto[i - 1];
  EXPECT_GT(turns, 390U);
}

/// Five variables of 2 to 4 values, each depending on another one.
std::vector<std::vector<int32_t>> tangled(size_t rows) {
  Rng rng = Seed(3).rng();
  std::vector<std::vector<int32_t>> out(5, std::vector<int32_t>(rows));
  for (size_t i = 0; i < rows; ++i) {
    out[3][i] = static_cast<int32_t>(rng() % 4);
    out[0][i] = rng() % 10 < 7 ? out[3][i] % 2 : static_cast<int32_t>(rng() % 2);
    out[4][i] = rng() % 10 < 6 ? out[0][i] : static_cast<int32_t>(rng() % 3);
    out[1][i] = rng() % 10 < 8 ? (out[3][i] + 1) % 3 : static_cast<int32_t>(rng() % 3);
    out[2][i] = rng() % 10 < 5 ? out[1][i] + out[4][i] % 2 : static_cast<int32_t>(rng() % 4);
  }
  return out;
}

double mutual_information(const std::vector<int32_t>& a, const std::vector<int32_t>& b) {
  std::map<std::pair<int, int>, double> both;
  std::map<int, double> of_a, of_b;
  const auto n = static_cast<double>(a.size());
  for (size_t i = 0; i < a.size(); ++i) {
    both[{a[i], b[i]}] += 1 / n;
    of_a[a[i]] += 1 / n;
    of_b[b[i]] += 1 / n;
  }
  double sum = 0;
  for (const auto& [key, p] : both) sum += p * std::log(p / of_a[key.first] / of_b[key.second]);
  return sum;
}

/// The edges of the tree on five nodes with this Pruefer sequence.
std::vector<std::pair<size_t, size_t>> tree_of(std::vector<size_t> sequence) {
  std::vector<size_t> degree(5, 1);
  for (const size_t node : sequence) ++degree[node];
  std::vector<std::pair<size_t, size_t>> out;
  for (const size_t node : sequence) {
    const auto leaf = static_cast<size_t>(std::find(degree.begin(), degree.end(), 1U) - degree.begin());
    out.emplace_back(leaf, node);
    --degree[leaf];
    --degree[node];
  }
  const auto first = static_cast<size_t>(std::find(degree.begin(), degree.end(), 1U) - degree.begin());
  out.emplace_back(first,
                   static_cast<size_t>(
                       std::find(degree.begin() + static_cast<std::ptrdiff_t>(first) + 1, degree.end(), 1U) -
                       degree.begin()));
  return out;
}

TEST(BayesStructure, OneParentAndMutualInformationIsTheBestOfAllTrees) {
  const auto columns = tangled(400);
  double best = 0;
  for (size_t code = 0; code < 125; ++code) {
    double sum = 0;
    for (const auto& [a, b] : tree_of({code % 5, code / 5 % 5, code / 25}))
      sum += mutual_information(columns[a], columns[b]);
    best = std::max(best, sum);
  }
  std::vector<Variable> variables;
  for (size_t v = 0; v < 5; ++v) variables.push_back({"v", v, Variable::kNone});
  SearchOptions options;
  options.max_parents = 1;
  options.score = FitScore::mutual_information;
  const BayesStructure tree = search_structure(
      variables, [&](const Parent& p) { return Codes(columns[p.variable]); }, options, [] {});
  double found = 0;
  size_t edges = 0;
  for (size_t v = 0; v < 5; ++v) {
    for (const Parent& parent : tree.parents[v]) {
      found += mutual_information(columns[v], columns[parent.variable]);
      ++edges;
    }
  }
  EXPECT_EQ(edges, 4U);
  EXPECT_NEAR(found, best, 1e-9);
}

TEST(BayesStructure, PenaltyAndLeaveOneOutRefuseParentsThatSayNothing) {
  Rng rng = Seed(3).rng();
  std::vector<std::vector<int32_t>> columns(4, std::vector<int32_t>(300));
  for (auto& column : columns)
    for (int32_t& code : column) code = static_cast<int32_t>(rng() % 6);
  std::vector<Variable> variables;
  for (size_t v = 0; v < 4; ++v) variables.push_back({"v", v, Variable::kNone});
  for (const FitScore score : {FitScore::mutual_information, FitScore::mdl, FitScore::leave_one_out}) {
    SearchOptions options;
    options.score = score;
    const BayesStructure found = search_structure(
        variables, [&](const Parent& p) { return Codes(columns[p.variable]); }, options, [] {});
    size_t parents = 0;
    for (const auto& its : found.parents) parents += its.size();
    EXPECT_EQ(parents, score == FitScore::mutual_information ? 6U : 0U);
  }
}

TEST(BayesStructure, KeepsToTheLimitAndPutsValuesBehindTheirBins) {
  auto columns = tangled(400);
  columns.push_back(columns[3]);  // the bin of variable 3
  for (int32_t& code : columns[5]) code /= 2;
  std::vector<Variable> variables;
  for (size_t v = 0; v < 5; ++v) variables.push_back({"v", v, v == 3 ? 5 : Variable::kNone});
  variables.push_back({"bin", 3, Variable::kNone});
  for (const int64_t most : {0, 1, 2}) {
    SearchOptions options;
    options.max_parents = most;
    options.score = FitScore::mutual_information;
    const BayesStructure found = search_structure(
        variables, [&](const Parent& p) { return Codes(columns[p.variable]); }, options, [] {});
    std::set<size_t> before;
    for (const size_t v : found.order) {
      std::set<size_t> parent_columns;
      for (const Parent& parent : found.parents[v]) {
        EXPECT_TRUE(before.contains(parent.variable));
        if (v != 3 || parent.variable != 5) parent_columns.insert(variables[parent.variable].column);
      }
      EXPECT_LE(parent_columns.size(), static_cast<size_t>(most));
      before.insert(v);
    }
    ASSERT_FALSE(found.parents[3].empty());
    EXPECT_EQ(found.parents[3].front(), (Parent{When::same, 5}));
  }
}

}  // namespace
}  // namespace bench
