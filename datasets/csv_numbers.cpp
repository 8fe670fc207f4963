#include "datasets/csv_numbers.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "datasets/byte_match.h"

namespace bench {
namespace {

constexpr int64_t kNanoseconds = 1'000'000'000;

// The part 1..3 digits before `end`; 256 or more if it is not a number.
inline uint32_t octet(const char* end, size_t count) {
  uint32_t word = 0;
  std::memcpy(&word, end - 4, 4);
  word = (word ^ 0x30303030U) & (~uint32_t{0} << (8 * (4 - count)));
  if ((((word + 0x76767676U) | word) & 0x80808080U) != 0) return 256;
  return ((word >> 8) & 255) * 100 + ((word >> 16) & 255) * 10 + (word >> 24);
}

inline bool two_digits(const char* text, int& value) {
  const auto high = static_cast<unsigned>(text[0] - '0');
  const auto low = static_cast<unsigned>(text[1] - '0');
  value = static_cast<int>(high * 10 + low);
  return high <= 9 && low <= 9;
}

bool parse_day(std::string_view text, int64_t& start) {
  int century = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  if (!two_digits(text.data(), century) || !two_digits(text.data() + 2, year) || text[4] != '-' ||
      !two_digits(text.data() + 5, month) || text[7] != '-' || !two_digits(text.data() + 8, day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(century * 100 + year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  if (days < 0 || days > 100'000) return false;  // 1970 to 2243; int64 nanoseconds end in 2262
  start = days * 86'400 * kNanoseconds;
  return true;
}

}  // namespace

bool parse_any_fixed(std::string_view text, int scale, int64_t& value) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int64_t exponent = scale;
  const size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    std::string_view power = text.substr(mark + 1);
    const bool down = power.starts_with('-');
    if (down || power.starts_with('+')) power.remove_prefix(1);
    int64_t steps = 0;
    if (power.size() > 4 || !parse_digits(power, steps)) return false;
    exponent += down ? -steps : steps;
    text = text.substr(0, mark);
  }
  const size_t dot = std::min(text.find('.'), text.size());
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto whole = text.substr(0, dot);
  const auto fraction = text.substr(std::min(dot + 1, text.size()));
  if (whole.empty() && fraction.empty()) return false;
  if (!std::all_of(whole.begin(), whole.end(), is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), is_digit))
    return false;
  const auto count = static_cast<int64_t>(whole.size() + fraction.size());
  const auto digit = [&](int64_t i) -> int64_t {
    if (i >= count) return 0;
    const auto k = static_cast<size_t>(i);
    return (k < whole.size() ? whole[k] : fraction[k - whole.size()]) - '0';
  };
  const int64_t kept = static_cast<int64_t>(whole.size()) + exponent;  // digits in front of the shifted point
  int64_t sum = 0;
  for (int64_t i = 0; i < kept; ++i) {
    if (i >= count && sum == 0) break;
    if (__builtin_mul_overflow(sum, int64_t{10}, &sum) || __builtin_add_overflow(sum, digit(i), &sum))
      return false;
  }
  if (kept >= 0 && digit(kept) >= 5 && __builtin_add_overflow(sum, int64_t{1}, &sum)) return false;
  value = negative ? -sum : sum;
  return true;
}

bool parse_any_integer(std::string_view text, int64_t& value) {
  const size_t dot = std::min(text.find('.'), text.size());
  const bool whole = text.find_first_of("-+eE") == std::string_view::npos &&
                     text.find_first_not_of('0', std::min(dot + 1, text.size())) == std::string_view::npos;
  if (whole) return dot > 0 && parse_any_fixed(text.substr(0, dot), 0, value);
  int64_t thousandths = 0;
  if (text.find_first_of("eE") == std::string_view::npos || !parse_any_fixed(text, 3, thousandths))
    return false;
  value = thousandths / 1000;
  return thousandths >= 0 && thousandths % 1000 == 0;
}

bool parse_dotted(std::string_view text, uint32_t& address) {
  const size_t size = text.size();
  if (size < 7 || size > 15) return false;
  const char* begin = text.data();
  const uint32_t all = match_16(begin, '.') & ((1U << size) - 1);
  const uint32_t two = all & (all - 1);
  const uint32_t last = two & (two - 1);
  if (last == 0 || (last & (last - 1)) != 0) return false;
  const auto a = static_cast<size_t>(std::countr_zero(all)), b = static_cast<size_t>(std::countr_zero(two)),
             c = static_cast<size_t>(std::countr_zero(last));
  // One to three digits each: a count of 0 wraps around.
  if (a - 1 > 2 || b - a - 2 > 2 || c - b - 2 > 2 || size - c - 2 > 2) return false;
  const uint32_t parts[4] = {octet(begin + a, a), octet(begin + b, b - a - 1), octet(begin + c, c - b - 1),
                             octet(begin + size, size - c - 1)};
  if ((parts[0] | parts[1] | parts[2] | parts[3]) > 255) return false;
  address = (parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
  return true;
}

bool UtcParser::operator()(std::string_view text, int64_t& nanoseconds) {
  if (text.size() < 19 || (text[10] != ' ' && text[10] != 'T')) return false;
  if (std::memcmp(text.data(), day_text_, sizeof day_text_) != 0) {
    if (!parse_day(text, day_start_)) return false;
    std::memcpy(day_text_, text.data(), sizeof day_text_);
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  const char* clock = text.data() + 11;
  if (!two_digits(clock, hour) || clock[2] != ':' || !two_digits(clock + 3, minute) || clock[5] != ':' ||
      !two_digits(clock + 6, second) || hour > 23 || minute > 59 || second > 59) {
    return false;
  }
  int64_t fraction = 0;
  if (text.size() > 19) {
    if (text[19] != '.' || !parse_any_fixed(text.substr(19), 9, fraction) || fraction >= kNanoseconds)
      return false;
  }
  nanoseconds = day_start_ + (hour * 3600 + minute * 60 + second) * kNanoseconds + fraction;
  return true;
}

}  // namespace bench
