// Sessions as a flow exporter records them, and the short contacts of scans and floods.
#include <algorithm>
#include <cmath>

#include "datasets/surrogate/session.h"

namespace bench::surrogate {

namespace {

double smallest_packet(uint8_t proto) {
  return proto == kTcp ? 40 : proto == kUdp || proto == kIcmp ? 28 : 24;
}

/// Bytes of `packets` packets: small ones first, then nearer and nearer to the load's full size.
int64_t flow_bytes(const Load& load, uint8_t proto, int64_t packets, Dice& dice) {
  const auto n = static_cast<double>(packets);
  const double mean = load.small + (load.large - load.small) * load.large_share * (1 - 1 / n);
  const double noisy = dice.log_normal(mean, packets == 1 ? 0.15 : 0.35);
  return std::llround(n * std::clamp(noisy, smallest_packet(proto), 1500.0));
}

/// Union of the TCP flags of a record's packets.
uint8_t flow_flags(uint8_t proto, int64_t packets, Dice& dice) {
  if (proto != kTcp) return 0;
  if (packets == 1)
    return dice.chance(0.6) ? kAck : dice.chance(0.6) ? kSyn : dice.chance(0.7) ? kAck | kFin : kRst;
  if (packets == 2) return dice.chance(0.5) ? kAck : dice.chance(0.5) ? kAck | kPsh : kSyn;
  return dice.chance(0.7) ? kAck | kPsh | kSyn | kFin : dice.chance(0.6) ? kAck | kPsh | kSyn : kAck | kFin;
}

}  // namespace

Record Scene::say(Voice& voice, int64_t time, double bytes, uint8_t tcp_flags) const {
  Record r;
  r.time = time;
  r.key = voice.key;
  r.bytes = std::llround(std::clamp(bytes, smallest_packet(voice.key.proto), 1500.0));
  r.tcp_flags = voice.key.proto == kTcp ? tcp_flags : uint8_t{0};
  r.label = voice.label;
  r.attack = activity_.attack;
  r.tos = voice.tos;
  r.ttl = voice.ttl;
  r.ip_flags = voice.ip_flags;
  r.id = voice.zero_id ? uint16_t{0} : voice.next_id++;
  return r;
}

void Scene::flow_records(int64_t start, Dice& dice, std::vector<Record>& out) const {
  const Cast roles = cast(dice);
  const bool answered = dice.chance(activity_.reply);
  for (const bool forward : {true, false}) {
    if (!forward && !answered) break;
    Voice who = voice(roles, forward, dice);
    const Load& load = forward ? activity_.up : activity_.down;
    int64_t t = start + (forward ? 0 : nanoseconds(dice.log_normal(0.02, 1)));
    do {
      const int64_t packets = load.count.draw(dice);
      Record r = say(who, t, 0, flow_flags(who.key.proto, packets, dice));
      r.packets = packets;
      r.bytes = flow_bytes(load, who.key.proto, packets, dice);
      if (packets > 1) {
        const double gaps = std::pow(static_cast<double>(packets - 1), 0.8);
        r.duration = std::min(nanoseconds(dice.log_normal(activity_.gap, 1.3) * gaps), 300 * kSecond);
      }
      out.push_back(r);
      t += r.duration + nanoseconds(dice.exponential(1 + activity_.gap));
    } while (dice.chance(activity_.repeat));
  }
}

void Scene::contacts(int64_t start, Dice& dice, std::vector<Record>& out) const {
  Cast roles = cast(dice);
  const auto ports = static_cast<uint32_t>(activity_.ports);
  const auto first_port = static_cast<uint32_t>(dice.integer(0, activity_.ports - 1));
  // An odd step visits every value of a power of two once.
  const auto step = static_cast<uint32_t>(dice.integer(0, activity_.ports / 2 - 1)) * 2 + 1;
  const bool one_source_port = activity_.pattern == Pattern::port_scan && dice.chance(0.5);
  const auto n = static_cast<int64_t>(std::ceil(dice.exponential(activity_.burst)));
  int64_t t = start;
  for (int64_t i = 0; i < std::max<int64_t>(n, 1); ++i) {
    if (activity_.pattern == Pattern::port_scan) {
      const uint32_t port = (first_port + static_cast<uint32_t>(i) * step) % ports;
      roles.key.dstport = static_cast<uint16_t>(port == 0 ? 1 : port);
    } else if (activity_.pattern == Pattern::host_sweep) {
      const int target = static_cast<int>((roles.server + i) % server_pool_.hosts);
      if (server_pool_.address(target) == roles.key.srcip) continue;
      roles.key.dstip = server_pool_.address(target);
    }
    if (!one_source_port && has_ports(roles.key.proto))
      roles.key.srcport = source_port(roles.key.srcip, dice);
    Voice up = voice(roles, true, dice);
    Record probe = say(up, t, activity_.up.small, kSyn);
    probe.packets = activity_.up.count.draw(dice);
    probe.bytes *= probe.packets;
    if (probe.packets > 1) probe.duration = nanoseconds(dice.log_normal(activity_.gap, 1) * 0.5);
    out.push_back(probe);
    if (dice.chance(activity_.reply)) {
      Voice down = voice(roles, false, dice);
      // A closed UDP port answers with ICMP "port unreachable" (RFC 1122, 4.1.3.1), a closed TCP port with a
      // reset.
      if (activity_.pattern == Pattern::port_scan && down.key.proto == kUdp) {
        down.key.proto = kIcmp;
        down.key.srcport = down.key.dstport = 0;
      }
      const uint8_t flags = activity_.pattern == Pattern::flood ? kSyn | kAck : kRst | kAck;
      out.push_back(say(down, t + nanoseconds(dice.log_normal(0.0005, 0.7)), activity_.down.small, flags));
    }
    t += nanoseconds(dice.exponential(activity_.gap));
  }
}

}  // namespace bench::surrogate
