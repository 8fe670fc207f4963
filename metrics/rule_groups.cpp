// Rules about the clock and about TCP sessions.

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "datasets/flows.h"
#include "metrics/rules.h"

namespace bench {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;

// What one side of a session sent.
struct Side {
  bool syn = false, syn_ack = false, ack = false, end = false;
};

struct Session {
  Side sides[2];

  bool handshake() const {
    return (sides[0].syn && sides[1].syn_ack && sides[0].ack) ||
           (sides[1].syn && sides[0].syn_ack && sides[1].ack);
  }
  bool teardown() const { return sides[0].end || sides[1].end; }
};

void add(uint8_t flags, Side& side) {
  const bool syn = (flags & kSyn) != 0;
  const bool ack = (flags & kAck) != 0;
  side.syn |= syn && !ack;
  side.syn_ack |= syn && ack;
  side.ack |= ack && !syn;
  side.end |= (flags & (kFin | kRst)) != 0;
}

RuleCount count_sessions(const RuleInput& in, bool (Session::*keeps)() const) {
  std::unordered_map<FiveTuple, Session, FiveTupleHash> sessions;
  for (size_t i = 0; i < in.trace.size(); ++i) {
    if (in.trace.proto[i] != kTcp) continue;
    FiveTuple key = five_tuple(in.trace, i);
    const bool turned = std::pair(key.srcip, key.srcport) > std::pair(key.dstip, key.dstport);
    if (turned) {
      std::swap(key.srcip, key.dstip);
      std::swap(key.srcport, key.dstport);
    }
    add(in.trace.tcp_flags[i], sessions[key].sides[turned ? 1 : 0]);
  }
  RuleCount out;
  for (const auto& [key, session] : sessions) {
    ++out.applies;
    out.keeps += (session.*keeps)() ? 1 : 0;
  }
  return out;
}

}  // namespace

RuleCount count_inside_window(const RuleInput& in) {
  if (in.window.begin >= in.window.end) return {};
  const auto inside = std::count_if(in.trace.time.begin(), in.trace.time.end(), [&](int64_t time) {
    return time >= in.window.begin && time <= in.window.end;
  });
  return {static_cast<int64_t>(in.trace.size()), inside};
}

RuleCount count_in_order(const RuleInput& in) {
  const FlowIndex flows = group_flows(in.trace);
  RuleCount out;
  std::vector<size_t> rows;
  for (size_t f = 0; f < flows.size(); ++f) {
    rows.assign(flows.flow(f).begin(), flows.flow(f).end());
    std::sort(rows.begin(), rows.end());
    for (size_t i = 1; i < rows.size(); ++i) {
      ++out.applies;
      out.keeps += in.trace.time[rows[i]] >= in.trace.time[rows[i - 1]] ? 1 : 0;
    }
  }
  return out;
}

RuleCount count_handshakes(const RuleInput& in) { return count_sessions(in, &Session::handshake); }
RuleCount count_teardowns(const RuleInput& in) { return count_sessions(in, &Session::teardown); }

}  // namespace bench
