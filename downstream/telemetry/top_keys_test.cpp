#include "downstream/telemetry/top_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/seed.h"

namespace bench {
namespace {

std::map<Key, double> held(const TopKeys& top) {
  std::map<Key, double> out;
  for (const TopKeys::Entry& entry : top.entries()) out[entry.key] = entry.value;
  return out;
}

TEST(TopKeys, HoldsTheLargestOfGrowingValues) {
  Rng rng(1);
  for (const size_t most : {1, 2, 7, 50}) {
    TopKeys top(most);
    std::map<Key, double> exact;
    for (int i = 0; i < 3000; ++i) {
      const Key key = address_key(static_cast<uint32_t>(rng() % 60));
      exact[key] = std::max(exact[key], static_cast<double>(rng() >> 12));  // no two are equal
      top.offer(key, exact[key]);
      std::vector<std::pair<double, Key>> order;
      for (const auto& [k, value] : exact) order.emplace_back(value, k);
      std::sort(order.rbegin(), order.rend());
      order.resize(std::min(order.size(), most));
      std::map<Key, double> largest;
      for (const auto& [value, k] : order) largest[k] = value;
      ASSERT_EQ(held(top), largest);
    }
  }
}

TEST(TopKeys, AKeyThatFallsMakesRoom) {
  TopKeys top(2);
  top.offer(address_key(1), 10);
  top.offer(address_key(2), 20);
  top.offer(address_key(3), 5);
  EXPECT_EQ(held(top), (std::map<Key, double>{{address_key(1), 10}, {address_key(2), 20}}));
  top.offer(address_key(2), 1);
  top.offer(address_key(3), 5);
  EXPECT_EQ(held(top), (std::map<Key, double>{{address_key(1), 10}, {address_key(3), 5}}));
}

}  // namespace
}  // namespace bench
