#include "metrics/validity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "metrics/rule_file.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

constexpr uint32_t kHost = 0x0A000001;
constexpr uint32_t kServer = 0x08080808;

// A TCP record that keeps every rule.
Trace good_record(TraceKind kind) {
  Trace t;
  t.kind = kind;
  t.srcip = {kHost};
  t.dstip = {kServer};
  t.srcport = {40000};
  t.dstport = {80};
  t.proto = {6};
  t.time = {50};
  t.tcp_flags = {16};
  if (kind == TraceKind::flows) {
    t.duration = {0};
    t.packets = {1};
    t.bytes = {40};
  } else {
    t.length = {40};
    t.tos = {0};
    t.id = {0};
    t.ip_flags = {2};
    t.fragment_offset = {0};
    t.ttl = {64};
  }
  return t;
}

struct Example {
  std::string id;
  std::function<void(Trace&)> pass, fail;  ///< both make the premise hold
  TraceKind kind = TraceKind::packets;
};

void set_udp(Trace& t, uint16_t port) {
  t.proto = {17};
  t.dstport = {port};
  t.tcp_flags = {0};
}

const std::vector<Example>& examples() {
  constexpr TraceKind kFlows = TraceKind::flows;
  const auto as_is = [](Trace&) {};
  static const std::vector<Example> list{
      {"V1", as_is, [](Trace& t) { t.srcip = {0xE0000001}; }},
      {"V1", [](Trace& t) { t.srcip = {0xDFFFFFFF}; }, [](Trace& t) { t.dstip = {0}; }},
      {"V2", [](Trace& t) { t.dstip = {0xFFFFFFFF}; }, [](Trace& t) { t.srcip = {0xFFFFFFFF}; }},
      {"V2", [](Trace& t) { t.dstip = {0xEFFFFFFF}; }, [](Trace& t) { t.srcip = {0xE0000000}; }},
      {"V3", as_is, [](Trace& t) { t.proto = {17}; }},
      {"V3", [](Trace& t) { t.srcport = {8080}; }, [](Trace& t) { set_udp(t, 443); }},
      {"V4", [](Trace& t) { set_udp(t, 53); }, [](Trace& t) { t.dstport = {53}; }},
      {"V4", [](Trace& t) { set_udp(t, 9), t.srcport = {53}; }, [](Trace& t) { t.srcport = {53}; }},
      {"V5", [](Trace& t) { set_udp(t, 137), t.dstip = {0x0A0000FF}; }, [](Trace& t) { set_udp(t, 138); },
       kFlows},
      {"V5", [](Trace& t) { set_udp(t, 138), t.srcip = {0xC0A80001}, t.dstip = {0xC0A800FF}; },
       [](Trace& t) { set_udp(t, 138), t.srcip = {kServer}, t.dstip = {0xC0A800FF}; }, kFlows},
      {"V6", as_is, [](Trace& t) { t.bytes = {39}; }, kFlows},
      {"V6", [](Trace& t) { t.packets = {2}, t.bytes = {131070}; },
       [](Trace& t) { t.packets = {2}, t.bytes = {131071}; }, kFlows},
      {"V6", [](Trace& t) { t.proto = {17}, t.bytes = {28}; }, [](Trace& t) { t.packets = {INT64_MAX}; },
       kFlows},
      {"V7", [](Trace& t) { t.duration = {1'000'000}; }, [](Trace& t) { t.duration = {1'000'001}; }, kFlows},
      {"V9", as_is, [](Trace& t) { t.tcp_flags = {0}; }},
      {"V9", [](Trace& t) { set_udp(t, 9); }, [](Trace& t) { t.proto = {1}; }, kFlows},
      {"V10", as_is, [](Trace& t) { t.length = {39}; }},
      {"V10", [](Trace& t) { set_udp(t, 9), t.length = {28}; },
       [](Trace& t) { set_udp(t, 9), t.length = {27}; }},
      {"V10-mtu", [](Trace& t) { t.length = {1500}; }, [](Trace& t) { t.length = {1501}; }},
      {"V11-ttl", [](Trace& t) { t.ttl = {1}; }, [](Trace& t) { t.ttl = {0}; }},
      {"V11-reserved", as_is, [](Trace& t) { t.ip_flags = {6}; }},
      {"V11-fragment", as_is, [](Trace& t) { t.fragment_offset = {1}; }},
      {"V12", [](Trace& t) { t.proto = {1}, t.srcport = {0}, t.dstport = {0}; },
       [](Trace& t) { t.proto = {1}, t.srcport = {0}, t.dstport = {771}; }},
      {"V13-window", [](Trace& t) { t.time = {100}; }, [](Trace& t) { t.time = {101}; }},
  };
  return list;
}

constexpr TimeWindow kWindow{0, 100};

RuleCount count(const std::string& id, const Trace& trace, std::vector<uint8_t>* marks = nullptr) {
  std::vector<uint8_t> violating(trace.size());
  const auto& rules = built_in_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == id; });
  EXPECT_NE(rule, rules.end()) << id;
  const RuleCount out = rule->count({trace, kWindow, violating});
  if (marks != nullptr) *marks = violating;
  return out;
}

TEST(Rules, EachHasARecordThatKeepsItAndOneThatBreaksIt) {
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.id);
    Trace pass = good_record(example.kind);
    Trace broken = pass;
    example.pass(pass);
    example.fail(broken);
    EXPECT_EQ(count(example.id, pass).applies, 1);
    EXPECT_EQ(count(example.id, pass).keeps, 1);
    EXPECT_EQ(count(example.id, broken).applies, 1);
    EXPECT_EQ(count(example.id, broken).keeps, 0);
  }
}

TEST(Rules, EveryHeaderRuleHasAnExampleAndMarks) {
  for (const Rule& rule : built_in_rules()) {
    if (!rule.header) continue;
    SCOPED_TRACE(rule.id);
    const auto example =
        std::find_if(examples().begin(), examples().end(), [&](const Example& e) { return e.id == rule.id; });
    ASSERT_NE(example, examples().end());
    Trace broken = good_record(example->kind);
    example->fail(broken);
    std::vector<uint8_t> marks;
    count(rule.id, broken, &marks);
    EXPECT_EQ(marks, std::vector<uint8_t>{1});
  }
}

TEST(Rules, PremisesThatDoNotHold) {
  const Trace packet = good_record(TraceKind::packets);
  for (const char* id : {"V2", "V4", "V12", "V13-order"}) EXPECT_EQ(count(id, packet).applies, 0) << id;
  Trace fragment = packet;
  fragment.ip_flags = {0};
  fragment.fragment_offset = {10};
  fragment.length = {21};
  EXPECT_EQ(count("V10", fragment).applies, 0);
  EXPECT_EQ(count("V11-fragment", fragment).applies, 0);
  Trace flow = good_record(TraceKind::flows);
  flow.packets = {2};
  EXPECT_EQ(count("V7", flow).applies, 0);
}

// Packets of one client and one server; `from_client` and flags.
Trace session(const std::vector<std::pair<bool, uint8_t>>& packets) {
  Trace t;
  for (const auto& [from_client, flags] : packets) {
    t.srcip.push_back(from_client ? kHost : kServer);
    t.dstip.push_back(from_client ? kServer : kHost);
    t.srcport.push_back(from_client ? 40000 : 80);
    t.dstport.push_back(from_client ? 80 : 40000);
    t.proto.push_back(6);
    t.time.push_back(static_cast<int64_t>(t.time.size()));
    t.length.push_back(40);
    t.tcp_flags.push_back(flags);
  }
  return t;
}

TEST(Rules, HandshakeAndTeardownOfSessions) {
  constexpr uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;
  const Trace whole = session({{true, kSyn}, {false, kSyn | kAck}, {true, kAck}, {false, kFin | kAck}});
  EXPECT_EQ(count("V14-handshake", whole).applies, 1);
  EXPECT_EQ(count("V14-handshake", whole).keeps, 1);
  EXPECT_EQ(count("V14-teardown", whole).keeps, 1);
  const Trace reset = session({{false, kSyn}, {true, kSyn | kAck}, {false, kAck}, {false, kRst}});
  EXPECT_EQ(count("V14-handshake", reset).keeps, 1);
  EXPECT_EQ(count("V14-teardown", reset).keeps, 1);
  const Trace one_sided = session({{true, kSyn}, {true, kSyn | kAck}, {true, kAck}});
  EXPECT_EQ(count("V14-handshake", one_sided).keeps, 0);
  EXPECT_EQ(count("V14-teardown", one_sided).keeps, 0);
  const Trace no_ack = session({{true, kSyn}, {false, kSyn | kAck}});
  EXPECT_EQ(count("V14-handshake", no_ack).keeps, 0);
  Trace udp = whole;
  udp.proto.assign(udp.size(), 17);
  EXPECT_EQ(count("V14-handshake", udp).applies, 0);
}

TEST(Rules, OrderInsideFiveTuples) {
  Trace t = session({{true, 2}, {false, 18}, {true, 16}, {true, 16}});
  t.time = {5, 1, 7, 7};
  EXPECT_EQ(count("V13-order", t).applies, 2);
  EXPECT_EQ(count("V13-order", t).keeps, 2);
  t.time = {5, 1, 7, 6};
  EXPECT_EQ(count("V13-order", t).keeps, 1);
}

const Score& score_of(const std::vector<Score>& scores, std::string_view metric, std::string_view mode,
                      std::string_view field) {
  const Score* score = find_score(scores, metric, mode, field);
  EXPECT_NE(score, nullptr) << metric << " " << field;
  static const Score none;
  return score == nullptr ? none : *score;
}

// Four records on port 53, one of them TCP, against two of which both are TCP.
TEST(Validity, CountedByHand) {
  Trace real = random_flows(4, 1);
  real.dstport = {53, 53, 53, 53};
  real.srcport = {1000, 1000, 1000, 1000};
  real.proto = {17, 17, 6, 17};
  real.packets = {1, 1, 1, 2};
  real.bytes = {28, 28, 40, 1};  // the last one is too small
  real.duration = {0, 0, 0, 0};
  Trace synthetic = slice(real, 2, 4);
  synthetic.proto = {6, 6};
  const auto scores = validity_scores({real, synthetic, {}}, {});
  const Score& gap = score_of(scores, "rule_gap", "strict", "V4");
  EXPECT_DOUBLE_EQ(gap.value, 0.75);
  EXPECT_EQ(gap.n_real, 4);
  EXPECT_EQ(gap.n_synthetic, 2);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_pass", "real", "V4").value, 0.75);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_pass", "synthetic", "V4").value, 0);
  EXPECT_EQ(score_of(scores, "rule_pass", "synthetic", "V4").direction, Direction::higher);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_gap", "strict", "V6").value, 0.25);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_pass", "real", "any").value, 0.5);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_pass", "synthetic", "any").value, 0);
  EXPECT_EQ(score_of(scores, "rule_gap", "strict", "V3").outcome, Outcome::not_applicable);
  EXPECT_EQ(score_of(scores, "rule_gap", "strict", "V3").reason,
            "no real record meets the premise: if port = 80,443,8080 then proto = tcp");
  EXPECT_EQ(score_of(scores, "rule_gap", "strict", "V9").reason, "the real trace has no tcp_flags column");
  EXPECT_EQ(find_score(scores, "rule_gap", "strict", "V10"), nullptr);
}

TEST(Validity, RulesOfAUserCount) {
  const Trace real = random_flows(1000, 1);  // sources from 10.0.0.0 on
  Trace synthetic = real;
  for (size_t i = 0; i < 100; ++i) synthetic.srcip[i] = 0x01000000;
  const auto rules = parse_rules("inside: if proto = 0..255 then srcip = 10.0.0.0/8", "text");
  const auto scores = validity_scores({real, synthetic, {}}, rules);
  EXPECT_DOUBLE_EQ(score_of(scores, "rule_gap", "strict", "inside").value, 0.1);
  EXPECT_EQ(score_of(scores, "rule_pass", "real", "inside").value, 1);
  const double without =
      score_of(validity_scores({real, synthetic, {}}, {}), "rule_pass", "synthetic", "any").value;
  EXPECT_LT(score_of(scores, "rule_pass", "synthetic", "any").value, without);
  const auto of_packets = parse_rules("R: if ttl = 64 then tos = 0", "text");
  EXPECT_EQ(score_of(validity_scores({real, synthetic, {}}, of_packets), "rule_gap", "strict", "R").reason,
            "the rule is not about flows");
}

TEST(Validity, ShuffledTimesMoveNoHeaderRule) {
  for (const TraceKind kind : {TraceKind::flows, TraceKind::packets}) {
    const Trace real = random_trace(kind, 500, 3);
    Trace synthetic = random_trace(kind, 400, 4);
    const auto before = validity_scores({real, synthetic, kWindow}, {});
    Rng rng(5);
    std::shuffle(synthetic.time.begin(), synthetic.time.end(), rng);
    const auto after = validity_scores({real, synthetic, kWindow}, {});
    for (size_t i = 0; i < before.size(); ++i) {
      if (before[i].field.starts_with("V13")) continue;
      EXPECT_EQ(before[i].value, after[i].value) << before[i].field;
    }
  }
}

TEST(Validity, WithoutAWindowNobodyIsOutside) {
  const Trace real = random_packets(100, 1);
  const auto scores = validity_scores({real, real, {}}, {});
  EXPECT_EQ(score_of(scores, "rule_gap", "strict", "V13-window").outcome, Outcome::not_applicable);
}

}  // namespace
}  // namespace bench
