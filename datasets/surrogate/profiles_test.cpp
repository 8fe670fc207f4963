// What each single profile promises: published and measured shares, labels, handshakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "core/stats.h"
#include "datasets/flows.h"
#include "datasets/surrogate/profile.h"
#include "datasets/surrogate/surrogate.h"

namespace bench {
namespace {

constexpr int64_t kRecords = 20'000;

TEST(SurrogateFlows, BytesFollowPackets) {
  for (const char* name : {"ugr16-surrogate", "cidds-surrogate", "ton-surrogate"}) {
    const Trace t = simulate(name, kRecords, Seed(1));
    std::vector<double> packets, bytes;
    for (size_t i = 0; i < t.size(); ++i) {
      packets.push_back(std::log(static_cast<double>(t.packets[i])));
      bytes.push_back(std::log(static_cast<double>(t.bytes[i])));
    }
    EXPECT_NEAR(pearson(packets, bytes), 0.9, 0.06) << name;  // 0.895 on UGR16
  }
}

TEST(SurrogateFlows, Ugr16HasTheMeasuredShares) {
  const Trace t = simulate("ugr16-surrogate", 100'000, Seed(4));
  const auto share = [&](const auto& column, auto value) {
    return static_cast<double>(std::count(column.begin(), column.end(), value)) / 100'000;
  };
  EXPECT_NEAR(share(t.dstport, 53), 0.262, 0.02);
  EXPECT_NEAR(share(t.srcport, 53), 0.279, 0.03);
  EXPECT_NEAR(share(t.dstport, 80), 0.09, 0.02);
  EXPECT_NEAR(share(t.dstport, 443), 0.089, 0.02);
  EXPECT_NEAR(share(t.duration, 0), 0.647, 0.06);
  EXPECT_NEAR(share(t.packets, 1), 0.594, 0.04);
  EXPECT_EQ((std::set<uint8_t>(t.proto.begin(), t.proto.end())), (std::set<uint8_t>{1, 4, 6, 17, 47, 50}));
  LabelColumn type = t.labels.front();
  EXPECT_NEAR(share(type.codes, type.code_of("blacklist")), 0.002633, 0.0012);
}

TEST(SurrogateFlows, TonHasAllTenTypesAndNoTime) {
  const Trace t = simulate("ton-surrogate", 60'000, Seed(1));
  EXPECT_TRUE(t.time.empty());
  EXPECT_THAT(t.labels[1].names,
              testing::UnorderedElementsAre("normal", "backdoor", "ddos", "dos", "injection", "mitm",
                                            "password", "ransomware", "scanning", "xss"));
  for (size_t i = 0; i < t.size(); ++i) {
    const bool normal = t.labels[1].names[static_cast<size_t>(t.labels[1].codes[i])] == "normal";
    ASSERT_EQ(t.labels[0].names[static_cast<size_t>(t.labels[0].codes[i])], normal ? "0" : "1") << i;
  }
  LabelColumn label = t.labels[0];
  const int32_t zero = label.code_of("0");
  EXPECT_NEAR(static_cast<double>(std::count(label.codes.begin(), label.codes.end(), zero)) / 60'000, 0.6507,
              0.03);
}

TEST(SurrogateFlows, CiddsVictimsAnswerAttackers) {
  const Trace t = simulate("cidds-surrogate", 60'000, Seed(1));
  std::set<std::pair<uint32_t, uint32_t>> attacks;
  const auto label = [&](size_t i) { return t.labels[0].names[static_cast<size_t>(t.labels[0].codes[i])]; };
  int64_t normal = 0, victims = 0;
  for (size_t i = 0; i < t.size(); ++i) {
    if (label(i) == "attacker") attacks.insert({t.srcip[i], t.dstip[i]});
    if (label(i) == "victim") {
      ++victims;
      ASSERT_TRUE(attacks.contains({t.dstip[i], t.srcip[i]})) << i;
    }
    if (label(i) == "normal") ++normal;
  }
  EXPECT_NEAR(static_cast<double>(normal) / 60'000, 0.155453, 0.03);
  EXPECT_GT(victims, 15'000);
}

TEST(SurrogatePackets, ConnectionsOfBothDirectionsBeginWithAHandshake) {
  const Trace t = simulate("ca-surrogate", 60'000, Seed(1));
  constexpr uint8_t kSyn = 2, kRst = 4, kAck = 16;
  const FlowIndex flows = group_flows(t);
  std::unordered_map<FiveTuple, size_t, FiveTupleHash> first;
  for (size_t f = 0; f < flows.size(); ++f)
    first[five_tuple(t, flows.flow(f).front())] = flows.flow(f).front();
  int64_t pairs = 0, dialogues = 0;
  for (const auto& [key, row] : first) {
    const auto back = first.find({key.dstip, key.srcip, key.dstport, key.srcport, key.proto});
    if (key.proto != 6 || back == first.end() || back->second < row) continue;
    ++pairs;
    ASSERT_EQ(t.tcp_flags[row], kSyn) << row;
    const uint8_t answer = t.tcp_flags[back->second];
    ASSERT_TRUE(answer == (kSyn | kAck) || answer == (kRst | kAck)) << static_cast<int>(answer);
    dialogues += answer == (kSyn | kAck) ? 1 : 0;
  }
  EXPECT_GT(pairs, 5000);
  EXPECT_GT(dialogues, 50);
}

TEST(SurrogatePackets, CaidaHasTheMeasuredShares) {
  const Trace t = simulate("caida-surrogate", 50'000, Seed(1));
  const auto share = [&](const auto& column, auto value) {
    return static_cast<double>(std::count(column.begin(), column.end(), value)) / 50'000;
  };
  EXPECT_NEAR(share(t.proto, 6), 0.80, 0.03);
  EXPECT_NEAR(share(t.length, 1500), 0.294, 0.05);
  EXPECT_NEAR(share(t.length, 40) + share(t.length, 52), 0.18, 0.06);
  EXPECT_NEAR(share(t.tos, 0), 0.87, 0.04);
  EXPECT_NEAR(share(t.ip_flags, 2), 0.886, 0.03);
  EXPECT_GT(share(t.ip_flags, 1), 0);
  EXPECT_GT(share(t.fragment_offset, 185), 0);
  const double flows = static_cast<double>(flow_sizes(t).size());
  EXPECT_NEAR(50'000 / flows, 2.9, 0.5);
}

TEST(SurrogatePackets, CaidaSourcesFollowTheZipfLawOfTheirPool) {
  const Trace t = simulate("caida-surrogate", 200'000, Seed(1));
  const FlowIndex flows = group_flows(t);
  std::unordered_map<uint32_t, double> counts;  // five-tuples of each source
  for (size_t f = 0; f < flows.size(); ++f) counts[t.srcip[flows.flow(f).front()]] += 1;
  std::vector<double> sorted;
  for (const auto& [address, count] : counts) sorted.push_back(count);
  std::sort(sorted.rbegin(), sorted.rend());
  std::vector<double> x, y;
  for (size_t r = 0; r < 100; ++r) {
    x.push_back(std::log(static_cast<double>(r + 1)));
    y.push_back(std::log(sorted[r]));
  }
  const double slope = pearson(x, y) * sample_sd(y) / sample_sd(x);
  EXPECT_NEAR(slope, -surrogate::all_profiles()[3].pools[0].slope, 0.1);
}

TEST(SurrogatePackets, TimeToLiveBelongsToTheSource) {
  const Trace t = simulate("caida-surrogate", kRecords, Seed(1));
  std::unordered_map<uint32_t, uint8_t> ttl;
  for (size_t i = 0; i < t.size(); ++i)
    ASSERT_EQ(ttl.try_emplace(t.srcip[i], t.ttl[i]).first->second, t.ttl[i]) << i;
  std::set<uint8_t> values(t.ttl.begin(), t.ttl.end());
  EXPECT_GT(values.size(), 40u);
}

TEST(SurrogatePackets, CaidaIsOneDirectionDcBoth) {
  const auto answered = [](const Trace& t) {
    std::set<FiveTuple> keys;
    for (size_t i = 0; i < t.size(); ++i) keys.insert(five_tuple(t, i));
    double both = 0;
    for (const FiveTuple& k : keys)
      both += keys.contains({k.dstip, k.srcip, k.dstport, k.srcport, k.proto}) ? 1 : 0;
    return both / static_cast<double>(keys.size());
  };
  EXPECT_LT(answered(simulate("caida-surrogate", kRecords, Seed(1))), 0.01);
  EXPECT_GT(answered(simulate("dc-surrogate", kRecords, Seed(1))), 0.5);
}

}  // namespace
}  // namespace bench
