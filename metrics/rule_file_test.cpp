#include "metrics/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "datasets/catalog.h"
#include "metrics/test_traces.h"

namespace bench {
namespace {

using testing::HasSubstr;

// Error message of a file with this second line.
std::string message_of(const std::string& line) {
  try {
    parse_rules("# first\n" + line + "\n", "my.rules");
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::config);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  ADD_FAILURE() << "no error for " << line;
  return {};
}

Trace one_flow(uint32_t srcip, uint32_t dstip, uint16_t srcport, uint16_t dstport, uint8_t proto) {
  Trace trace;
  trace.kind = TraceKind::flows;
  trace.srcip = {srcip};
  trace.dstip = {dstip};
  trace.srcport = {srcport};
  trace.dstport = {dstport};
  trace.proto = {proto};
  trace.packets = {3};
  trace.bytes = {500};
  trace.duration = {1'500'000'000};
  return trace;
}

// How the only rule of a text judges one record: n/a, kept or broken.
std::string verdict(const std::string& rule, const Trace& trace) {
  const auto rules = parse_rules("R: " + rule, "text");
  EXPECT_EQ(rules.size(), 1u);
  std::vector<uint8_t> violating(1);
  const RuleCount count = rules[0].count({trace, {}, violating});
  EXPECT_EQ(violating[0], count.applies - count.keeps);
  return count.applies == 0 ? "n/a" : count.keeps == 1 ? "kept" : "broken";
}

TEST(RuleFile, RulesInTheirOrder) {
  const auto rules = parse_rules(
      "\n# comment\r\nV8: if ip = 0.0.0.0/0 then ip = 42.219.0.0/16\r\n"
      "  a-1:\tif proto = tcp and dstport = 80,443  then packets >= 2 # trailing\n",
      "text");
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].id, "V8");
  EXPECT_EQ(rules[0].text, "if ip = 0.0.0.0/0 then ip = 42.219.0.0/16");
  EXPECT_EQ(rules[0].kinds.size(), 2u);
  EXPECT_EQ(rules[1].id, "a-1");
  EXPECT_EQ(rules[1].kinds, std::vector<TraceKind>{TraceKind::flows});
  EXPECT_EQ(rules[1].columns, std::vector<std::string>{"packets"});
}

TEST(RuleFile, Comparisons) {
  const Trace flow = one_flow(0x0A000001, 0x2ADB0102, 40000, 53, 17);  // 10.0.0.1 -> 42.219.1.2
  const auto holds = [&](const std::string& term) { return verdict("if proto = 0..255 then " + term, flow); };
  for (const char* term : {"packets = 3",
                           "packets != 4",
                           "packets < 4",
                           "packets <= 3",
                           "packets > 2",
                           "packets >= 3",
                           "bytes = 500..600",
                           "bytes = 1,500",
                           "duration = 1.5",
                           "duration > 1.499999999",
                           "duration < 2",
                           "proto = udp",
                           "proto = UDP,tcp",
                           "proto = 17",
                           "srcip = 10.0.0.1",
                           "srcip < 10.0.0.2",
                           "dstip = 42.219.0.0/16",
                           "dstip != 42.220.0.0/16",
                           "dstip = 42.219.1.0..42.219.1.9",
                           "ip = 10.0.0.1",
                           "ip = 42.219.1.2",
                           "ip = 10.0.0.99/24",
                           "port = 53",
                           "port = 40000",
                           "port != 80",
                           "port > 39999",
                           "dstport = 0..1023"}) {
    EXPECT_EQ(holds(term), "kept") << term;
  }
  for (const char* term :
       {"packets = 4", "packets != 3", "packets < 3", "packets <= 2", "packets > 3", "packets >= 4",
        "bytes = 501..600", "duration = 1", "duration <= .5", "proto = tcp,icmp", "srcip = 42.219.1.2",
        "dstip = 42.218.0.0/16", "dstip != 42.219.0.0/16", "ip = 10.0.0.2", "ip != 10.0.0.1", "port != 53",
        "port > 40000", "srcport = 0..1023", "bytes > 9223372036854775807"}) {
    EXPECT_EQ(holds(term), "broken") << term;
  }
}

TEST(RuleFile, PremiseIsAllOfItsTerms) {
  const Trace flow = one_flow(1, 2, 40000, 53, 17);
  EXPECT_EQ(verdict("if port = 53 and proto = udp then packets = 3 and bytes = 500", flow), "kept");
  EXPECT_EQ(verdict("if port = 53 and proto = udp then packets = 3 and bytes = 501", flow), "broken");
  EXPECT_EQ(verdict("if port = 53 and proto = tcp then packets = 4", flow), "n/a");
}

TEST(RuleFile, MistakesAreNamed) {
  EXPECT_EQ(message_of("R: if prot = tcp then packets > 1").substr(0, 46),
            "my.rules:2: \"prot\" is not a field (did you mea");
  EXPECT_EQ(message_of("R: if proto == tcp then packets > 1"),
            "my.rules:2: \"==\" is not a comparison; known: = != < <= > >=");
  EXPECT_EQ(message_of("R: if proto = tpc then packets > 1"),
            "my.rules:2: proto: \"tpc\" is not a value; a protocol name or number, or a range 1..17 would be "
            "right");
  EXPECT_EQ(message_of("R: if port = 65536 then packets > 1"),
            "my.rules:2: port: \"65536\" is not a value; an integer from 0 on, or a range 0..1023 up to "
            "65535 would "
            "be right");
  EXPECT_EQ(message_of("R: if port < 1,2 then packets > 1"),
            "my.rules:2: port < \"1,2\": a list, range or prefix goes with = and != only");
  for (const char* value :
       {"10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "10.0.0.1.1", "a", "10.0.0.9..10.0.0.1"})
    EXPECT_THAT(message_of(std::string("R: if ip = ") + value + " then port = 1"), HasSubstr(value));
  for (const char* value : {"1.", "-1", "1e3", "0.1234567891", "."})
    EXPECT_THAT(message_of(std::string("R: if duration > ") + value + " then port = 1"), HasSubstr(value));
  EXPECT_THAT(message_of("R: if port = 1, then proto = tcp"), HasSubstr("\"\" is not a value"));
  EXPECT_THAT(message_of("R if port = 1 then proto = tcp"),
              HasSubstr("my.rules:2: \"R\" stands where an ID"));
  EXPECT_THAT(message_of("R: port = 1"),
              HasSubstr("\"port\" stands where if would be right; a rule is ID: if"));
  EXPECT_THAT(message_of("R:"), HasSubstr("\"the end of the line\" stands where if"));
  EXPECT_THAT(message_of("R: if port = 1"), HasSubstr("stands where and or then would be right"));
  EXPECT_THAT(message_of("R: if port = 1 then proto = tcp then port = 2"),
              HasSubstr("\"then\" stands where and"));
  EXPECT_THAT(message_of("R: if port = 1 then proto ="), HasSubstr("stands where FIELD OP VALUE"));
  EXPECT_THAT(message_of("R: if ttl = 1 then packets = 2"), HasSubstr("one kind would be right"));
  EXPECT_THAT(message_of("V4: if port = 1 then port = 1"), HasSubstr("there is a rule V4 already"));
  EXPECT_THAT(message_of("any: if port = 1 then port = 1"), HasSubstr("there is a rule any already"));
  EXPECT_THAT(message_of("R: if port = 1 then port = 1\nR: if port = 2 then port = 2"),
              HasSubstr("my.rules:3:"));
  EXPECT_THAT(message_of("# nothing"), HasSubstr("my.rules: holds no rule"));
}

TEST(RuleFile, AMissingFileIsNamed) {
  try {
    read_rules("/nonexistent/a.rules");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, Kind::io);
    EXPECT_THAT(e.what(), HasSubstr("/nonexistent/a.rules"));
  }
}

TEST(RuleFile, DatasetsThatKnowTheirNetworkHaveRuleV8) {
  size_t with_rules = 0;
  for (const DatasetEntry& entry : all_datasets()) {
    if (entry.rules.empty()) continue;
    ++with_rules;
    const auto rules = parse_rules(entry.rules, entry.name);
    ASSERT_EQ(rules.size(), 1u) << entry.name;
    EXPECT_EQ(rules[0].id, "V8");
  }
  EXPECT_EQ(with_rules, 4u) << "UGR16, CIDDS and their surrogates";
}

}  // namespace
}  // namespace bench
