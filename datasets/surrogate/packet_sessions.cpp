// Sessions as single packets: dialogues of both directions, and trains of one direction on a backbone link.
#include <algorithm>
#include <cmath>

#include "datasets/surrogate/session.h"

namespace bench::surrogate {

namespace {

double packet_bytes(const Load& load, Dice& dice) {
  return dice.chance(load.large_share) ? load.large : dice.log_normal(load.small, 0.25);
}

}  // namespace

void Scene::tcp_dialogue(int64_t start, Voice up, Voice down, Dice& dice, std::vector<Record>& out) const {
  const int64_t requests = activity_.up.count.draw(dice), replies = activity_.down.count.draw(dice);
  const double trip = dice.log_normal(0.0005, 0.8);
  int64_t t = start;
  const auto step = [&](double seconds) { return t += nanoseconds(seconds) + 1; };
  out.push_back(say(up, t, up.ack + 8, kSyn));  // 8 bytes: maximum segment size and permissions
  out.push_back(say(down, step(trip), down.ack + 8, kSyn | kAck));
  out.push_back(say(up, step(trip), up.ack, kAck));
  int64_t sent = 0;
  for (int64_t i = 0; i < requests; ++i) {
    out.push_back(say(up, step(i == 0 ? trip : dice.log_normal(activity_.gap, 1.5)),
                      std::max(up.ack + 1, packet_bytes(activity_.up, dice)), kPsh | kAck));
    const int64_t until = replies * (i + 1) / requests;
    for (; sent < until; ++sent) {
      out.push_back(say(down, step(dice.exponential(activity_.gap / 20)),
                        std::max(down.ack + 1, packet_bytes(activity_.down, dice)),
                        sent + 1 == until ? kPsh | kAck : kAck));
      if (sent % 2 == 1)
        out.push_back(say(up, step(trip / 4), up.ack, kAck));  // RFC 1122, 4.2.3.2: every second
    }
  }
  out.push_back(say(up, step(trip), up.ack, kFin | kAck));
  out.push_back(say(down, step(trip), down.ack, kFin | kAck));
  out.push_back(say(up, step(trip), up.ack, kAck));
}

void Scene::dialogue(int64_t start, Dice& dice, std::vector<Record>& out) const {
  const Cast roles = cast(dice);
  Voice up = voice(roles, true, dice), down = voice(roles, false, dice);
  if (roles.key.proto == kTcp) return tcp_dialogue(start, up, down, dice, out);
  const int64_t requests = activity_.up.count.draw(dice);
  const bool answered = dice.chance(activity_.reply);
  int64_t t = start;
  for (int64_t i = 0; i < requests; ++i) {
    out.push_back(say(up, t, packet_bytes(activity_.up, dice), 0));
    if (answered)
      out.push_back(
          say(down, t + nanoseconds(dice.log_normal(0.0005, 0.8)), packet_bytes(activity_.down, dice), 0));
    t += nanoseconds(dice.log_normal(activity_.gap, 1));
  }
}

void Scene::train(int64_t start, Dice& dice, std::vector<Record>& out) const {
  const Cast roles = cast(dice);
  // A backbone observer meets either side of a connection; `reply` is the share of trains from the server's
  // side.
  const bool forward = !dice.chance(activity_.reply);
  Voice who = voice(roles, forward, dice);
  const bool full = dice.chance(activity_.up.large_share), tcp = who.key.proto == kTcp;
  // Most paths carry 1,500 bytes; tunnels take off a multiple of 20.
  const double u = fixed_uniform(roles.key.dstip, 4);
  const double large = u < 0.65 ? activity_.up.large : activity_.up.large - 20 * std::ceil((u - 0.65) * 20);
  const int64_t packets = activity_.up.count.draw(dice);
  int64_t t = start;
  for (int64_t i = 0; i < packets; ++i) {
    const bool odd_one = dice.chance(0.15);
    double bytes = tcp ? who.ack : dice.log_normal(activity_.up.small, 0.3);
    if (odd_one) bytes = 60 + dice.uniform() * (large - 60);
    if (full && !odd_one) bytes = large;
    uint8_t flags = odd_one ? kPsh | kAck : kAck;
    if (!full && i == 0 && dice.chance(0.05)) flags = kSyn, bytes = who.ack + 8;
    if (i + 1 == packets && packets > 1 && dice.chance(0.05)) flags = kFin | kAck;
    Record r = say(who, t, bytes, flags);
    // A datagram of more than one packet: first 1,500 bytes with "more fragments", the rest at offset 185 x 8
    // bytes without a UDP header, as in the CAIDA samples (0.1 % of the packets).
    if (full && !tcp && who.ip_flags == 0 && dice.chance(0.03)) {
      r.bytes = 1500;
      r.ip_flags = 1;
      Record rest = say(who, t + 1000, 28 + dice.uniform() * 1000, 0);
      rest.id = r.id;
      rest.ip_flags = 0;
      rest.fragment_offset = 185;
      rest.key.srcport = rest.key.dstport = 0;
      out.push_back(rest);
    }
    out.push_back(r);
    t += nanoseconds(dice.log_normal(activity_.gap, 1.5)) + 1;
  }
}

void Scene::play(int64_t start, Dice& dice, std::vector<Record>& out) const {
  const bool flows = profile_.kind == TraceKind::flows;
  switch (activity_.pattern) {
    case Pattern::conversation:
      return flows ? flow_records(start, dice, out) : dialogue(start, dice, out);
    case Pattern::train:
      return train(start, dice, out);
    case Pattern::port_scan:
    case Pattern::host_sweep:
    case Pattern::flood:
      return contacts(start, dice, out);
  }
}

double Scene::mean_records() const {
  const Activity& a = activity_;
  switch (a.pattern) {
    case Pattern::conversation:
      if (profile_.kind == TraceKind::flows) return (1 + a.reply) / (1 - a.repeat);
      if (a.proto == kTcp) return 6 + a.up.count.mean() + 1.5 * a.down.count.mean();
      return a.up.count.mean() * (1 + a.reply);
    case Pattern::train:
      return a.up.count.mean();
    default:
      return (1 + a.reply) /
             (1 - std::exp(-1 / a.burst));  // contacts: expectation of a rounded-up exponential
  }
}

}  // namespace bench::surrogate
