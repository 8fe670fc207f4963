#include "metrics/membership.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "metrics/nearest.h"
#include "metrics/row_keys.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

MixedTable random_table(size_t rows, uint64_t seed) {
  Rng rng(seed);
  MixedTable table{rows, {{}}, {{}, {}}, {{}}};
  for (size_t i = 0; i < rows; ++i) {
    table.addresses[0].push_back(skewed(rng, 4e9));
    table.categories[0].push_back(skewed(rng, 10));
    table.categories[1].push_back(skewed(rng, 3));
    table.numbers[0].push_back(static_cast<float>(rng() % 2000) / 1000);
  }
  return table;
}

double gower(const MixedTable& a, size_t i, const MixedTable& b, size_t j) {
  double sum = 4;
  for (int byte = 1; byte <= 4; ++byte) {
    const int shift = 32 - 8 * byte;
    sum -= a.addresses[0][i] >> shift == b.addresses[0][j] >> shift ? 1 : 0;
  }
  sum /= 4;
  for (size_t c = 0; c < 2; ++c) sum += a.categories[c][i] != b.categories[c][j] ? 1 : 0;
  sum += std::min(1.0, std::abs(static_cast<double>(a.numbers[0][i]) - static_cast<double>(b.numbers[0][j])));
  return sum / 4;
}

TEST(Nearest, AgreesWithSortingAllDistances) {
  const MixedTable queries = random_table(37, 1);
  for (const size_t references : {5, 511, 512, 1300}) {
    const MixedTable others = random_table(references, 2);
    const auto found = nearest(queries, others, 5);
    ASSERT_EQ(found.size(), 37u * 5);
    for (size_t q = 0; q < queries.rows; ++q) {
      std::vector<double> all;
      for (size_t j = 0; j < references; ++j) all.push_back(gower(queries, q, others, j));
      std::sort(all.begin(), all.end());
      for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(found[q * 5 + k], all[k], 1e-6);
    }
  }
}

TEST(Nearest, RecordsByHand) {
  // Two fields of address, three of ports and protocol, three numbers: eight.
  Trace a = random_flows(2, 1);
  a.srcip = {0x0A000001, 0x0A000001};
  a.dstip = {0x0B000001, 0x0B000001};
  a.srcport = a.dstport = {1, 1};
  a.proto = {6, 6};
  a.duration = {0, 0};
  a.packets = {0, 3};  // the range of ln(1 + v) is ln 4
  a.bytes = {7, 7};
  Trace b = slice(a, 0, 1);
  b.srcip = {0x0A0000FF};  // three bytes shared
  b.dstport = {2};
  b.packets = {1};  // half of the range
  const RecordCoder coder(a, b, b);
  const std::vector<size_t> first{0};
  const auto distance = nearest(coder.table(b, first), coder.table(a, first), 1);
  EXPECT_NEAR(distance[0], (0.25 + 1 + 0.5) / 8, 1e-6);
  b.time[0] += 5 * kSecond;
  b.duration = {INT64_MAX};  // its range is 0: held at 1
  EXPECT_NEAR(nearest(coder.table(b, first), coder.table(a, first), 1)[0], (0.25 + 1 + 0.5 + 1) / 8, 1e-6);
}

TEST(RowKeys, EqualOnlyForEqualRecords) {
  Trace trace = random_packets(2000, 1, 3);
  for (size_t i = 0; i < trace.size(); i += 10) trace.time[i + 1] = trace.time[i];
  const auto all = [](std::string_view) { return true; };
  const auto keys = row_keys(trace, all);
  std::set<RowKey> distinct(keys.begin(), keys.end());
  EXPECT_EQ(distinct.size(), trace.size());  // ids and times differ
  const auto tuple =
      row_keys(trace, [](std::string_view name) { return name == "srcip" || name == "dstip"; });
  for (size_t i = 1; i < trace.size(); ++i) {
    const bool equal = trace.srcip[i] == trace.srcip[0] && trace.dstip[i] == trace.dstip[0];
    EXPECT_EQ(tuple[i] == tuple[0], equal);
  }
}

TEST(RowKeys, EqualRecordsAreToldApart) {
  const Trace some = random_packets(50, 1);
  std::vector<size_t> rows;
  for (size_t i = 0; i < 200; ++i) rows.push_back(i / 4);
  const Trace trace = select(some, rows);
  const auto keys = different_keys(trace);
  const std::set<RowKey> set(keys.begin(), keys.end());
  EXPECT_EQ(set.size(), 200u);
  const auto turned = different_keys(shuffled(trace, 2));
  EXPECT_EQ(std::set<RowKey>(turned.begin(), turned.end()), set);
  Trace later = trace;
  for (size_t i = 0; i < later.size(); ++i) later.time[i] += static_cast<int64_t>(i);
  EXPECT_EQ(different_keys(later), keys);
}

TEST(RowKeys, DrawsTheSameKeysFromAnyOrder) {
  std::vector<RowKey> keys;
  for (uint64_t i = 0; i < 1000; ++i) keys.push_back({i, 0});
  const std::vector<RowKey> turned(keys.rbegin(), keys.rend());
  const auto drawn = [](const std::vector<RowKey>& from, uint64_t seed) {
    std::vector<RowKey> out;
    for (const size_t i : draw(from, 200, Seed(seed))) out.push_back(from[i]);
    return out;
  };
  EXPECT_EQ(drawn(keys, 1), drawn(turned, 1));
  EXPECT_NE(drawn(keys, 1), drawn(keys, 2));
  EXPECT_EQ(draw(keys, 5000, Seed(1)).size(), 1000u);
  double sum = 0;  // 200 of 0 .. 999 average 499.5, with a standard error of 18
  for (const RowKey& key : drawn(keys, 3)) sum += static_cast<double>(key.high);
  EXPECT_NEAR(sum / 200, 499.5, 60);
}

TEST(Membership, AucByHand) {
  EXPECT_EQ(auc(std::vector<double>{2, 3}, std::vector<double>{0, 1}), 1);
  EXPECT_EQ(auc(std::vector<double>{0, 1}, std::vector<double>{2, 3}), 0);
  EXPECT_EQ(auc(std::vector<double>{1, 1}, std::vector<double>{1}), 0.5);
  EXPECT_DOUBLE_EQ(auc(std::vector<double>{1, 3}, std::vector<double>{2, 3}), (0 + 0 + 1 + 0.5) / 4);
}

class MembershipOfKinds : public testing::TestWithParam<TraceKind> {
 protected:
  const Trace real_trace_ = random_trace(GetParam(), 1000, 1);
  const Trace holdout_trace_ = random_trace(GetParam(), 600, 2);
  const Trace fresh_trace_ = random_trace(GetParam(), 800, 3);
  const KeyedTrace real_{real_trace_}, holdout_{holdout_trace_}, fresh_{fresh_trace_};
  const Seed seed_{7};
};

TEST_P(MembershipOfKinds, RecordsOfTheSameSourceGiveNothingAway) {
  const Parts parts{real_, fresh_, holdout_};
  const ClosestRecords closest = closest_records(parts, {}, seed_);
  EXPECT_NEAR(closest.closer_to_real.value, 0.5, 0.06);
  EXPECT_EQ(closest.closer_to_real.n_real, 600);
  EXPECT_EQ(closest.closer_to_real.n_synthetic, 800);
  EXPECT_NEAR(closest.ratio.value, closest.ratio_of_holdout.value, 0.05);
  EXPECT_GT(closest.to_real.value, 0);
  EXPECT_NEAR(closest.to_real.value / closest.to_holdout.value, 1, 0.1);
  EXPECT_NEAR(closest.holdout_to_real.value / closest.to_real.value, 1, 0.1);
  EXPECT_NEAR(density_attack(parts, {}, seed_).value, 0.5, 0.06);
  EXPECT_NEAR(feature_attack(parts, GroupBy::five_tuple, {}, seed_).value, 0.5, 0.06);
}

TEST_P(MembershipOfKinds, CopiesGiveEverythingAway) {
  const Parts parts{real_, real_, holdout_};
  const ClosestRecords closest = closest_records(parts, {}, seed_);
  // 600 of the 1,000 copied records are among the references.
  EXPECT_GT(closest.closer_to_real.value, 0.75);
  EXPECT_NEAR(closest.to_real.value / closest.to_holdout.value, 0.4, 0.1);
  EXPECT_LT(closest.ratio.value, closest.ratio_of_holdout.value - 0.3);
  EXPECT_GT(density_attack(parts, {}, seed_).value, 0.95);
  // Single packets have few different features: held-out ones are met by chance.
  EXPECT_GT(feature_attack(parts, GroupBy::five_tuple, {}, seed_).value,
            GetParam() == TraceKind::flows ? 0.95 : 0.65);
  EXPECT_GT(feature_attack(parts, GroupBy::source, {}, seed_).value, 0.9);
}

TEST_P(MembershipOfKinds, CapsAreKept) {
  const NeighbourOptions few{50, 100, 2};
  const Parts parts{real_, fresh_, holdout_};
  const ClosestRecords closest = closest_records(parts, few, seed_);
  EXPECT_EQ(closest.closer_to_real.n_real, 100);
  EXPECT_EQ(closest.closer_to_real.n_synthetic, 50);
  EXPECT_EQ(closest.ratio_of_holdout.n_synthetic, 50);
  EXPECT_EQ(density_attack(parts, few, seed_).n_real, 100);
  EXPECT_EQ(density_attack(parts, few, seed_).n_synthetic, 100);
  EXPECT_EQ(feature_attack(parts, GroupBy::five_tuple, few, seed_).n_real, 100);
}

INSTANTIATE_TEST_SUITE_P(Kinds, MembershipOfKinds, testing::Values(TraceKind::flows, TraceKind::packets));

TEST(FlowFeatures, ByHand) {
  Trace trace = slice(random_packets(3, 1), 0, 3);
  trace.srcip = {1, 1, 2};
  trace.dstip = {5, 6, 6};
  trace.dstport = {80, 80, 80};
  trace.proto = {6, 17, 17};
  trace.length = {99, 99, 199};
  trace.tos = {0, 2, 0};
  trace.ttl = {60, 64, 1};
  trace.time = {0, 999, 5};
  auto rows = flow_features(trace, GroupBy::source, {}, 10, Seed(1));
  ASSERT_EQ(rows.size(), 2u);
  if (rows[0][0] < rows[1][0]) std::swap(rows[0], rows[1]);
  const std::vector<double> expected{
      std::log(3), std::log(3),  std::log(2),    0.5, 0.5, std::log(100), 0, 1, std::sqrt(2),
      62,          std::sqrt(8), std::log(1000), 0};
  ASSERT_EQ(rows[0].size(), expected.size());
  for (size_t c = 0; c < expected.size(); ++c) EXPECT_NEAR(rows[0][c], expected[c], 1e-12) << c;
  EXPECT_EQ(flow_features(trace, GroupBy::five_tuple, {}, 10, Seed(1)).size(), 3u);
  EXPECT_EQ(flow_features(trace, GroupBy::source, {false, false}, 1, Seed(1)).front().size(), 7u);
}

}  // namespace
}  // namespace bench
