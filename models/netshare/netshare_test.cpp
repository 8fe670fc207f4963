#include "models/netshare/netshare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "core/error.h"
#include "models/netshare/params.h"
#include "models/presets.h"
#include "models/test_traces.h"

namespace bench {
namespace {

/// Seconds, not quality: for tests of mechanics.
NetShareParams tiny_params(int64_t iterations = 12) {
  NetShareParams params;
  params.iterations = iterations;
  params.batch = 16;
  params.d_rounds = 1;
  params.attribute_layers = 2;
  params.attribute_units = 16;
  params.critic_layers = 2;
  params.critic_units = 16;
  params.lstm_units = 8;
  params.init = "xavier";
  params.lr = 1e-3;
  params.chunks = 1;
  params.ports = "onehot_bits";
  return params;
}

std::unique_ptr<Generator> fitted(const NetShareParams& params, const Trace& trace, uint64_t seed = 1) {
  auto model = make_netshare(params);
  SilentProgress silent;
  FitContext context{Seed(seed), 1, "cpu", silent};
  model->fit(training_of(trace), context);
  return model;
}

Trace drawn(Generator& model, int64_t records, uint64_t seed = 1) {
  SilentProgress silent;
  SampleContext context{Seed(seed), 1, "cpu", silent};
  Trace out = model.sample(records, context);
  check_trace(out, "netshare");
  return out;
}

TEST(NetShare, ExactCountsInEveryVariant) {
  const Trace packets = packet_trace(60, Seed(1)), flows = flow_trace(80, Seed(2));
  for (const char* continuous : {"minmax", "quantile", "calibrated"}) {
    for (const char* ports : {"bits", "onehot_bits"}) {
      NetShareParams params = tiny_params(3);
      params.continuous = continuous;
      params.ports = ports;
      params.sample_len = 3;
      params.max_flow_len = 2;
      for (const Trace* trace : {&packets, &flows}) {
        const auto model = fitted(params, *trace);
        for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{777}}) {
          const Trace out = drawn(*model, records);
          EXPECT_EQ(out.size(), static_cast<size_t>(records));
          EXPECT_EQ(out.kind, trace->kind);
          EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
        }
        const Trace out = drawn(*model, 50);
        EXPECT_EQ(out.has_header(), trace->has_header());
        EXPECT_EQ(out.tcp_flags.empty(), trace->tcp_flags.empty());
        ASSERT_EQ(out.labels.size(), trace->labels.size());
        for (size_t k = 0; k < out.labels.size(); ++k) EXPECT_EQ(out.labels[k].names, trace->labels[k].names);
      }
    }
  }
}

TEST(NetShare, EveryAblationSwitchRuns) {
  using Change = std::function<void(NetShareParams&)>;
  const std::vector<Change> changes{
      [](auto& p) { p.ports = "ip2vec"; },
      [](auto& p) { p.ports = "bytes", p.addresses = "bytes"; },
      [](auto& p) { p.ports = "onehot"; },
      [](auto& p) { p.log1p = false; },
      [](auto& p) { p.ranges = "public"; },
      [](auto& p) { p.self_norm = true; },
      [](auto& p) { p.packing = 2; },
      [](auto& p) { p.critic = "pooled"; },
      [](auto& p) { p.long_flows = "truncate", p.max_flow_len = 2; },
      [](auto& p) { p.chunks = 3; },
      [](auto& p) { p.chunks = 3, p.tags = false, p.split = "fixed_size"; },
      [](auto& p) { p.chunks = 3, p.hot_start = false, p.self_norm = true; },
      [](auto& p) { p.chunks = 3, p.carry_moments = false, p.max_flow_len = 2; },
      [](auto& p) { p.structure = "given", p.ports = "onehot_bins", p.continuous = "calibrated"; },
      [](auto& p) {
        p.structure = "given", p.ports = "onehot_bins", p.chunks = 3, p.self_norm = true, p.max_flow_len = 2;
      },
  };
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(80, Seed(2))}) {
    for (size_t i = 0; i < changes.size(); ++i) {
      SCOPED_TRACE(i);
      NetShareParams params = tiny_params(4);
      changes[i](params);
      ASSERT_EQ(params.contradiction(), "");
      const auto model = fitted(params, trace);
      const Trace out = drawn(*model, 90);
      EXPECT_EQ(out.size(), 90U);
      EXPECT_EQ(out, drawn(*model, 90));
      EXPECT_EQ(out, drawn(*fitted(params, trace), 90));
    }
  }
}

TEST(NetShare, GivenStructureIsThatOfTheTrainingFlows) {
  const Trace trace = packet_trace(80, Seed(1));
  for (const int64_t chunks : {1, 4}) {
    NetShareParams params = tiny_params(4);
    params.structure = "given";
    params.ports = "onehot_bins";
    params.chunks = chunks;
    params.max_flow_len = 2;
    const Trace out = drawn(*fitted(params, trace), static_cast<int64_t>(trace.size()));
    auto ours = flow_sizes(out), real = flow_sizes(trace);
    std::sort(ours.begin(), ours.end());
    std::sort(real.begin(), real.end());
    EXPECT_EQ(ours, real);
    EXPECT_EQ(std::multiset<uint8_t>(out.proto.begin(), out.proto.end()),
              std::multiset<uint8_t>(trace.proto.begin(), trace.proto.end()));
  }
  NetShareParams wrong = tiny_params();
  wrong.structure = "given";
  EXPECT_THAT(wrong.contradiction(), ::testing::HasSubstr("onehot_bins"));
}

TEST(NetShare, SnapshotsDiffer) {
  NetShareParams params = tiny_params(30);
  params.snapshot_count = 3;
  params.continuous = "calibrated";
  params.chunks = 2;
  const auto model = fitted(params, packet_trace(60, Seed(1)));
  EXPECT_EQ(model->snapshots(), 3);
  const Trace last = drawn(*model, 100);
  model->use_snapshot(0);
  EXPECT_NE(drawn(*model, 100), last);
  model->use_snapshot(2);
  EXPECT_EQ(drawn(*model, 100), last);
}

TEST(NetShare, TheSwitchesOfThePublishedCodeRun) {
  NetShareParams params = tiny_params(4);
  params.d_rounds = 3;
  params.gp_alpha = "fake";
  params.z = "reused";
  params.mask = "block";
  params.sample_len = 4;
  params.norm_momentum = 0.9;
  params.linear_interarrival = true;
  params.aux_critic = false;
  params.init = "normal";
  EXPECT_EQ(drawn(*fitted(params, packet_trace(50, Seed(3))), 100).size(), 100U);
}

TEST(NetShare, SameSeedBitEqualOtherSeedNot) {
  NetShareParams params = tiny_params();
  params.ema = 0.99;
  params.lr_decay = "cosine";
  const Trace trace = packet_trace(60, Seed(1));
  const auto a = fitted(params, trace, 7), b = fitted(params, trace, 7), c = fitted(params, trace, 8);
  const Trace first = drawn(*a, 200, 3);
  EXPECT_EQ(first, drawn(*b, 200, 3));
  EXPECT_EQ(first, drawn(*a, 200, 3));
  EXPECT_NE(first, drawn(*a, 200, 4));
  EXPECT_NE(first, drawn(*c, 200, 3));
}

TEST(NetShare, LoadedModelSamplesTheSame) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "netshare_test";
  std::filesystem::create_directories(folder);
  NetShareParams params = tiny_params();
  params.continuous = "calibrated";
  params.max_flow_len = 2;
  const auto model = fitted(params, packet_trace(60, Seed(1)));
  model->save(folder);
  const auto loaded = make_netshare(params);
  loaded->load(folder);
  EXPECT_EQ(drawn(*model, 300), drawn(*loaded, 300));
  NetShareParams other = params;
  other.lstm_units = 9;
  EXPECT_THROW(make_netshare(other)->load(folder), Error);
  std::filesystem::remove_all(folder);
  EXPECT_THROW(loaded->load(folder), Error);
}

TEST(NetShare, UnusualTraces) {
  NetShareParams params = tiny_params(3);
  params.sample_len = 2;
  Trace single = packet_trace(1, Seed(4));
  EXPECT_EQ(drawn(*fitted(params, single), 9).size(), 9U);
  single = slice(single, 0, 1);
  EXPECT_EQ(drawn(*fitted(params, single), 5).size(), 5U);
  Trace timeless = flow_trace(40, Seed(5));
  timeless.time.clear();
  EXPECT_TRUE(drawn(*fitted(params, timeless), 30).time.empty());
  Trace constant = packet_trace(30, Seed(6));
  std::fill(constant.ttl.begin(), constant.ttl.end(), uint8_t{9});
  std::fill(constant.time.begin(), constant.time.end(), kClockOrigin);
  const Trace out = drawn(*fitted(params, constant), 20);
  EXPECT_EQ(out.ttl, std::vector<uint8_t>(20, 9));
  EXPECT_EQ(out.time, std::vector<int64_t>(20, kClockOrigin));
}

TEST(NetShare, LogsWhatItDoesNotModelAndStopsWhenAsked) {
  Trace timeless = flow_trace(40, Seed(5));
  timeless.time.clear();
  const auto model = make_netshare(tiny_params(100));
  RecordingProgress progress;
  progress.stop_at = 20;
  FitContext context{Seed(1), 1, "cpu", progress};
  try {
    model->fit(training_of(timeless), context);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::cancelled);
  }
  EXPECT_THAT(progress.lines(), ::testing::HasSubstr("no time column"));
  SampleContext unfitted{Seed(1), 1, "cpu", progress};
  EXPECT_THROW(make_netshare(tiny_params())->sample(1, unfitted), Error);
}

TEST(NetShare, AbsurdLearningRateIsReportedAsDivergence) {
  NetShareParams params = tiny_params(2000);
  params.lr = 1e4;
  try {
    fitted(params, packet_trace(30, Seed(1)));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::diverged);
  }
}

TEST(NetShare, EstimateGrowsWithTheWork) {
  const Trace trace = packet_trace(60, Seed(1));
  NetShareParams one = tiny_params(1000), two = one, wide = one;
  two.iterations *= 2;
  wide.critic_units = 1024;
  const double seconds = make_netshare(one)->estimate(trace).seconds;
  EXPECT_GT(seconds, 0);
  EXPECT_NEAR(make_netshare(two)->estimate(trace).seconds, 2 * seconds, 1e-6);
  EXPECT_GT(make_netshare(wide)->estimate(trace).seconds, seconds);
  EXPECT_GT(make_netshare(wide)->estimate(trace).bytes, make_netshare(one)->estimate(trace).bytes);
}

/// The recipe of netshare-smoke at a size for tests.
NetShareParams learning_params(int64_t iterations) {
  NetShareParams params;
  for (const Preset& preset : all_presets()) {
    if (preset.name != "netshare-smoke") continue;
    Problems problems;
    read_params(params, preset.params, "", problems);
    problems.raise("netshare-smoke");
  }
  params.iterations = iterations;
  params.critic_units = 64;
  params.attribute_units = 64;
  params.lstm_units = 32;
  params.ema = 0.99;
  return params;
}

/// 16 TCP flows of three packets (40, 1500, 1500) and 16 UDP flows of one packet of 60 bytes.
Trace two_kinds() {
  Trace trace;
  trace.kind = TraceKind::packets;
  int64_t clock = kClockOrigin;
  for (uint32_t f = 0; f < 32; ++f) {
    const bool tcp = f % 2 == 0;
    for (int p = 0; p < (tcp ? 3 : 1); ++p) {
      add_five_tuple(trace,
                     {0x0A000000U + f, tcp ? 0x01010101U : 0x02020202U, static_cast<uint16_t>(3000 + f),
                      static_cast<uint16_t>(tcp ? 443 : 53), static_cast<uint8_t>(tcp ? 6 : 17)});
      trace.time.push_back(clock += kMillisecond);
      trace.length.push_back(tcp ? (p == 0 ? 40 : 1500) : 60);
    }
  }
  return trace;
}

TEST(NetShare, OverfitsATinySetOfStrongStructure) {
  const auto model = fitted(learning_params(700), two_kinds());
  double n = 0, tcp = 0, service = 0, host = 0, shape = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Trace out = drawn(*model, 40, seed);
    const FlowIndex flows = group_flows(out);
    for (size_t f = 0; f + 1 < flows.size(); ++f) {
      const auto rows = flows.flow(f);
      const size_t row = rows.front();
      const bool is_tcp = out.proto[row] == 6;
      tcp += is_tcp;
      service += out.dstport[row] == (is_tcp ? 443 : 53);
      host += out.dstip[row] == (is_tcp ? 0x01010101U : 0x02020202U);
      shape += is_tcp ? rows.size() == 3 && out.length[row] == 40 && out.length[rows[1]] == 1500
                      : rows.size() == 1 && out.length[row] == 60;
      ++n;
    }
  }
  EXPECT_NEAR(tcp / n, 0.5, 0.15);
  EXPECT_GT(service / n, 0.9);
  EXPECT_GT(host / n, 0.9);
  EXPECT_GT(shape / n, 0.8);
}

TEST(NetShare, ContinuesFlowsBeyondOneSample) {
  // 20 flows of 7 records in samples of at most 2: a flow takes four of them.
  Trace trace;
  trace.kind = TraceKind::packets;
  for (uint32_t f = 0; f < 20; ++f) {
    for (int p = 0; p < 7; ++p) {
      add_five_tuple(trace, {0x0A000000U + f, 0x01010101U, static_cast<uint16_t>(3000 + f), 443, 6});
      trace.time.push_back(kClockOrigin + (f * 100 + p) * kMillisecond);
      trace.length.push_back(1500);
    }
  }
  NetShareParams params = learning_params(500);
  params.sample_len = 1;
  params.max_flow_len = 2;
  const auto model = fitted(params, trace);
  std::vector<int64_t> sizes;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    for (const int64_t size : flow_sizes(drawn(*model, 70, seed))) sizes.push_back(size);
  }
  EXPECT_GT(std::count_if(sizes.begin(), sizes.end(), [](int64_t s) { return s > 4; }),
            static_cast<std::ptrdiff_t>(sizes.size() / 2));
  EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), 8);
}

double total_variation(const Trace& a, const Trace& b) {
  std::map<std::pair<int, int>, double> difference;
  const auto add = [&](const Trace& t, double sign) {
    for (size_t i = 0; i < t.size(); ++i) {
      difference[{t.proto[i], std::min<int>(t.dstport[i], 1024)}] += sign / static_cast<double>(t.size());
    }
  };
  add(a, 1);
  add(b, -1);
  double sum = 0;
  for (const auto& [key, d] : difference) sum += std::abs(d);
  return sum / 2;
}

double records_per_flow(const Trace& trace) {
  return static_cast<double>(trace.size()) / static_cast<double>(flow_sizes(trace).size());
}

TEST(NetShare, BeatsTheTrivialReferencesAfterAShortTraining) {
  const Trace trace = packet_trace(400, Seed(9));
  const auto n = static_cast<int64_t>(trace.size());
  const Trace ours = drawn(*fitted(learning_params(700), trace), n);
  std::map<std::string, Trace> reference;
  for (const char* name : {"independent", "uniform"}) {
    const auto params = find_model(name)->params();
    const auto model = find_model(name)->make(*params);
    SilentProgress silent;
    FitContext fit{Seed(1), 1, "cpu", silent};
    model->fit(training_of(trace), fit);
    reference[name] = drawn(*model, n);
  }
  const double tv = total_variation(trace, ours);
  EXPECT_LT(tv, total_variation(trace, reference["independent"]));
  EXPECT_LT(tv, total_variation(trace, reference["uniform"]));
  const double real = records_per_flow(trace);
  EXPECT_LT(std::abs(records_per_flow(ours) - real),
            std::abs(records_per_flow(reference["independent"]) - real) / 2);
}

}  // namespace
}  // namespace bench
