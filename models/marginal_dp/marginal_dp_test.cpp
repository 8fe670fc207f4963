#include "models/marginal_dp/marginal_dp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <sstream>

#include "core/error.h"
#include "datasets/surrogate/surrogate.h"
#include "models/marginal_dp/budget.h"
#include "models/marginal_dp/params.h"
#include "models/reference/reference.h"
#include "models/test_models.h"

namespace bench {
namespace {

MarginalDpParams with_epsilon(double epsilon) {
  MarginalDpParams out;
  out.epsilon = epsilon;
  return out;
}

Trace sample_of(const MarginalDpParams& params, const Trace& trace, int64_t records, uint64_t seed = 1) {
  return fit_and_sample(*make_marginal_dp(params), trace, records, seed);
}

/// Total variation of two samples of keys.
template <typename Key>
double distance(const std::vector<Key>& a, const std::vector<Key>& b) {
  std::map<Key, double> shares;
  for (const Key& key : a) shares[key] += 1 / static_cast<double>(a.size());
  for (const Key& key : b) shares[key] -= 1 / static_cast<double>(b.size());
  double sum = 0;
  for (const auto& [key, share] : shares) sum += std::abs(share) / 2;
  return sum;
}

/// The same of counts in order of size, whatever has them.
double rank_distance(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  const auto ranks = [](const std::vector<uint32_t>& values) {
    std::map<uint32_t, int> counts;
    for (const uint32_t value : values) ++counts[value];
    std::vector<int> sizes, out;
    for (const auto& [value, count] : counts) sizes.push_back(count);
    std::sort(sizes.begin(), sizes.end(), std::greater<>());
    for (size_t rank = 0; rank < sizes.size(); ++rank)
      out.insert(out.end(), static_cast<size_t>(sizes[rank]), static_cast<int>(rank));
    return out;
  };
  return distance(ranks(a), ranks(b));
}

std::vector<std::pair<int, int>> services(const Trace& trace) {
  std::vector<std::pair<int, int>> out;
  for (size_t i = 0; i < trace.size(); ++i) out.emplace_back(trace.proto[i], trace.dstport[i]);
  return out;
}

/// By field, lower is better.
std::map<std::string, double> distances(const Trace& made, const Trace& real) {
  return {{"srcip", rank_distance(made.srcip, real.srcip)},
          {"dstip", rank_distance(made.dstip, real.dstip)},
          {"srcport", distance(made.srcport, real.srcport)},
          {"dstport", distance(made.dstport, real.dstport)},
          {"proto", distance(made.proto, real.proto)},
          {"proto x dstport", distance(services(made), services(real))}};
}

TEST(MarginalDp, ExactCountsColumnsAndOrder) {
  for (const double epsilon : {0., .1, 2.}) {
    for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
      for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{500}}) {
        const Trace out = sample_of(with_epsilon(epsilon), trace, records);
        EXPECT_EQ(out.size(), static_cast<size_t>(records));
        EXPECT_EQ(out.kind, trace.kind);
        EXPECT_EQ(out.has_header() || records == 0, trace.has_header() || records == 0);
        EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
        ASSERT_EQ(out.labels.size(), trace.labels.size());
        for (size_t l = 0; l < out.labels.size(); ++l) EXPECT_EQ(out.labels[l].names, trace.labels[l].names);
        if (records == 0) continue;
        EXPECT_GE(out.time.front(), trace.time.front());
        EXPECT_LE(out.time.back(), trace.time.back());
      }
    }
  }
}

TEST(MarginalDp, WithoutTimeMakesNoneAndADeclaredWindowHolds) {
  Trace trace = flow_trace(200, Seed(2));
  MarginalDpParams params;
  params.window_begin = static_cast<double>(kClockOrigin) / 1e9 - 100;
  params.window_end = params.window_begin + 1000;
  const Trace out = sample_of(params, trace, 300);
  EXPECT_GE(static_cast<double>(out.time.front()) / 1e9, params.window_begin);
  EXPECT_LE(static_cast<double>(out.time.back()) / 1e9, params.window_end);
  trace.time.clear();
  EXPECT_TRUE(sample_of(params, trace, 40).time.empty());
}

TEST(MarginalDp, SameSeedSameTraceOtherSeedOther) {
  const Trace trace = flow_trace(90, Seed(2));
  EXPECT_EQ(sample_of(with_epsilon(4), trace, 90, 5), sample_of(with_epsilon(4), trace, 90, 5));
  EXPECT_NE(sample_of(with_epsilon(4), trace, 90, 5), sample_of(with_epsilon(4), trace, 90, 6));
}

TEST(MarginalDp, LoadedModelSamplesTheSame) {
  for (const double epsilon : {0., 50.}) {
    expect_loaded_samples_the_same(*make_marginal_dp(with_epsilon(epsilon)),
                                   *make_marginal_dp(MarginalDpParams()),
                                   std::filesystem::path(::testing::TempDir()) / "marginal_dp");
  }
}

TEST(MarginalDp, ContradictionsAreSaid) {
  MarginalDpParams params;
  EXPECT_EQ(params.contradiction(), "");
  params.structure_share = .7;
  EXPECT_NE(params.contradiction(), "");
  EXPECT_NE(with_epsilon(.001).contradiction(), "");
  EXPECT_EQ(with_epsilon(0).contradiction(), "");
}

/// Sum of the rhos that the log of a training names.
double rho_spent(const MarginalDpParams& params, const Trace& trace, double& largest_sigma) {
  RecordingProgress progress;
  FitContext context{Seed(1), 1, "cpu", progress};
  make_marginal_dp(params)->fit(training_of(trace), context);
  std::istringstream lines(progress.lines());
  double sum = 0;
  largest_sigma = 0;
  for (std::string line; std::getline(lines, line);) {
    const size_t rho = line.rfind("rho "), sigma = line.find("sigma ");
    if (!line.starts_with("released ") || rho == line.npos) continue;
    sum += std::stod(line.substr(rho + 4));
    largest_sigma = std::max(largest_sigma, std::stod(line.substr(sigma + 6)));
  }
  return sum;
}

TEST(MarginalDp, ReleasesSumToTheBudgetAndAFlowCostsMoreNoise) {
  const Trace trace = simulate("ugr16-surrogate", 3000, Seed(4));
  double sigma = 0, flow_sigma = 0;
  for (const double epsilon : {.5, 2., 16.}) {
    const double rho = rho_of_epsilon(epsilon, 1e-5);
    EXPECT_NEAR(rho_spent(with_epsilon(epsilon), trace, sigma), rho, .01 * rho);  // the log has three digits
    MarginalDpParams flows = with_epsilon(epsilon);
    flows.max_records_per_flow = 7;
    EXPECT_NEAR(rho_spent(flows, trace, flow_sigma), rho, .01 * rho);
    EXPECT_NEAR(flow_sigma / sigma, 7, .1);
  }
}

TEST(MarginalDp, TheSavedRecordSaysWhatTheGuaranteeCosts) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "marginal_dp_record";
  const auto recorded = [&](const MarginalDpParams& params, bool reload) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    SilentProgress silent;
    FitContext context{Seed(1), 1, "cpu", silent};
    auto model = make_marginal_dp(params);
    model->fit(training_of(flow_trace(300, Seed(2))), context);
    model->save(folder);
    if (reload) {
      model = make_marginal_dp(params);
      model->load(folder);
      model->save(folder);
    }
    return read_json_file((folder / "privacy.json").string());
  };
  MarginalDpParams params = with_epsilon(2);
  auto record = recorded(params, true);
  EXPECT_EQ(record.at("unit"), "record");
  EXPECT_EQ(record.at("budget"), "2");
  EXPECT_EQ(record.at("delta"), 1e-5);
  EXPECT_EQ(record.at("public").at(0), "first and last time of the training part");
  EXPECT_NEAR(record.at("epsilon").at("zcdp"), 2, .01);
  double rho = 0;
  for (const auto& release : record.at("ledger").at("releases")) rho += release.at("rho").get<double>();
  EXPECT_NEAR(epsilon_of_rho(rho, 1e-5), record.at("epsilon").at("zcdp"), 1e-6);
  params.max_records_per_flow = 7;
  params.epsilon = .5;
  params.window_begin = static_cast<double>(kClockOrigin) / 1e9 - 100;
  params.window_end = params.window_begin + 1000;
  record = recorded(params, false);
  EXPECT_EQ(record.at("unit"), "flow: its five-tuple and its first 7 records");
  EXPECT_EQ(record.at("budget"), "0.5");
  EXPECT_EQ(record.at("public").at(0), "time window");
  record = recorded(with_epsilon(0), true);
  EXPECT_EQ(record.at("budget"), "inf");
  EXPECT_FALSE(record.contains("epsilon"));
}

class MarginalDpOnSurrogate : public ::testing::Test {
 protected:
  const Trace trace_ = simulate("ugr16-surrogate", 5000, Seed(4));
  std::map<std::string, double> at(double epsilon, uint64_t seed) const {
    return distances(sample_of(with_epsilon(epsilon), trace_, 5000, seed), trace_);
  }
};

TEST_F(MarginalDpOnSurrogate, IsBetterThanUniformAtEpsilon4) {
  const auto made = at(4, 1),
             uniform = distances(fit_and_sample(*make_uniform(NoParams()), trace_, 5000), trace_);
  for (const auto& [field, value] : made) EXPECT_LT(value, uniform.at(field)) << field;
}

TEST_F(MarginalDpOnSurrogate, LessNoiseIsBetterOnAverage) {
  std::map<double, double> mean;
  for (const double epsilon : {.5, 8., 0.})
    for (const uint64_t seed : {1U, 2U})
      for (const auto& [field, value] : at(epsilon, seed)) mean[epsilon] += value / 12;
  EXPECT_LT(mean[0], mean[8]);
  EXPECT_LT(mean[8], mean[.5]);
}

TEST_F(MarginalDpOnSurrogate, WithoutNoiseWhatBelongsTogetherStaysTogether) {
  const Trace out = sample_of(with_epsilon(0), trace_, 5000);
  const auto independent = fit_and_sample(*make_independent(NoParams()), trace_, 5000);
  EXPECT_LT(distance(services(out), services(trace_)),
            .3 * distance(services(independent), services(trace_)));
}

}  // namespace
}  // namespace bench
