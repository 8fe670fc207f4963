#include "models/reference/reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "models/test_traces.h"

namespace bench {
namespace {

Trace sample_of(std::string_view name, const Trace& trace, int64_t records, uint64_t seed = 1) {
  const ModelEntry* entry = find_model(name);
  const auto params = entry->params();
  const auto model = entry->make(*params);
  SilentProgress silent;
  FitContext fit{Seed(seed), 1, "cpu", silent};
  SampleContext sample{Seed(seed), 1, "cpu", silent};
  model->fit(training_of(trace), fit);
  Trace out = model->sample(records, sample);
  check_trace(out, name);
  return out;
}

template <typename Column>
Column sorted(Column column) {
  std::sort(column.begin(), column.end());
  return column;
}

class EveryReference : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryReference, ExactCountsColumnsAndOrder) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(90, Seed(2))}) {
    for (const int64_t records :
         {int64_t{0}, int64_t{1}, int64_t{50}, static_cast<int64_t>(trace.size()), int64_t{1000}}) {
      const Trace out = sample_of(GetParam(), trace, records);
      EXPECT_EQ(out.size(), static_cast<size_t>(records));
      EXPECT_EQ(out.kind, trace.kind);
      EXPECT_EQ(out.labels.size(), trace.labels.size());
      EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
      if (records > 0) {
        EXPECT_EQ(out.has_header(), trace.has_header());
      }
    }
  }
}

TEST_P(EveryReference, SameSeedSameTraceOtherSeedOther) {
  const Trace trace = flow_trace(90, Seed(2));
  EXPECT_EQ(sample_of(GetParam(), trace, 90, 5), sample_of(GetParam(), trace, 90, 5));
  EXPECT_NE(sample_of(GetParam(), trace, 90, 5), sample_of(GetParam(), trace, 90, 6));
}

TEST_P(EveryReference, WithoutTimeMakesNone) {
  Trace trace = flow_trace(40, Seed(2));
  trace.time.clear();
  EXPECT_TRUE(sample_of(GetParam(), trace, 40).time.empty());
}

TEST_P(EveryReference, LoadedModelSamplesTheSame) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / (std::string("reference_") + GetParam());
  std::filesystem::create_directories(folder);
  const ModelEntry* entry = find_model(GetParam());
  const auto params = entry->params();
  const auto saved = entry->make(*params), loaded = entry->make(*params);
  SilentProgress silent;
  FitContext fit{Seed(1), 1, "cpu", silent};
  SampleContext context{Seed(3), 1, "cpu", silent};
  EXPECT_THROW(saved->sample(1, context), Error);
  saved->fit(training_of(packet_trace(30, Seed(4))), fit);
  saved->save(folder);
  loaded->load(folder);
  EXPECT_EQ(saved->sample(77, context), loaded->sample(77, context));
  std::filesystem::remove_all(folder);
  EXPECT_THROW(loaded->load(folder), Error);
}

INSTANTIATE_TEST_SUITE_P(References, EveryReference, ::testing::Values("resample", "independent", "uniform"));

TEST(Independent, EveryMarginalIsExactAndEveryPairIsBroken) {
  const Trace trace = flow_trace(600, Seed(5));
  const Trace out = sample_of("independent", trace, 600);
  EXPECT_EQ(sorted(out.srcip), sorted(trace.srcip));
  EXPECT_EQ(sorted(out.dstport), sorted(trace.dstport));
  EXPECT_EQ(sorted(out.proto), sorted(trace.proto));
  EXPECT_EQ(sorted(out.time), sorted(trace.time));
  EXPECT_EQ(sorted(out.bytes), sorted(trace.bytes));
  EXPECT_EQ(sorted(out.labels[1].codes), sorted(trace.labels[1].codes));
  // In the trace DNS is always UDP; shuffled, the pair has the product of its shares (about 1/3 x 1/3).
  const auto dns_over_udp = [](const Trace& t) {
    double both = 0;
    for (size_t i = 0; i < t.size(); ++i) both += t.dstport[i] == 53 && t.proto[i] == 17;
    return both / static_cast<double>(t.size());
  };
  EXPECT_GT(dns_over_udp(trace), 0.27);
  EXPECT_NEAR(dns_over_udp(out), 1.0 / 9, 0.05);
}

TEST(Independent, MoreRecordsUseWholePermutationsFirst) {
  const Trace trace = packet_trace(40, Seed(6));
  const auto n = static_cast<int64_t>(trace.size());
  const Trace out = sample_of("independent", trace, 2 * n + 3);
  std::map<uint16_t, int64_t> real, made;
  for (const auto v : trace.id) ++real[v];
  for (const auto v : out.id) ++made[v];
  for (const auto& [value, count] : real) {
    EXPECT_GE(made[value], 2 * count);
    EXPECT_LE(made[value], 3 * count);
  }
}

TEST(Resample, FlowsKeepTheirRecordsAndNeverCollide) {
  const Trace trace = packet_trace(200, Seed(7));
  std::multiset<std::vector<int32_t>> real;
  const FlowIndex flows = group_flows(trace);
  const auto lengths = [](const Trace& t, std::span<const size_t> rows) {
    std::vector<int32_t> out;
    for (const size_t row : rows) out.push_back(t.length[row]);
    return out;
  };
  for (size_t f = 0; f < flows.size(); ++f) real.insert(lengths(trace, flows.flow(f)));
  const Trace out = sample_of("resample", trace, 2000);
  const FlowIndex made = group_flows(out);
  size_t cut = 0;
  for (size_t f = 0; f < made.size(); ++f) cut += !real.contains(lengths(out, made.flow(f)));
  EXPECT_LE(cut, 1U);  // the last flow may be cut; a collision would make longer ones
  EXPECT_NEAR(static_cast<double>(out.size()) / static_cast<double>(made.size()),
              static_cast<double>(trace.size()) / static_cast<double>(flows.size()), 0.15);
  const std::set<int64_t> times(trace.time.begin(), trace.time.end());
  for (const int64_t time : out.time) EXPECT_TRUE(times.contains(time));
}

TEST(Resample, ACopyKeepsServiceAndAddresses) {
  Trace trace;
  trace.kind = TraceKind::packets;
  add_five_tuple(trace, {10, 20, 40000, 443, 6});
  add_five_tuple(trace, {20, 10, 443, 40000, 6});
  trace.time = {1, 2};
  trace.length = {60, 60};
  const Trace out = sample_of("resample", trace, 300);
  std::set<FiveTuple> keys;
  for (size_t i = 0; i < out.size(); ++i) {
    const FiveTuple key = five_tuple(out, i);
    EXPECT_TRUE(keys.insert(key).second);
    EXPECT_EQ(out.srcip[i] == 10 ? key.dstport : key.srcport, 443);
    EXPECT_EQ(out.srcip[i] + out.dstip[i], 30U);
  }
}

TEST(Resample, ProtocolsWithoutPortsGetOtherSources) {
  Trace trace;
  trace.kind = TraceKind::packets;
  add_five_tuple(trace, {0x0A000000U, 20, 0, 0, 47});
  trace.time = {1};
  trace.length = {60};
  const Trace out = sample_of("resample", trace, 1000);
  EXPECT_EQ(flow_sizes(out).size(), 1000U);
  for (const uint16_t port : out.srcport) EXPECT_EQ(port, 0);
}

TEST(Uniform, StaysInTheRangeAndFillsIt) {
  const Trace trace = flow_trace(300, Seed(8));
  const Trace out = sample_of("uniform", trace, 5000);
  const auto in_range = [](const auto& made, const auto& real) {
    const auto [lo, hi] = std::minmax_element(real.begin(), real.end());
    const auto [a, b] = std::minmax_element(made.begin(), made.end());
    const double width = static_cast<double>(*hi) - static_cast<double>(*lo);
    EXPECT_GE(*a, *lo);
    EXPECT_LE(*b, *hi);
    double sum = 0;
    for (const auto v : made) sum += static_cast<double>(v) - static_cast<double>(*lo);
    EXPECT_NEAR(sum / static_cast<double>(made.size()), width / 2, 0.03 * width);
  };
  in_range(out.srcip, trace.srcip);
  in_range(out.dstport, trace.dstport);
  in_range(out.time, trace.time);
  in_range(out.bytes, trace.bytes);
  in_range(out.duration, trace.duration);
  std::map<uint8_t, int> protocols;
  for (const uint8_t p : out.proto) ++protocols[p];
  EXPECT_EQ(protocols.size(), 2U);
  EXPECT_NEAR(protocols[6], 2500, 200);
}

}  // namespace
}  // namespace bench
