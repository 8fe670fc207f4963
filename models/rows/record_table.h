#pragma once
// A trace as a table of numbers and categories, one row per record: what row models learn from and draw.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/seed.h"
#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

class H5Reader;
class H5Writer;

struct TableColumn {
  std::string name;  ///< column of the Trace; with ":31" .. ":0" for one bit; "label:" and the label's name
  std::vector<int64_t> values;  ///< what the codes mean, ascending; empty for a number
  std::vector<int32_t> codes;   ///< [rows] indices into values; empty for a number
  std::vector<double> numbers;  ///< [rows], in the column's own unit; empty for a category
  bool integral = true;         ///< a number that is whole in every training record
  bool is_category() const { return !values.empty(); }
};

struct RecordTable {
  size_t rows = 0;
  std::vector<TableColumn> columns;
  /// nullptr if there is none of that name.
  const TableColumn* find(std::string_view name) const;
};

/// The columns of a table, names and values, without their rows.
RecordTable without_rows(const RecordTable& table);

/// How addresses and ports stand in the table.
enum class Identifiers {
  number,  ///< one number each
  bits,    ///< a category of 0 and 1 for each bit, most significant first; of one value where it is constant
  value    ///< a category of every value that occurs
};

struct TableOptions {
  Identifiers addresses = Identifiers::bits;
  Identifiers ports = Identifiers::bits;
  /// Time as the gap to the record before in order of time, and not as the time since the window's begin.
  bool gaps = false;
  /// Identifiers that the training part lacks have a place as well: each bit has both values, numbers the
  /// whole range. Not for Identifiers::value.
  bool open = false;
};

/// Trace <-> table. Categories besides identifiers: protocol, IP flags, TCP flags, labels. Numbers: time (s
/// since the begin of the training window, or the gap in s), length, tos, id, fragment_offset, ttl; duration
/// (s), packets, bytes. A column that the trace lacks is not in the table. Order of columns: labels, then
/// proto, identifiers, time, the rest in the order of for_each_column.
class RecordColumns {
 public:
  explicit RecordColumns(const TableOptions& options = {}) : options_(options) {}
  /// Learns the columns, the categories' values and the ranges that decode() clamps to.
  void fit(const TrainingTrace& train) { fit(train.trace(), train.window()); }
  void fit(const Trace& trace, TimeWindow window);
  /// The training records, or others of the same columns, in order of time. Throws Error(data) for a category
  /// that fit() did not see.
  RecordTable encode(const Trace& trace) const;
  /// The window of fit() is stretched to this one. Not with TableOptions::gaps.
  void move_to(TimeWindow window);
  /// Records that fit() has not seen, of any trace with these columns and labels: code -1 for a category that
  /// fit() did not see, numbers clipped to the range of fit(). Throws Error(unsupported) for a trace of
  /// another kind or without one of the columns.
  RecordTable encode_others(const Trace& trace) const;
  /// Columns without rows: names and values.
  const RecordTable& empty() const { return empty_; }
  /// A legal trace (check_trace passes) in order of time. Numbers are rounded as the column asks and clamped
  /// to the range of the training part (the lower end for a NaN); gaps that sum to more than the training
  /// window are scaled to fill it. A packet or flow record is at least as long as its headers and ports are 0
  /// where the protocol has none, where the training part keeps these rules; TCP flags of other protocols are
  /// 0. Adds to `clamps` how many values it changed, by column of the trace.
  Trace decode(const RecordTable& table, std::map<std::string, int64_t>& clamps) const;
  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file);

 private:
  struct Range {
    int64_t lo = 0, hi = 0;
  };
  enum class Unknown { error, minus_one };
  RecordTable rows_of(const Trace& trace, Unknown unknown) const;
  std::vector<int64_t> decode_numbers(size_t index, const std::vector<double>& numbers,
                                      int64_t& clamped) const;
  void place_times(std::vector<int64_t>& times, int64_t& clamped) const;
  void make_legal(Trace& trace, std::map<std::string, int64_t>& clamps) const;

  TableOptions options_;
  RecordTable empty_;
  std::vector<Range> ranges_;  ///< of each column in the training part, in the trace's integers
  TimeWindow window_;
  double stretch_ = 1;  ///< length of window_ over that of fit()
  Trace like_;          ///< no records: kind and labels
  bool header_rule_ = false, ports_rule_ = false;
};

}  // namespace bench
