#pragma once
// A text file of records with named columns: typed access with one kind of error message.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/csv_numbers.h"
#include "datasets/line_reader.h"

namespace bench {

/// The fields of one line. A field in double quotes may hold the delimiter and "" for a quote.
class Fields {
 public:
  static constexpr size_t kMost = 128;
  /// Splits at `delimiter`. False if there are more than kMost fields.
  bool split(std::string_view line, char delimiter) {
    return split_line(line.data(), line.data() + line.size(), delimiter) != nullptr;
  }
  /// Splits the line at `begin`, which ends with LF, CRLF or at `end`; gives where it ends, nullptr if there
  /// are more than kMost fields.
  const char* split_line(const char* begin, const char* end, char delimiter);
  /// The same with quotes. False also for a quote that is not closed.
  bool split_quoted(std::string_view line, char delimiter);
  void trim();
  size_t size() const { return size_; }
  std::string_view operator[](size_t i) const { return list_[i]; }

 private:
  std::array<std::string_view, kMost> list_;
  size_t size_ = 0;
  std::string unquoted_;
};

enum class Missing { error, zero };  ///< is "-" or an empty field a number, namely 0?

struct CsvStyle {
  char delimiter = ',';  ///< double quotes are only looked at where it is a comma
  bool trimmed = false;  ///< spaces around the values are padding
  Missing missing = Missing::error;
  bool comments = false;  ///< lines that start with '#' are no records
};

class CsvFile {
 public:
  /// Opens the file and reads its first row (a comment, too). Throws Error(io) as LineReader does,
  /// Error(data) for a file without a single line.
  explicit CsvFile(const std::filesystem::path& path, CsvStyle style = {}, ByteRange range = {});

  /// Splits the present row again in the new style.
  void set_style(CsvStyle style);
  const CsvStyle& style() const { return style_; }
  const Fields& row() const { return fields_; }
  /// Goes to the next row of whatever kind; false after the last.
  bool read_row();
  std::string_view operator[](int column) const { return fields_[static_cast<size_t>(column)]; }
  /// The present row names the columns.
  void take_header();
  /// Names for a file without a header; the present row is the first record.
  void name_columns(std::vector<std::string> names);
  /// Number of the column, -1 if there is none.
  int find(std::string_view name) const;
  /// The same; throws Error(data) if there is none.
  int need(std::string_view name) const;
  const std::vector<std::string>& names() const { return names_; }
  /// Goes to the next record. Throws Error(data) if it has another number of columns than the header.
  bool next();

  // Typed values of the present record. All throw Error(data) naming file, record, column and value.
  /// False for an IPv6 address. `or_number`: decimal integers are addresses, too.
  bool address(int column, uint32_t& value, bool or_number = false) const;
  uint16_t port(int column) const;
  /// Name or number.
  uint8_t protocol(int column) const;
  /// `lo` <= value <= `hi`.
  int64_t integer(int column, int64_t lo, int64_t hi) const;
  /// A decimal number of 0 or more, times 10^digits, rounded. `what` would be right.
  int64_t fixed(int column, int digits, std::string_view what) const;
  /// A time times 10^digits, `lo` <= time; it must be there in either style.
  int64_t time(int column, int digits, std::string_view what, int64_t lo = 0) const;
  /// A duration in seconds as nanoseconds, at most 10^9 s.
  int64_t duration(int column) const;
  /// "2016-04-11 09:00:00.5" in UTC as nanoseconds.
  int64_t utc(int column);
  /// Throws the Error(data) of a wrong value.
  [[noreturn]] void wrong(int column, std::string_view right) const;

  const std::filesystem::path& path() const { return path_; }
  int64_t record() const { return record_; }
  const LineReader& lines() const { return lines_; }

 private:
  bool read_fast();
  void split();
  bool missing(int column) const;

  std::filesystem::path path_;
  CsvStyle style_;
  LineReader lines_;
  std::string_view line_;
  Fields fields_;
  std::vector<std::string> names_;
  bool has_row_ = false;
  bool pending_ = false;  // the present row is a record that next() has not given out yet
  int64_t record_ = 0;
  UtcParser utc_;
};

}  // namespace bench
