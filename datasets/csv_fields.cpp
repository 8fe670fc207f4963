#include "datasets/csv_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cstring>

#include "core/error.h"
#include "datasets/byte_match.h"
#include "datasets/trace.h"

namespace bench {
namespace {

constexpr int64_t kLongestDuration = 1'000'000'000'000'000'000;  // ns
constexpr size_t kLongestExcerpt = 60;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string excerpt(std::string_view text) {
  std::string out(text.substr(0, kLongestExcerpt));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) c = '?';
  }
  return text.size() > kLongestExcerpt ? out + "..." : out;
}

}  // namespace

const char* Fields::split_line(const char* begin, const char* end, char delimiter) {
  size_ = 0;
  const char* stop = end;
  for (const char* p = begin; p < stop; p += 64) {
    uint64_t hits = match_64(p, delimiter);
    const uint64_t line_ends = match_64(p, '\n');
    if (line_ends != 0) stop = std::min(stop, p + std::countr_zero(line_ends));
    const auto left = static_cast<size_t>(stop - p);
    if (left < 64) hits &= (uint64_t{1} << left) - 1;
    for (; hits != 0; hits &= hits - 1) {
      const char* hit = p + std::countr_zero(hits);
      if (size_ == kMost - 1) return nullptr;
      list_[size_++] = {begin, static_cast<size_t>(hit - begin)};
      begin = hit + 1;
    }
  }
  const char* last = stop > begin && stop[-1] == '\r' ? stop - 1 : stop;
  list_[size_++] = {begin, static_cast<size_t>(last - begin)};
  return stop;
}

bool Fields::split_quoted(std::string_view line, char delimiter) {
  size_ = 0;
  unquoted_.assign(kLinePadding, ' ');
  unquoted_.reserve(kLinePadding + line.size());  // fields point into it: it must not move
  size_t i = 0;
  while (true) {
    if (size_ == kMost) return false;
    const size_t start = unquoted_.size();
    bool inside = i < line.size() && line[i] == '"';
    const bool quoted = inside;
    if (quoted) ++i;
    for (; i < line.size() && (inside || line[i] != delimiter); ++i) {
      if (inside && line[i] == '"') {
        if (i + 1 < line.size() && line[i + 1] == '"') {
          ++i;
        } else {
          inside = false;
          continue;
        }
      }
      unquoted_.push_back(line[i]);
    }
    list_[size_++] = {unquoted_.data() + start, unquoted_.size() - start};
    if (i >= line.size()) return !inside;
    ++i;
  }
}

void Fields::trim() {
  for (size_t i = 0; i < size_; ++i) list_[i] = trimmed(list_[i]);
}

CsvFile::CsvFile(const std::filesystem::path& path, CsvStyle style, ByteRange range)
    : path_(path), style_(style), lines_(path, range) {
  if (!read_row() && range.begin == 0)
    fail(Kind::data, "{}: is empty; a text file with records would be right", path.string());
}

// The next line straight from the buffer, found and split in one pass. False where the slower way has to
// look: at the ends of a buffer, at quotes, blank lines and mistakes.
bool CsvFile::read_fast() {
  const std::string_view rest = lines_.buffered();
  if (rest.empty() || rest[0] == '\n' || rest[0] == '\r' || style_.trimmed) return false;
  if (style_.delimiter == ',' && lines_.may_have_quotes()) return false;
  const char* stop = fields_.split_line(rest.data(), rest.data() + rest.size(), style_.delimiter);
  if (stop == nullptr || stop == rest.data() + rest.size()) return false;
  const auto size = static_cast<size_t>(stop - rest.data());
  line_ = rest.substr(0, size);
  lines_.skip(size + 1);
  return true;
}

bool CsvFile::read_row() {
  if (has_row_ && read_fast()) return true;
  has_row_ = lines_.next(line_);
  if (has_row_) split();
  return has_row_;
}

void CsvFile::set_style(CsvStyle style) {
  style_ = style;
  if (has_row_) split();
}

void CsvFile::split() {
  const bool quoted = style_.delimiter == ',' && lines_.may_have_quotes();
  if (!(quoted ? fields_.split_quoted(line_, ',') : fields_.split(line_, style_.delimiter))) {
    fail(Kind::data, "{}: record {}: has more than {} columns or an open quote: '{}'", path_.string(),
         record_ + 1, Fields::kMost, excerpt(line_));
  }
  if (style_.trimmed) fields_.trim();
}

void CsvFile::take_header() {
  names_.clear();
  for (size_t i = 0; i < fields_.size(); ++i) names_.emplace_back(trimmed(fields_[i]));
}

void CsvFile::name_columns(std::vector<std::string> names) {
  names_ = std::move(names);
  pending_ = has_row_;
}

int CsvFile::find(std::string_view name) const {
  const auto hit = std::find(names_.begin(), names_.end(), name);
  return hit == names_.end() ? -1 : static_cast<int>(hit - names_.begin());
}

int CsvFile::need(std::string_view name) const {
  const int column = find(name);
  if (column < 0) {
    fail(Kind::data, "{}: has no column '{}' in its header '{}'", path_.string(), name,
         excerpt(fmt::format("{}", fmt::join(names_, ","))));
  }
  return column;
}

bool CsvFile::next() {
  do {
    if (!pending_ && !read_row()) return false;
    pending_ = false;
  } while (style_.comments && fields_[0].starts_with('#'));
  ++record_;
  if (fields_.size() != names_.size()) {
    fail(Kind::data, "{}: record {}: has {} columns ('{}' is the first); {} would be right", path_.string(),
         record_, fields_.size(), excerpt(fields_[0]), names_.size());
  }
  return true;
}

void CsvFile::wrong(int column, std::string_view right) const {
  fail(Kind::data, "{}: record {}: column {} is '{}'; {} would be right", path_.string(), record_,
       names_[static_cast<size_t>(column)], excerpt((*this)[column]), right);
}

bool CsvFile::missing(int column) const {
  const std::string_view text = (*this)[column];
  return style_.missing == Missing::zero && (text.empty() || text == "-");
}

bool CsvFile::address(int column, uint32_t& value, bool or_number) const {
  const std::string_view text = (*this)[column];
  int64_t number = 0;
  if (or_number && parse_integer(text, number) && number <= UINT32_MAX) {
    value = static_cast<uint32_t>(number);
    return true;
  }
  if (parse_dotted(text, value)) return true;
  const bool ipv6 = std::count(text.begin(), text.end(), ':') >= 2 &&
                    text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  if (!ipv6)
    wrong(column,
          or_number ? "an IPv4 address, dotted or as an integer," : "an IPv4 address such as 10.0.0.1");
  return false;
}

uint16_t CsvFile::port(int column) const { return static_cast<uint16_t>(integer(column, 0, 65535)); }

uint8_t CsvFile::protocol(int column) const {
  const std::string_view text = (*this)[column];
  if (text == "TCP" || text == "tcp") return 6;
  if (text == "UDP" || text == "udp") return 17;
  const int number = proto_number(text);
  if (number < 0) wrong(column, "the name of an IP protocol or its number from 0 to 255");
  return static_cast<uint8_t>(number);
}

int64_t CsvFile::integer(int column, int64_t lo, int64_t hi) const {
  int64_t value = 0;
  if (missing(column)) return value;
  if (!parse_integer((*this)[column], value) || value < lo || value > hi) {
    wrong(column, hi == INT64_MAX ? fmt::format("an integer of {} or more", lo)
                                  : fmt::format("an integer from {} to {}", lo, hi));
  }
  return value;
}

int64_t CsvFile::fixed(int column, int digits, std::string_view what) const {
  return missing(column) ? 0 : time(column, digits, what);
}

int64_t CsvFile::time(int column, int digits, std::string_view what, int64_t lo) const {
  int64_t value = 0;
  if (!parse_fixed((*this)[column], digits, value) || value < lo) wrong(column, what);
  return value;
}

int64_t CsvFile::duration(int column) const {
  constexpr std::string_view kWhat = "a duration in seconds from 0 to 1000000000";
  const int64_t value = fixed(column, 9, kWhat);
  if (value > kLongestDuration) wrong(column, kWhat);
  return value;
}

int64_t CsvFile::utc(int column) {
  int64_t value = 0;
  if (!utc_((*this)[column], value)) wrong(column, "a time such as 2016-04-11 09:00:00");
  return value;
}

}  // namespace bench
