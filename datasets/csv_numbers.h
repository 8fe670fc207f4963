#pragma once
// Numbers, addresses and times in the fields of text files, without a detour over floating point.
// Every text given here must have 16 readable bytes on either side, as the fields of a LineReader have: bytes
// are taken 8 or 16 at a time.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "datasets/byte_match.h"

namespace bench {

inline constexpr size_t kMostDigits = 18;  ///< any number of so many digits fits into int64_t

inline constexpr auto kPowersOfTen = [] {
  std::array<int64_t, kMostDigits + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// The last `count` (1..8) bytes in front of `end` as a number; false if one is no digit. Each digit stands
/// in one byte of a word, the first one lowest; neighbours are joined in three steps: 2, 4 and 8 digits.
inline bool eight_digits(const char* end, size_t count, uint64_t& value) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, end - 8, 8);
  word = (word ^ 0x3030303030303030) & (~uint64_t{0} << (8 * (8 - count)));
  if ((((word + 0x7676767676767676) | word) & 0x8080808080808080) != 0) return false;  // 0x76 + 10 is 0x80
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffff;
  value = (word * 10000 + (word >> 32)) & 0xffffffff;
  return true;
}

/// 1 to 18 digits and nothing else.
inline bool parse_digits(std::string_view text, int64_t& value) {
  const size_t count = text.size();
  const char* end = text.data() + count;
  uint64_t low = 0;
  uint64_t middle = 0;
  uint64_t high = 0;
  if (count - 1 < 8) {
    if (!eight_digits(end, count, low)) return false;
    value = static_cast<int64_t>(low);
    return true;
  }
  if (count - 1 >= kMostDigits) return false;
  if (!eight_digits(end, 8, low) || !eight_digits(end - 8, std::min<size_t>(count - 8, 8), middle))
    return false;
  if (count > 16 && !eight_digits(end - 16, count - 16, high)) return false;
  value = static_cast<int64_t>((high * 100'000'000 + middle) * 100'000'000 + low);
  return true;
}

/// Place of the first '.', the text's size if there is none.
inline size_t first_dot(std::string_view text) {
  if (text.size() > 16) return std::min(text.find('.'), text.size());
  const uint32_t dots = match_16(text.data(), '.') | 1U << text.size();
  return static_cast<size_t>(std::countr_zero(dots));
}

/// parse_integer and parse_fixed for every form that a number can have; slower.
bool parse_any_integer(std::string_view text, int64_t& value);
bool parse_any_fixed(std::string_view text, int digits, int64_t& value);

/// A decimal integer 0..INT64_MAX; a fraction of zeros ("62.0") and an exponent ("1e+06") are allowed. False
/// if the text is anything else.
inline bool parse_integer(std::string_view text, int64_t& value) {
  return parse_digits(text, value) || parse_any_integer(text, value);
}

/// text * 10^digits as an integer, exact up to `digits` decimals (0..18) and rounded half away from zero
/// beyond them:
/// ("0.47200000000000003", 9) is 472000000. Takes a sign and an exponent. False if the text is not a decimal
/// number or the result does not fit.
inline bool parse_fixed(std::string_view text, int digits, int64_t& value) {
  const auto kept = static_cast<size_t>(digits);
  const size_t dot = first_dot(text);
  int64_t fraction = 0;
  if (!parse_digits(text.substr(0, dot), value)) return parse_any_fixed(text, digits, value);
  if (dot + 1 < text.size()) {
    const std::string_view decimals = text.substr(dot + 1);
    if (decimals.size() > kept || !parse_digits(decimals, fraction))
      return parse_any_fixed(text, digits, value);
    fraction *= kPowersOfTen[kept - decimals.size()];
  }
  return !__builtin_mul_overflow(value, kPowersOfTen[kept], &value) &&
         !__builtin_add_overflow(value, fraction, &value);
}

/// "10.0.0.1", each part 0..255 with at most three digits. False for anything else.
bool parse_dotted(std::string_view text, uint32_t& address);

/// Parses "2016-04-11 09:00:00", with 'T' for the space and a fraction of a second if need be, as UTC.
class UtcParser {
 public:
  /// Nanoseconds since 1970-01-01; false if the text is not a date and a time of day.
  bool operator()(std::string_view text, int64_t& nanoseconds);

 private:
  char day_text_[10] = {};  // of the last date seen; consecutive records mostly share theirs
  int64_t day_start_ = 0;
};

}  // namespace bench
