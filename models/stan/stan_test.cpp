#include "models/stan/stan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/error.h"
#include "models/rows/number_scale.h"
#include "models/stan/attributes.h"
#include "models/stan/fresh_values.h"
#include "models/stan/network.h"
#include "models/stan/params.h"
#include "models/stan/stan_tensors.h"
#include "models/stan/streams.h"
#include "models/test_models.h"

namespace bench {
namespace {

StanParams small() {
  StanParams out;
  out.window = 3;
  out.units = 24;
  out.head_units = 16;
  out.embedding = 4;
  out.components = 4;
  out.categories = 24;
  out.trace_streams = 8;
  out.epochs = 3;
  out.batch = 64;
  out.lr = .01;
  return out;
}

Trace sample_of(const StanParams& params, const Trace& trace, int64_t records, uint64_t seed = 1,
                std::vector<GivenLabel> given = {}) {
  return fit_and_sample(*make_stan(params), trace, records, seed, std::move(given));
}

TEST(Streams, WindowsHoldTheRowsOfTheStreamBefore) {
  EXPECT_EQ(rows_before({0, 1, 0, 0, 1, 0}, 2), std::vector<int64_t>({6, 6, 6, 6, 0, 6, 2, 0, 1, 6, 3, 2}));
}

TEST(Streams, SharesAreExactInSumAndInTheMean) {
  const std::vector<int64_t> shares{5, 1, 0, 12, 2};
  Rng rng = Seed(1).rng();
  EXPECT_EQ(share_out(shares, 20, rng), shares);
  std::vector<double> mean(5, 0);
  for (int i = 0; i < 4000; ++i) {
    const auto drawn = share_out(shares, 7, rng);
    EXPECT_EQ(std::accumulate(drawn.begin(), drawn.end(), int64_t{0}), 7);
    for (size_t k = 0; k < 5; ++k) mean[k] += static_cast<double>(drawn[k]) / 4000;
  }
  for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(mean[k], static_cast<double>(shares[k]) * 7 / 20, .03);
}

/// One host whose destinations are 10, 20, 10, 30 and whose source ports are all equal.
RecordTable four_rows() {
  RecordTable out;
  out.rows = 4;
  out.columns = {{"proto", {6, 17}, {0, 1, 0, 0}, {}, true},      {"srcip", {7}, {0, 0, 0, 0}, {}, true},
                 {"dstip", {10, 20, 30}, {0, 1, 0, 2}, {}, true}, {"srcport", {5}, {0, 0, 0, 0}, {}, true},
                 {"dstport", {80}, {0, 0, 0, 0}, {}, true},       {"time", {}, {}, {0, 1, 3, 7}, true}};
  return out;
}

TEST(StanAttributes, CopiesTargetsAndGaps) {
  const RecordTable table = four_rows();
  const std::vector<int32_t> stream(4, 0);
  StanAttributes attributes;
  attributes.fit(table, stream, {true, 2, 16, true});
  ASSERT_EQ(attributes.list().size(), 7U);  // given host, repeat, proto, dstip, srcport, dstport, time
  EXPECT_EQ(attributes.list()[0].kind, Attribute::Kind::given);
  EXPECT_EQ(attributes.list()[1].kind, Attribute::Kind::repeat);
  EXPECT_EQ(attributes.begin_of_five_tuple(), 2U);
  EXPECT_EQ(attributes.end_of_five_tuple(), 6U);
  EXPECT_EQ(five_tuples(table), std::vector<int32_t>({0, 1, 0, 2}));
  const StanRows rows = attributes.encode(table, stream);
  const auto target = [&](size_t row, size_t attribute) { return rows.targets[row * 7 + attribute]; };
  // The third record repeats the first: its protocol, address and ports are not predicted.
  EXPECT_EQ(target(0, 1), 2);
  EXPECT_EQ(target(1, 1), 2);
  EXPECT_EQ(target(2, 1), 1);
  EXPECT_EQ(target(3, 1), 2);
  for (size_t a = 2; a < 6; ++a) EXPECT_EQ(target(2, a), kKnown);
  EXPECT_EQ(target(1, 2), 1);
  // dstip: fresh 10, fresh 20, 10 as two records before, fresh 30.
  EXPECT_EQ(target(0, 3), 2 + 0);
  EXPECT_EQ(target(1, 3), 2 + 1);
  EXPECT_EQ(rows.codes[2 * attributes.cardinalities().size() + attributes.list()[3].input + 1], 1);
  EXPECT_EQ(target(3, 3), 2 + 2);
  // srcport: the nearest record hides the one before it.
  EXPECT_EQ(target(3, 4), 0);
  const auto open = [&](size_t row, size_t place, size_t k) { return rows.open[(row * 4 + place) * 2 + k]; };
  EXPECT_EQ(open(0, 2, 0), 0);
  EXPECT_EQ(open(3, 2, 0), 1);
  EXPECT_EQ(open(3, 2, 1), 0);
  EXPECT_EQ(open(3, 1, 1), 1);
  EXPECT_EQ(open(3, 0, 1), 1);
  EXPECT_EQ(attributes.fresh(attributes.list()[3]), std::vector<int64_t>({1, 1, 1}));
  EXPECT_EQ(attributes.fresh(attributes.list()[4]), std::vector<int64_t>({1}));
  const NumberScale& gaps = attributes.scale(attributes.list()[6], false);
  EXPECT_EQ(gaps.size(), 3U);  // 1, 2, 4
  EXPECT_EQ(rows.low[3], static_cast<float>(gaps.lo(2)));
}

TEST(FreshValues, EachAsOftenAsNotCopiedThenFullAgain) {
  StanAttributes attributes;
  attributes.fit(four_rows(), std::vector<int32_t>(4, 0), {true, 2, 16, true});
  Rng rng = Seed(1).rng();
  FreshValues values(attributes, attributes.list()[3], 2, rng);  // destinations: each once, held twice
  for (int round = 0; round < 3; ++round) {
    for (int64_t bin = 0; bin < 3; ++bin) {
      EXPECT_EQ(values.empty_bins()[bin].item<int>(), 0);
      EXPECT_EQ(values.take(bin, rng), bin);
      EXPECT_EQ(values.take(bin, rng), bin);
      if (bin == 2) continue;
      EXPECT_EQ(values.empty_bins()[bin].item<int>(), 1);
      EXPECT_EQ(values.take(bin, rng), std::nullopt);
    }
  }
}

TEST(StanAttributes, TheClockKeepsOrderAndDistribution) {
  StanAttributes attributes;
  attributes.fit(four_rows(), std::vector<int32_t>(4, 0), {true, 2, 16, true});
  std::vector<double> times{50, 20, 20, 90};
  attributes.to_clock(times);
  EXPECT_EQ(times[1], times[2]);
  EXPECT_LT(times[1], times[0]);
  EXPECT_EQ(times[3], 7);
  times = {8, 1, 4, 2};
  attributes.to_clock(times);
  EXPECT_EQ(times, std::vector<double>({7, 0, 3, 1}));
}

class StanNetworkTest : public ::testing::Test {
 protected:
  StanNetworkTest() {
    attributes_.fit(four_rows(), std::vector<int32_t>(4, 0), {true, 3, 16, true});
    network_ = std::make_unique<StanNetwork>(small(), attributes_, Seed(1), torch::kCPU);
    const StanTensors tensors(attributes_.encode(four_rows(), std::vector<int32_t>(4, 0)), 4, attributes_,
                              torch::kCPU);
    at::Generator none = nn::make_generator(Seed(1));
    batch_ = tensors.pick(std::vector<int64_t>{0, 1, 2, 3}, 0, none);
  }
  torch::Tensor outputs(size_t attribute, const StanBatch& batch) const {
    return network_->head(attribute, network_->context(batch.window_codes, batch.window_units, nullptr),
                          network_->embed(batch.codes, batch.units));
  }
  StanAttributes attributes_;
  std::unique_ptr<StanNetwork> network_;
  StanBatch batch_;
};

TEST_F(StanNetworkTest, AnAttributeReadsOnlyTheEarlierOnes) {
  const torch::NoGradGuard no_grad;
  const auto& list = attributes_.list();
  for (size_t changed = 0; changed < list.size(); ++changed) {
    StanBatch other = batch_;
    other.codes = batch_.codes.clone();
    other.units = batch_.units.clone();
    const auto input = static_cast<int64_t>(list[changed].input);
    other.codes.select(1, input).fill_(attributes_.cardinalities()[list[changed].input]);
    if (list[changed].kind == Attribute::Kind::number)
      other.units.select(1, static_cast<int64_t>(list[changed].place)).add_(.3);
    for (size_t a = 1; a < list.size(); ++a) {
      const bool same = torch::equal(outputs(a, batch_), outputs(a, other));
      EXPECT_EQ(same, a <= changed) << a << " reads " << changed;
    }
  }
}

TEST_F(StanNetworkTest, ChancesOfARecordSumToOne) {
  const torch::NoGradGuard no_grad;
  // - ln P of the third row's time over all its intervals: the sum of the chances is 1.
  const auto& list = attributes_.list();
  const NumberScale& gaps = attributes_.scale(list[6], false);
  double sum = 0;
  const auto all_but_time = [&](double low, double high) {
    StanBatch one = batch_;
    for (torch::Tensor* t : {&one.codes, &one.units, &one.window_codes, &one.window_units, &one.targets,
                             &one.open, &one.low, &one.high})
      *t = t->narrow(0, 2, 1).clone();
    one.low.fill_(low);
    one.high.fill_(high);
    return network_->loss(one, nullptr).item<double>();
  };
  const double whole = all_but_time(0, 1);
  for (size_t k = 0; k < gaps.size(); ++k) sum += std::exp(whole - all_but_time(gaps.lo(k), gaps.hi(k)));
  EXPECT_NEAR(sum, 1, 1e-4);
}

TEST_F(StanNetworkTest, ClosedRecordsAreNotCopied) {
  const torch::Tensor open = torch::tensor({1, 0, 1}, torch::kUInt8).view({1, 3});
  const torch::Tensor chances = torch::softmax(close_copies(torch::zeros({1, 5}), open), 1);
  EXPECT_TRUE(torch::allclose(chances, torch::tensor({.25F, 0.F, .25F, .25F, .25F}).view({1, 5})));
}

TEST_F(StanNetworkTest, DrawnUnitsHaveTheMixturesDistribution) {
  const torch::NoGradGuard no_grad;
  // Uniform with 1/5, four normal distributions with 1/5 each around 1/8, 3/8, 5/8, 7/8.
  const torch::Tensor raw =
      torch::cat({torch::zeros({20'000, 5}), torch::zeros({20'000, 4}), torch::full({20'000, 4}, -4.0)}, 1);
  const torch::Tensor units = network_->draw_units(raw, nn::make_generator(Seed(1)));
  const double near = ((units - .375).abs() < .02).to(torch::kFloat).mean().item<double>();
  EXPECT_NEAR(near, .2 + .2 * .04, .01);
  EXPECT_GE(units.min().item<double>(), 0);
  EXPECT_LE(units.max().item<double>(), 1);
}

class EveryStream : public ::testing::TestWithParam<const char*> {
 protected:
  StanParams params() const {
    StanParams out = small();
    out.streams = GetParam();
    return out;
  }
};

TEST_P(EveryStream, ExactCountsColumnsOrderAndKnownCategories) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
    for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{200}}) {
      const Trace out = sample_of(params(), trace, records);
      EXPECT_EQ(out.size(), static_cast<size_t>(records));
      EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
      EXPECT_TRUE(within(out.srcip, trace.srcip) && within(out.dstip, trace.dstip) &&
                  within(out.proto, trace.proto));
      EXPECT_TRUE(within(out.dstport, trace.dstport) && within(out.tcp_flags, trace.tcp_flags));
      ASSERT_EQ(out.labels.size(), trace.labels.size());
      for (size_t l = 0; l < out.labels.size(); ++l)
        EXPECT_TRUE(within(out.labels[l].codes, trace.labels[l].codes));
    }
  }
}

TEST_P(EveryStream, SameSeedSameTraceOtherSeedOther) {
  const Trace trace = flow_trace(90, Seed(2));
  EXPECT_EQ(sample_of(params(), trace, 90, 5), sample_of(params(), trace, 90, 5));
  EXPECT_NE(sample_of(params(), trace, 90, 5), sample_of(params(), trace, 90, 6));
}

TEST_P(EveryStream, LoadedModelSamplesTheSame) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / (std::string("stan_") + GetParam());
  expect_loaded_samples_the_same(*make_stan(params()), *make_stan(params()), folder);
}

TEST_P(EveryStream, GivenLabelsAreKept) {
  const Trace out = sample_of(params(), flow_trace(200, Seed(2)), 60, 1, {{"type", "scan"}});
  ASSERT_EQ(out.size(), 60U);
  for (size_t i = 0; i < out.size(); ++i)
    EXPECT_EQ(out.labels[1].names[static_cast<size_t>(out.labels[1].codes[i])], "scan");
}

INSTANTIATE_TEST_SUITE_P(Stan, EveryStream, ::testing::Values("host", "trace"));

TEST(Stan, LearnsSixteenRecordsByHeart) {
  const Trace trace = slice(packet_trace(16, Seed(2)), 0, 16);
  StanParams params = small();
  params.units = 64;
  params.head_units = 64;
  params.embedding = 12;
  params.epochs = 150;
  params.dropout = 0;
  SilentProgress progress;
  const auto model = make_stan(params);
  FitContext fit{Seed(1), 1, "cpu", progress};
  SampleContext sample{Seed(1), 1, "cpu", progress};
  model->fit(training_of(trace), fit);
  const Trace out = model->sample(16, sample);
  size_t right = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    for (size_t k = 0; k < trace.size(); ++k) {
      if (out.srcip[i] != trace.srcip[k] || out.dstip[i] != trace.dstip[k] ||
          out.dstport[i] != trace.dstport[k] || out.length[i] != trace.length[k] ||
          out.ttl[i] != trace.ttl[k] || out.tcp_flags[i] != trace.tcp_flags[k])
        continue;
      ++right;
      break;
    }
  }
  EXPECT_GE(right, 11U);  // untrained: none or one
}

TEST(Stan, LearnsServicesAndRepeatedFlows) {
  const Trace trace = flow_trace(400, Seed(5));
  StanParams params = small();
  params.units = 48;
  params.head_units = 32;
  params.epochs = 40;
  const Trace out = sample_of(params, trace, 400);
  double dns = 0, wrong = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out.dstport[i] != 53) continue;
    ++dns;
    wrong += out.proto[i] != 17 || out.dstip[i] != 0x08080808U || out.packets[i] != 1;
  }
  EXPECT_NEAR(dns, static_cast<double>(std::count(trace.dstport.begin(), trace.dstport.end(), 53)), 40);
  EXPECT_LT(wrong, dns / 10);
  const auto repeats = [](const Trace& t) { return static_cast<double>(t.size() - flow_sizes(t).size()); };
  EXPECT_GT(repeats(out), repeats(trace) / 3);
}

/// Records of a source host whose five-tuple one of its two records before has, as a share.
double repeated_soon(const Trace& trace) {
  std::vector<int32_t> hosts;
  for (const uint32_t ip : trace.srcip) hosts.push_back(static_cast<int32_t>(ip));
  const std::vector<int64_t> before = rows_before(hosts, 2);
  double out = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    bool same = false;
    for (size_t k = 0; k < 2; ++k) {
      const auto b = static_cast<size_t>(before[i * 2 + k]);
      same |= b < trace.size() && trace.dstip[b] == trace.dstip[i] && trace.srcport[b] == trace.srcport[i] &&
              trace.dstport[b] == trace.dstport[i] && trace.proto[b] == trace.proto[i];
    }
    out += same;
  }
  return out / static_cast<double>(trace.size());
}

TEST(Stan, RepeatsComeAsOftenAsInTheTrainingPart) {
  const Trace trace = flow_trace(400, Seed(5));
  StanParams params = small();
  params.window = 2;
  params.epochs = 40;
  params.noise = .4;
  const double real = repeated_soon(trace);
  ASSERT_GT(real, .02);
  EXPECT_NEAR(repeated_soon(sample_of(params, trace, 400)), real, .03);
}

TEST(Stan, ConvolutionsReadTheWindowToo) {
  StanParams params = small();
  params.encoder = "cnn";
  params.window = 4;
  params.epochs = 1;
  EXPECT_EQ(sample_of(params, flow_trace(64, Seed(5)), 20).size(), 20U);
  params.window = 3;
  EXPECT_FALSE(params.contradiction().empty());
}

TEST(Stan, ARateFarTooLargeDiverges) {
  StanParams params = small();
  params.lr = 900;
  params.lr_decay = "none";
  params.epochs = 60;
  try {
    sample_of(params, flow_trace(90, Seed(2)), 10);
    FAIL() << "it did not diverge";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::diverged);
  }
}

}  // namespace
}  // namespace bench
