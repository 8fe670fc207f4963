// Who the hosts are, and who talks to whom.
#include <cassert>
#include <utility>

#include "datasets/surrogate/session.h"

namespace bench::surrogate {

namespace {

constexpr int kHostsPerSubnet = 254;  // .1 to .254

/// The first octets of public unicast addresses, without networks that are wholly or partly reserved (RFC
/// 6890).
const std::vector<uint32_t>& public_octets() {
  static const std::vector<uint32_t> list = [] {
    std::vector<uint32_t> octets;
    for (uint32_t o = 1; o < 224; ++o) {
      const bool reserved =
          o == 10 || o == 100 || o == 127 || o == 169 || o == 172 || o == 192 || o == 198 || o == 203;
      if (!reserved) octets.push_back(o);
    }
    return octets;
  }();
  return list;
}

}  // namespace

uint32_t Pool::address(int host) const {
  assert(host >= 0 && host < hosts);
  const auto h = static_cast<uint64_t>(host), nets = static_cast<uint64_t>(subnets);
  const uint64_t subnet = h % nets;
  // Multiplication by a prime that divides no table size is one to one modulo that size; the shift by the
  // subnet keeps the busiest hosts of all subnets from having the same last octets.
  constexpr uint64_t prime = 7919;
  if (base != 0) {
    assert(h / nets < kHostsPerSubnet);
    const uint64_t low = 1 + ((h / nets) * prime + subnet * 37) % kHostsPerSubnet;
    return base + static_cast<uint32_t>((subnet * static_cast<uint64_t>(step) << 8) + low);
  }
  constexpr uint64_t slots = uint64_t{256} * kHostsPerSubnet;
  assert(h / nets < slots);
  const uint64_t slot = ((h / nets) * prime + subnet * 31337) % slots;
  const auto& octets = public_octets();
  const uint64_t prefix = (static_cast<uint64_t>(first) + subnet) * prime % (octets.size() * 256);
  const uint64_t low16 = ((slot / kHostsPerSubnet) << 8) + 1 + slot % kHostsPerSubnet;
  return (octets[prefix / 256] << 24) + static_cast<uint32_t>(((prefix % 256) << 16) + low16);
}

namespace {

/// How many hosts of the pool take part where `limit` of them are asked for, 0 meaning all.
int host_count(const Pool& pool, int limit) {
  assert(limit <= pool.hosts);
  return limit > 0 ? limit : pool.hosts;
}

/// Hosts chosen for one activity stand at a place of the pool that belongs to the activity.
int pool_index(const Pool& pool, int rank, int limit, int activity, uint64_t salt) {
  if (limit == 0) return rank;
  const auto key = static_cast<uint64_t>(activity);
  const int offset = static_cast<int>(fixed_uniform(salt, key, pool.base) * pool.hosts);
  return (rank + offset) % pool.hosts;
}

/// Operating systems differ in the first time-to-live, in their range of ephemeral ports and in the TCP
/// timestamp option: Linux (ip_local_port_range 32768-60999), Windows and RFC 6335 (49152-65535), others.
struct Stack {
  int ttl, first_port, last_port, ack_bytes;
};
Stack stack_of(uint32_t address) {
  const double u = fixed_uniform(address, 1);
  if (u < 0.55) return {64, 32768, 60999, 52};
  if (u < 0.85) return {128, 49152, 65535, 40};
  return {255, 1024, 65535, 40};
}

}  // namespace

Scene::Scene(const Profile& profile, int activity)
    : profile_(profile),
      activity_(profile.activities[static_cast<size_t>(activity)]),
      client_pool_(profile.pools[static_cast<size_t>(activity_.clients)]),
      server_pool_(profile.pools[static_cast<size_t>(activity_.servers)]),
      index_(activity),
      clients_(host_count(client_pool_, activity_.client_hosts), client_pool_.slope),
      servers_(host_count(server_pool_, activity_.server_hosts), server_pool_.slope) {}

uint16_t Scene::source_port(uint32_t address, Dice& dice) const {
  const Stack stack = stack_of(address);
  return static_cast<uint16_t>(dice.integer(stack.first_port, stack.last_port));
}

Scene::Cast Scene::cast(Dice& dice) const {
  Cast result;
  result.client =
      pool_index(client_pool_, clients_.rank(dice.uniform()), activity_.client_hosts, index_, 'c');
  // A client's favourites are fixed; the first of them is met most often.
  const double u = dice.uniform();
  const auto slot = static_cast<uint64_t>(u * u * activity_.favourites);
  const double fixed =
      fixed_uniform(static_cast<uint64_t>(index_), static_cast<uint64_t>(result.client), slot, 's');
  result.server = pool_index(server_pool_, servers_.rank(fixed), activity_.server_hosts, index_, 's');
  FiveTuple& key = result.key;
  key.srcip = client_pool_.address(result.client);
  if (server_pool_.address(result.server) == key.srcip)
    result.server = (result.server + 1) % server_pool_.hosts;
  key.dstip = server_pool_.address(result.server);
  key.proto = activity_.proto;
  if (!has_ports(key.proto)) return result;
  key.dstport = activity_.port != 0
                    ? activity_.port
                    : static_cast<uint16_t>(1024 + fixed_uniform(key.dstip, 2) * (65536 - 1024));
  key.srcport = activity_.same_port ? key.dstport : source_port(key.srcip, dice);
  return result;
}

Scene::Voice Scene::voice(const Cast& cast, bool forward, Dice& dice) const {
  Voice v;
  v.key = cast.key;
  if (!forward) {
    std::swap(v.key.srcip, v.key.dstip);
    std::swap(v.key.srcport, v.key.dstport);
  }
  v.label = static_cast<uint8_t>(forward ? activity_.label : activity_.reply_label);
  if (!profile_.has_header) return v;
  const Stack stack = stack_of(v.key.srcip);
  const Pool& pool = forward ? client_pool_ : server_pool_;
  v.ttl = static_cast<uint8_t>(stack.ttl -
                               static_cast<int>(fixed_uniform(v.key.srcip, 3) * (pool.most_hops + 1)));
  v.ack = stack.ack_bytes;
  // Measured on CAIDA equinix-nyc 2018-03-15, first 7,000 packets: don't fragment on 97.5 % of TCP and 53 %
  // of UDP; identification 0 on 1.9 % of TCP and 13 % of UDP; type of service 0 on 87 %, then 8, 24, 160, 16
  // and 40.
  v.ip_flags = dice.chance(v.key.proto == kTcp ? 0.975 : 0.53) ? 2 : 0;
  v.zero_id = v.ip_flags == 2 && dice.chance(v.key.proto == kTcp ? 0.02 : 0.25);
  v.next_id = static_cast<uint16_t>(dice.integer(0, 65535));
  if (!dice.chance(profile_.plain_tos)) {
    constexpr double weights[] = {0.050, 0.040, 0.015, 0.005, 0.005};
    constexpr uint8_t values[] = {8, 24, 160, 16, 40};
    static const Choice choice(weights);
    v.tos = values[choice.draw(dice)];
  }
  return v;
}

}  // namespace bench::surrogate
