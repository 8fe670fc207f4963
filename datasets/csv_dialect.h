#pragma once
// What the CSV dialects share: labels, counts, the rows of a trace, and reading a file as a whole or by
// halves.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/csv_fields.h"
#include "datasets/flows.h"
#include "datasets/formats.h"
#include "datasets/trace.h"

namespace bench {

/// Fills a new label column of a trace; codes are in order of first appearance.
class LabelReader {
 public:
  LabelReader(Trace& trace, std::string name) : trace_(trace), index_(trace.labels.size()) {
    trace.labels.push_back({std::move(name), {}, {}});
  }
  void add(std::string_view value);

 private:
  Trace& trace_;
  size_t index_;
  std::map<std::string, int32_t, std::less<>> known_;
};

/// What a reader counts on its way, by number and not by name because it happens at every record.
struct Tally {
  int64_t ipv6 = 0;  ///< skipped
  int64_t ports_dropped = 0;
  int64_t flags_dropped = 0;

  void add(const Tally& other) {
    ipv6 += other.ipv6;
    ports_dropped += other.ports_dropped;
    flags_dropped += other.flags_dropped;
  }
};

/// One way of writing a trace as text.
struct Dialect {
  std::string_view format;
  CsvStyle style;
  /// Finds or sets the names of the columns; the first row is there.
  void (*prepare)(CsvFile& file);
  /// All records from the next one on; adds to the tally and the report.
  Trace (*read)(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport& report);
  bool by_halves = true;  ///< large plain files may be read as two halves at once, one thread each
};

/// Throws Error(data) for a trace without records; the message counts what was skipped.
void require_records(const Trace& trace, const std::filesystem::path& path, const ReadReport& report);
/// Reads a file and fills the report. Throws Error(data) if it holds no record.
Trace read_csv(const Dialect& dialect, const std::filesystem::path& path, const ReadOptions& options,
               ReadReport& report);

void push_tuple(Trace& trace, const FiveTuple& tuple);
void push_flow(Trace& trace, int64_t duration, int64_t packets, int64_t bytes);
/// Ports of protocols without ports (ICMP type and code) become 0 and are counted.
void drop_ports(FiveTuple& tuple, Tally& tally);
/// NetFlow's ".AP.SF" or "0x1b"; 0 for protocols other than TCP.
uint8_t netflow_flags(const CsvFile& file, int column, uint8_t proto, Tally& tally);
/// True while `options` want more records.
bool wants_more(const Trace& trace, const ReadOptions& options);
/// Room for so many records in every column that is in use.
void reserve_columns(Trace& trace, size_t records);
/// Makes room for the whole file once its first records show how long a record is.
void reserve_for(const CsvFile& file, const ReadOptions& options, Trace& trace);
/// Adds `count` under `name` unless it is 0.
void add_count(std::map<std::string, int64_t>& counts, const std::string& name, int64_t count);

}  // namespace bench
