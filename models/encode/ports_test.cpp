#include "models/encode/ports.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

std::vector<int64_t> counts_of(const std::map<uint16_t, int64_t>& counts) {
  std::vector<int64_t> out(kPorts, 0);
  for (const auto& [port, count] : counts) out[port] = count;
  return out;
}

/// 53, 80 and 443 often, 20 low and 2000 high ports a few times each.
std::vector<int64_t> usual_counts() {
  std::map<uint16_t, int64_t> counts{{53, 5000}, {80, 4000}, {443, 3000}, {50000, 2500}};
  for (int i = 0; i < 20; ++i) counts[static_cast<uint16_t>(100 + 40 * i)] = 10;
  for (int i = 0; i < 2000; ++i) counts[static_cast<uint16_t>(32768 + 16 * i)] += 1 + i % 3;
  return counts_of(counts);
}

TEST(PortCategories, FrequentByFlowsOrByRecords) {
  // Of 100 flows and 10000 records: 7 has 30 % of the flows, 9 one flow with 80 % of the records.
  const auto flows = counts_of({{7, 30}, {8, 4}, {9, 1}, {1000, 65}});
  const auto records = counts_of({{7, 1000}, {8, 100}, {9, 8000}, {1000, 900}});
  PortCategories categories;
  categories.fit(flows, records, 10, 0.3, 4);
  std::set<uint16_t> frequent;
  for (uint32_t port = 0; port < kPorts; ++port) {
    if (categories.is_frequent(static_cast<uint16_t>(port))) frequent.insert(static_cast<uint16_t>(port));
  }
  EXPECT_EQ(frequent, (std::set<uint16_t>{7, 9, 1000}));
  categories.fit(flows, records, 1, 0.3, 4);
  EXPECT_EQ(categories.frequent(), 1);
  EXPECT_TRUE(categories.is_frequent(9));
}

TEST(PortCategories, BinsHoldNoFrequentPortNorBothSidesOf1024) {
  const auto counts = usual_counts();
  for (const int64_t bins : {1, 2, 7, 32, 5000}) {
    PortCategories categories;
    categories.fit(counts, counts, 48, 0.05, bins);
    ASSERT_EQ(categories.frequent(), 4);
    ASSERT_GE(categories.size(), 4 + 2);
    EXPECT_LE(categories.size(), 4 + std::max<int64_t>(2, bins));
    Rng rng(3);
    for (int64_t c = 4; c < categories.size(); ++c) {
      std::set<bool> low;
      for (int i = 0; i < 300; ++i) {
        const uint16_t port = categories.draw(c, rng);
        ASSERT_FALSE(categories.is_frequent(port)) << port;
        ASSERT_EQ(categories.category(port), c);
        low.insert(port < 1024);
      }
      EXPECT_EQ(low.size(), 1U);
    }
  }
}

TEST(PortCategories, EveryPortThatOccursComesBackFromItsCategory) {
  const auto counts = usual_counts();
  PortCategories categories;
  categories.fit(counts, counts, 48, 0.05, 20000);
  Rng rng(3);
  for (size_t port = 0; port < kPorts; ++port) {
    if (counts[port] == 0) continue;
    // With more bins than flows every bin is one port.
    EXPECT_EQ(categories.draw(categories.category(static_cast<uint16_t>(port)), rng), port);
  }
}

TEST(PortCategories, BinsHaveEqualMassAndOthersAreDrawnByIt) {
  const auto counts = usual_counts();
  PortCategories categories;
  categories.fit(counts, counts, 3, 0.05, 16);  // 50000 is the fourth and a heavy one among the others
  std::map<int64_t, double> mass;
  double all = 0;
  for (size_t port = 0; port < kPorts; ++port) {
    if (categories.is_frequent(static_cast<uint16_t>(port))) continue;
    mass[categories.category(static_cast<uint16_t>(port))] += static_cast<double>(counts[port]);
    all += static_cast<double>(counts[port]);
  }
  const int64_t heavy = categories.category(50000);
  for (const auto& [category, m] : mass) {
    if (category == heavy) continue;
    EXPECT_LE(m, all / 15 + 4) << category;  // 15 bins above 1024
  }
  Rng rng(4);
  std::map<int64_t, double> drawn;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) drawn[categories.category(categories.draw_other(rng))] += all / kDraws;
  for (const auto& [category, m] : mass) EXPECT_NEAR(drawn[category], m, 5 * std::sqrt(m * all / kDraws));
}

TEST(PortCategories, DrawIsUniformOverABinWithoutItsFrequentPorts) {
  // One bin 2000..2009 whose 2003 and 2007 are frequent.
  std::map<uint16_t, int64_t> some{{2003, 100}, {2007, 100}};
  for (uint16_t port = 2000; port < 2010; ++port) some.emplace(port, 1);
  const auto counts = counts_of(some);
  PortCategories categories;
  categories.fit(counts, counts, 2, 0.1, 1);
  ASSERT_EQ(categories.size(), 3);
  Rng rng(9);
  std::map<uint16_t, int> drawn;
  for (int i = 0; i < 80000; ++i) ++drawn[categories.draw(2, rng)];
  EXPECT_EQ(drawn.size(), 8U);
  for (const auto& [port, count] : drawn) EXPECT_NEAR(count, 10000, 500) << port;
}

TEST(PortCategories, UnseenPortsGoToTheNearestBinOfTheirSide) {
  const auto counts = counts_of({{1000, 1}, {1030, 1}, {5000, 1}, {80, 50}});
  PortCategories categories;
  categories.fit(counts, counts, 1, 0.1, 3);
  ASSERT_EQ(categories.size(), 4);  // 80; 1000; 1030; 5000
  EXPECT_EQ(categories.category(81), 1);
  EXPECT_EQ(categories.category(1023), 1);
  EXPECT_EQ(categories.category(1024), 2);
  EXPECT_EQ(categories.category(3014), 2);
  EXPECT_EQ(categories.category(3016), 3);
  EXPECT_EQ(categories.category(65535), 3);
  categories.fit(counts_of({{80, 1}, {90, 1}}), counts_of({{80, 1}, {90, 1}}), 2, 0, 3);
  ASSERT_EQ(categories.size(), 2);
  EXPECT_EQ(categories.category(84), 0);
  EXPECT_EQ(categories.category(60000), 1);
}

TEST(PortCategories, DamagedFilesAreRefused) {
  const auto path = std::filesystem::temp_directory_path() / "headerbench_ports_test.h5";
  const auto write = [&](std::vector<uint16_t> frequent, std::vector<uint16_t> lo, std::vector<uint16_t> hi) {
    H5Writer file(path);
    file.column("p:frequent", frequent);
    file.column("p:lo", lo);
    file.column("p:hi", hi);
    file.column("p:mass", std::vector<int64_t>(lo.size(), 1));
    file.finish();
    PortCategories categories;
    categories.load(H5Reader(path), "p");
    return categories.size();
  };
  EXPECT_EQ(write({53, 80}, {60, 2000}, {90, 3000}), 4);
  EXPECT_THROW(write({80, 53}, {60}, {90}), Error);
  EXPECT_THROW(write({53, 80}, {60}, {80}), Error);              // a bin ends with a frequent port
  EXPECT_THROW(write({53, 80}, {2000, 60}, {3000, 90}), Error);  // out of order
  EXPECT_THROW(write({53, 80}, {60, 70}, {90, 95}), Error);      // overlap
  EXPECT_THROW(write({}, {}, {}), Error);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace bench
