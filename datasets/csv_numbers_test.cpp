#include "datasets/csv_numbers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <list>
#include <optional>
#include <random>

#include "datasets/line_reader.h"
#include "datasets/trace.h"

namespace bench {
namespace {

// A field as a LineReader gives it: something readable stands on both sides, digits at worst.
std::string_view padded(std::string_view text) {
  static std::list<std::string> kept;
  kept.push_back(std::string(kLinePadding, '7') + std::string(text) + std::string(kLinePadding, '7'));
  return std::string_view(kept.back()).substr(kLinePadding, text.size());
}

std::optional<int64_t> integer(std::string_view text) {
  int64_t value = 0;
  return parse_integer(padded(text), value) ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> fixed(std::string_view text, int digits) {
  int64_t value = 0;
  return parse_fixed(padded(text), digits, value) ? std::optional(value) : std::nullopt;
}

std::optional<uint32_t> dotted(std::string_view text) {
  uint32_t value = 0;
  return parse_dotted(padded(text), value) ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> utc(std::string_view text) {
  int64_t value = 0;
  return UtcParser()(padded(text), value) ? std::optional(value) : std::nullopt;
}

TEST(ParseInteger, TakesEveryNumberOfDigits) {
  std::mt19937_64 rng(1);
  for (int digits = 1; digits <= 19; ++digits) {
    for (int i = 0; i < 200; ++i) {
      std::string text(1, static_cast<char>('1' + rng() % 8));
      while (text.size() < static_cast<size_t>(digits)) text += static_cast<char>('0' + rng() % 10);
      EXPECT_EQ(integer(text), std::stoll(text));
    }
  }
  EXPECT_EQ(integer("0"), 0);
  EXPECT_EQ(integer("00042"), 42);
  EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer("9223372036854775808"), std::nullopt);
}

TEST(ParseInteger, TakesFloatTextOfWholeNumbers) {
  EXPECT_EQ(integer("62.0"), 62);
  EXPECT_EQ(integer("62."), 62);
  EXPECT_EQ(integer("1e+06"), 1'000'000);
  EXPECT_EQ(integer("1.25E3"), 1250);
  for (const char* wrong : {"62.5", "1.25e1", "-1", "-1.0", "+", "e5", ".0", "1e", "1e99", "1e-1"}) {
    EXPECT_EQ(integer(wrong), std::nullopt) << wrong;
  }
}

TEST(ParseInteger, RefusesAnyCharacterThatIsNoDigitAtAnyPlace) {
  for (const std::string good :
       {"7", "123", "12345678", "123456789", "1234567890123456", "123456789012345678"}) {
    for (size_t at = 0; at < good.size(); ++at) {
      for (int c = 1; c < 256; ++c) {
        const auto byte = static_cast<char>(c);
        if ((byte >= '0' && byte <= '9') || byte == '.' || byte == 'e' || byte == 'E') continue;
        std::string text = good;
        text[at] = byte;
        EXPECT_EQ(integer(text), std::nullopt) << text;
      }
    }
  }
  EXPECT_EQ(integer(""), std::nullopt);
}

TEST(ParseFixed, IsExact) {
  EXPECT_EQ(fixed("1458298072364000.0", 3), 1458298072364000000);
  EXPECT_EQ(fixed("1458298072364000", 3), 1458298072364000000);
  EXPECT_EQ(fixed("1545403816.962094", 9), 1545403816962094000);
  EXPECT_EQ(fixed("1331901000.260000", 9), 1331901000260000000);
  EXPECT_EQ(fixed("0.000000001", 9), 1);
  EXPECT_EQ(fixed(".5", 1), 5);
  EXPECT_EQ(fixed("5.", 1), 50);
  EXPECT_EQ(fixed("9223372036854775.807", 3), INT64_MAX);
}

TEST(ParseFixed, RoundsTheDustOfBinaryFractionsAway) {
  EXPECT_EQ(fixed("0.47200000000000003", 9), 472000000);
  EXPECT_EQ(fixed("305.63599999999997", 9), 305636000000);
  EXPECT_EQ(fixed("0.9999999999", 9), 1000000000);
  EXPECT_EQ(fixed("0.25", 1), 3);
  EXPECT_EQ(fixed("-0.25", 1), -3);
  EXPECT_EQ(fixed("0.24999999999999999999999999", 1), 2);
}

TEST(ParseFixed, TakesExponents) {
  EXPECT_EQ(fixed("1.458298072364e+15", 3), 1458298072364000000);
  EXPECT_EQ(fixed("4e-06", 9), 4000);
  EXPECT_EQ(fixed("1e-300", 9), 0);
  EXPECT_EQ(fixed("0e300", 9), 0);
}

TEST(ParseFixed, RefusesWhatIsNoNumberOrDoesNotFit) {
  for (const char* wrong : {"", ".", "-", "1.2.3", "1e", "1e+", "1e12345", "nan", "inf", "0x10", "1,5", " 1",
                            "1 ", "9223372036854775.808", "1e10"}) {
    EXPECT_EQ(fixed(wrong, 9), std::nullopt) << wrong;
  }
  EXPECT_EQ(fixed("9223372036854775.808", 3), std::nullopt);
}

TEST(ParseDotted, RoundTripsRandomAddresses) {
  std::mt19937 rng(3);
  for (int i = 0; i < 20000; ++i) {
    const auto address = static_cast<uint32_t>(rng());
    EXPECT_EQ(dotted(format_ip(address)), address);
    const uint32_t small = address & 0x09090909;  // one digit each
    EXPECT_EQ(dotted(format_ip(small)), small);
  }
}

TEST(ParseDotted, RefusesWhatIsNoAddress) {
  for (const char* wrong :
       {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.1.1.999", "1.1.1.", ".1.1.1", "1..1.1", "1.1.1.1 ",
        "1.1.1.a", "1.1.1.0001", "a.b.c.d", "1,1,1,1", "::1", "1.1.1.-1", "12345678"}) {
    EXPECT_EQ(dotted(wrong), std::nullopt) << wrong;
  }
}

TEST(UtcParser, KnowsTheCalendar) {
  EXPECT_EQ(utc("1970-01-01 00:00:00"), 0);
  EXPECT_EQ(utc("2016-04-11 00:01:34"), 1460332894000000000);
  EXPECT_EQ(utc("2016-02-29T23:59:59"), 1456790399000000000);
  EXPECT_EQ(utc("2017-03-23 16:38:23.258"), 1490287103258000000);
  EXPECT_EQ(utc("2009-12-18 00:32:26.775991"), 1261096346775991000);
}

TEST(UtcParser, RemembersTheDayOnly) {
  UtcParser parse;
  int64_t first = 0, second = 0, third = 0;
  ASSERT_TRUE(parse(padded("2016-04-11 00:00:01"), first));
  ASSERT_TRUE(parse(padded("2016-04-11 01:00:00"), second));
  ASSERT_TRUE(parse(padded("2016-04-12 00:00:00"), third));
  EXPECT_EQ(second - first, 3599'000'000'000);
  EXPECT_EQ(third - first, 86399'000'000'000);
}

TEST(UtcParser, RefusesOtherTexts) {
  for (const char* wrong :
       {"", "2016-04-11", "2016-02-30 00:00:00", "2015-02-29 00:00:00", "2016-13-01 00:00:00",
        "2016-00-01 00:00:00", "1969-12-31 23:59:59", "2016-04-11 24:00:00", "2016-04-11 00:60:00",
        "2016-04-11 00:00:60", "2016-04-11 00:00:00,5", "2016-04-11 00:00:00.1e5", "2016-04-11 00:00:00.-1",
        "2016/04/11 00:00:00", "2016-04-11 00:00:0a", "2300-01-01 00:00:00"}) {
    EXPECT_EQ(utc(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace bench
