#include "datasets/surrogate/surrogate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "datasets/flows.h"
#include "datasets/surrogate/profile.h"

namespace bench {
namespace {

using surrogate::Profile;

constexpr int64_t kRecords = 20'000;

/// Total variation distance between the joint distribution of pairs and the product of its marginals.
template <typename A, typename B>
double dependence(const std::vector<A>& a, const std::vector<B>& b) {
  std::map<std::pair<A, B>, double> joint;
  std::map<A, double> left;
  std::map<B, double> right;
  const auto n = static_cast<double>(a.size());
  for (size_t i = 0; i < a.size(); ++i) {
    joint[{a[i], b[i]}] += 1 / n;
    left[a[i]] += 1 / n;
    right[b[i]] += 1 / n;
  }
  double excess = 0;  // the positive part alone: both parts are equal
  for (const auto& [key, p] : joint) excess += std::max(0.0, p - left[key.first] * right[key.second]);
  return excess;
}

/// Ports below 1024 exactly, the others in one bucket.
std::vector<int> port_buckets(const std::vector<uint16_t>& ports) {
  std::vector<int> buckets;
  for (const uint16_t port : ports) buckets.push_back(std::min<int>(port, 1024));
  return buckets;
}

/// Two-sample Kolmogorov-Smirnov statistic.
template <typename T>
double kolmogorov_smirnov(std::vector<T> x, std::vector<T> y) {
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  double largest = 0;
  for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    const T value = std::min(x[i], y[j]);
    while (i < x.size() && x[i] == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double gap = static_cast<double>(i) / static_cast<double>(x.size()) -
                       static_cast<double>(j) / static_cast<double>(y.size());
    largest = std::max(largest, std::abs(gap));
  }
  return largest;
}

class Surrogate : public testing::TestWithParam<size_t> {
 protected:
  const Profile& profile() const { return surrogate::all_profiles()[GetParam()]; }
  Trace trace(int64_t records = kRecords, uint64_t seed = 1, SurrogateTruth* truth = nullptr) const {
    return simulate(profile().name, records, Seed(seed), truth);
  }
};

std::string test_name(const testing::TestParamInfo<size_t>& parameter) {
  const std::string_view name = surrogate_names()[parameter.param];
  return std::string(name.substr(0, name.find('-')));
}

INSTANTIATE_TEST_SUITE_P(Profiles, Surrogate, testing::Range(size_t{0}, size_t{6}), test_name);

TEST_P(Surrogate, GivesExactlyTheRecordsAskedFor) {
  for (const int64_t records : {1, 2, 777, 5000}) {
    const Trace t = trace(records);
    EXPECT_EQ(static_cast<int64_t>(t.size()), records);
    EXPECT_NO_THROW(check_trace(t, profile().name));
  }
}

TEST_P(Surrogate, SameSeedGivesTheSameTraceAndAnotherSeedAnother) {
  const Trace first = trace(3000, 5);
  EXPECT_EQ(first, trace(3000, 5));
  const Trace other = trace(3000, 6);
  EXPECT_NE(first.srcip, other.srcip);
  EXPECT_NE(first.dstport, other.dstport);
}

TEST_P(Surrogate, AShorterTraceIsThePrefixOfALonger) {
  const Trace prefix = slice(trace(4000), 0, 1000);
  const Trace shorter = trace(1000);
  EXPECT_EQ(prefix.srcip, shorter.srcip);
  EXPECT_EQ(prefix.time, shorter.time);
  EXPECT_EQ(prefix.bytes, shorter.bytes);
  EXPECT_EQ(prefix.length, shorter.length);
}

TEST_P(Surrogate, HasTheColumnsOfItsProfileInOrderOfTime) {
  const Trace t = trace();
  EXPECT_EQ(t.kind, profile().kind);
  EXPECT_EQ(t.has_time(), profile().has_time);
  EXPECT_EQ(t.has_header(), profile().has_header);
  EXPECT_EQ(!t.tcp_flags.empty(), profile().has_tcp_flags);
  EXPECT_TRUE(std::is_sorted(t.time.begin(), t.time.end()));
  if (t.has_time()) {
    EXPECT_GE(t.time.front(), profile().epoch);
  }
  std::vector<std::string> columns;
  for (const LabelColumn& column : t.labels) columns.push_back(column.name);
  EXPECT_EQ(columns, profile().label_columns);
}

TEST_P(Surrogate, RateIsThatOfTheProfile) {
  const Trace t = trace(100'000);
  if (!profile().has_time) {
    EXPECT_TRUE(t.time.empty());
    return;
  }
  const double seconds = static_cast<double>(t.time.back() - t.time.front()) / 1e9;
  EXPECT_NEAR(100'000 / seconds / profile().rate, 1, 0.15);
}

TEST_P(Surrogate, EveryRecordIsPlausible) {
  const Trace t = trace();
  for (size_t i = 0; i < t.size(); ++i) {
    const int64_t least = t.proto[i] == 6 ? 40 : t.proto[i] == 17 || t.proto[i] == 1 ? 28 : 24;
    if (t.kind == TraceKind::packets) {
      ASSERT_GE(t.length[i], least) << i;
      ASSERT_LE(t.length[i], 1500) << i;
    } else {
      ASSERT_GE(t.packets[i], 1) << i;
      ASSERT_GE(t.bytes[i], t.packets[i] * least) << i;
      ASSERT_LE(t.bytes[i], t.packets[i] * 1500) << i;
      if (t.packets[i] == 1) {
        ASSERT_EQ(t.duration[i], 0) << i;
      }
    }
    if (!has_ports(t.proto[i])) {
      ASSERT_EQ(t.srcport[i] + t.dstport[i], 0) << i;
    }
    if (!t.tcp_flags.empty() && t.proto[i] != 6) {
      ASSERT_EQ(t.tcp_flags[i], 0) << i;
    }
    if (t.has_header() && t.fragment_offset[i] > 0) {
      ASSERT_EQ(t.ip_flags[i], 0) << i;
    }
    ASSERT_NE(t.srcip[i], t.dstip[i]) << i;
    ASSERT_LT(t.srcip[i] >> 24, 224u) << i;
  }
}

TEST_P(Surrogate, TruthAgreesWithTheTrace) {
  SurrogateTruth truth;
  const Trace t = trace(kRecords, 3, &truth);
  EXPECT_EQ(truth.five_tuples, static_cast<int64_t>(group_flows(t).size()));
  if (t.labels.empty()) return;
  const LabelColumn& label = t.labels.front();
  int64_t attacks = 0;
  for (const int32_t code : label.codes) {
    const std::string& name = label.names[static_cast<size_t>(code)];
    attacks += name == "background" || name == "normal" || name == "0" ? 0 : 1;
  }
  EXPECT_EQ(truth.attack_records, attacks);
  EXPECT_GT(attacks, 0);
}

TEST_P(Surrogate, ShareOfSingleRecordFiveTuplesIsThatOfTheProfile) {
  double share = 0;
  for (const uint64_t seed : {1, 2, 3}) {
    const std::vector<int64_t> sizes = flow_sizes(trace(kRecords, seed));
    share += static_cast<double>(std::count(sizes.begin(), sizes.end(), 1)) /
             static_cast<double>(sizes.size()) / 3;
  }
  EXPECT_NEAR(share, profile().single_record_share, 0.03);
}

TEST_P(Surrogate, ActivitiesHaveTheirShares) {
  // The protocol mix follows from the table alone, except that a closed UDP port answers with ICMP.
  double tcp = 0, sum = 0;
  for (const surrogate::Activity& a : profile().activities) {
    sum += a.share;
    if (a.proto == 6) tcp += a.share;
  }
  const Trace t = trace(200'000);
  const auto counted = static_cast<double>(std::count(t.proto.begin(), t.proto.end(), 6)) / 200'000;
  EXPECT_NEAR(counted, tcp / sum, 0.03);
}

TEST_P(Surrogate, ProtocolDependsOnPortAndSourceOnDestination) {
  const bool quickstart = profile().name == "ugr16-surrogate" || profile().name == "caida-surrogate";
  for (const uint64_t seed : {1, 2, 3}) {
    const Trace t = trace(kRecords, seed);
    EXPECT_GE(dependence(t.proto, port_buckets(t.dstport)), quickstart ? 0.25 : 0.2) << seed;
    EXPECT_GE(dependence(t.srcip, t.dstip), 0.4) << seed;
  }
}

TEST_P(Surrogate, ALongerTraceOfAnotherSeedHasTheSameMarginals) {
  const Trace a = trace(kRecords, 1), b = trace(3 * kRecords, 2);
  // Records of one flow or scan are alike: the fewer there are, the further samples lie apart.
  const double tolerance = profile().name == "dc-surrogate" ? 0.15 : 0.08;
  EXPECT_LT(kolmogorov_smirnov(a.proto, b.proto), tolerance);
  EXPECT_LT(kolmogorov_smirnov(port_buckets(a.dstport), port_buckets(b.dstport)), tolerance);
  EXPECT_LT(kolmogorov_smirnov(a.length, b.length), tolerance);
  EXPECT_LT(kolmogorov_smirnov(a.duration, b.duration), tolerance);
  EXPECT_LT(kolmogorov_smirnov(a.packets, b.packets), tolerance);
  EXPECT_LT(kolmogorov_smirnov(a.bytes, b.bytes), tolerance);
}

TEST(SurrogateNames, AreSixAndUnknownOnesAreRefused) {
  EXPECT_THAT(surrogate_names(), testing::ElementsAre("ugr16-surrogate", "cidds-surrogate", "ton-surrogate",
                                                      "caida-surrogate", "dc-surrogate", "ca-surrogate"));
  try {
    simulate("caida-surogate", 10, Seed(1));
    FAIL() << "an unknown profile was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, Kind::config);
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean"));
  }
  for (const int64_t records : {int64_t{0}, int64_t{-3}}) {
    try {
      simulate("dc-surrogate", records, Seed(1));
      FAIL() << records << " records were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, Kind::config);
    }
  }
}

}  // namespace
}  // namespace bench
