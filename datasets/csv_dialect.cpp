#include "datasets/csv_dialect.h"

#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "core/error.h"

namespace bench {
namespace {
constexpr std::string_view kFlagLetters = "UAPRSF";
constexpr size_t kRecordsBeforeReserve = 8192;
constexpr uintptr_t kHugePage = 2 << 20;
constexpr int64_t kBytesWorthHalving = 4 << 20;

// Advice that saves most of the page faults of a large column; without it nothing breaks.
void use_huge_pages(void* begin, size_t bytes) {
  const auto first = (reinterpret_cast<uintptr_t>(begin) + kHugePage - 1) / kHugePage * kHugePage;
  const auto last = (reinterpret_cast<uintptr_t>(begin) + bytes) / kHugePage * kHugePage;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

// Both halves of a large plain file at once; nothing if the file is not worth it or has a mistake: reading it
// from the start then finds the first mistake and the number of its record.
std::optional<Trace> read_halves(const Dialect& dialect, const std::filesystem::path& path,
                                 const ReadOptions& options, Tally& tally, ReadReport& report) {
  const ByteSource source(path);
  if (source.compressed() || source.file_size() < kBytesWorthHalving ||
      std::thread::hardware_concurrency() < 2)
    return {};
  const int64_t middle = source.file_size() / 2;
  struct Half {
    Trace trace;
    Tally tally;
    ReadReport report;
  };
  try {
    CsvFile first(path, dialect.style, {0, middle});
    dialect.prepare(first);
    CsvFile second(path, first.style(), {middle, INT64_MAX});
    second.name_columns(first.names());
    const auto read = [&](CsvFile& file) {
      Half half;
      half.trace = dialect.read(file, options, half.tally, half.report);
      return half;
    };
    auto later = std::async(std::launch::async, read, std::ref(second));
    Half half = read(first);
    const Half rest = later.get();
    append(half.trace, rest.trace);
    tally = half.tally;
    tally.add(rest.tally);
    for (const ReadReport* part : std::initializer_list<const ReadReport*>{&half.report, &rest.report}) {
      for (const auto& [reason, count] : part->skipped) add_count(report.skipped, reason, count);
      for (const auto& [note, count] : part->notes) add_count(report.notes, note, count);
    }
    return std::move(half.trace);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void LabelReader::add(std::string_view value) {
  LabelColumn& column = trace_.labels[index_];
  if (!column.codes.empty() && column.names[static_cast<size_t>(column.codes.back())] == value) {
    column.codes.push_back(column.codes.back());
    return;
  }
  auto hit = known_.find(value);
  if (hit == known_.end()) {
    hit = known_.emplace(value, static_cast<int32_t>(column.names.size())).first;
    column.names.emplace_back(value);
  }
  column.codes.push_back(hit->second);
}

void push_tuple(Trace& trace, const FiveTuple& tuple) {
  trace.srcip.push_back(tuple.srcip);
  trace.dstip.push_back(tuple.dstip);
  trace.srcport.push_back(tuple.srcport);
  trace.dstport.push_back(tuple.dstport);
  trace.proto.push_back(tuple.proto);
}

void push_flow(Trace& trace, int64_t duration, int64_t packets, int64_t bytes) {
  trace.duration.push_back(duration);
  trace.packets.push_back(packets);
  trace.bytes.push_back(bytes);
}

void drop_ports(FiveTuple& tuple, Tally& tally) {
  if ((tuple.srcport | tuple.dstport) == 0 || has_ports(tuple.proto)) return;
  tuple.srcport = 0;
  tuple.dstport = 0;
  ++tally.ports_dropped;
}

uint8_t netflow_flags(const CsvFile& file, int column, uint8_t proto, Tally& tally) {
  const std::string_view text = file[column];
  unsigned flags = 0;
  if (text.size() == kFlagLetters.size()) {
    bool legal = true;
    for (size_t i = 0; i < kFlagLetters.size(); ++i) {
      const bool set = text[i] == kFlagLetters[i];
      flags = flags * 2 + (set ? 1U : 0U);
      legal &= set || text[i] == '.';
    }
    if (!legal) file.wrong(column, "six characters of UAPRSF or '.' in their places");
  } else {
    const auto hex = text.starts_with("0x") ? text.substr(2) : std::string_view();
    const auto [end, code] = std::from_chars(hex.data(), hex.data() + hex.size(), flags, 16);
    if (hex.empty() || code != std::errc() || end != hex.data() + hex.size() || flags > 255) {
      file.wrong(column, "six characters such as .AP.SF, or a hexadecimal number up to 0xff,");
    }
  }
  if (proto == 6) return static_cast<uint8_t>(flags);
  if (flags != 0) ++tally.flags_dropped;
  return 0;
}

bool wants_more(const Trace& trace, const ReadOptions& options) {
  return options.max_records <= 0 || trace.size() < static_cast<size_t>(options.max_records);
}

void reserve_columns(Trace& trace, size_t records) {
  const auto reserve = [records](auto& column) {
    if (column.empty()) return;
    column.reserve(records);
    use_huge_pages(column.data(), column.capacity() * sizeof column[0]);
  };
  for_each_column(trace, [&](std::string_view, auto& column) { reserve(column); });
  for (auto& label : trace.labels) reserve(label.codes);
}

void reserve_for(const CsvFile& file, const ReadOptions& options, Trace& trace) {
  if (trace.size() != kRecordsBeforeReserve || file.lines().source().compressed()) return;
  const auto& range = file.lines().range();
  // The first half makes room for the second, which is appended to it.
  const int64_t bytes = file.lines().source().file_size() - range.begin;
  const double share = static_cast<double>(file.lines().bytes_read()) / static_cast<double>(bytes);
  auto expected = static_cast<size_t>(1.05 * static_cast<double>(trace.size()) / std::max(share, 1e-9));
  if (options.max_records > 0) expected = std::min(expected, static_cast<size_t>(options.max_records));
  reserve_columns(trace, expected);
}

void add_count(std::map<std::string, int64_t>& counts, const std::string& name, int64_t count) {
  if (count != 0) counts[name] += count;
}

void require_records(const Trace& trace, const std::filesystem::path& path, const ReadReport& report) {
  if (trace.size() > 0) return;
  std::string reasons;
  for (const auto& [reason, count] : report.skipped)
    reasons += fmt::format(", {} skipped: {}", count, reason);
  fail(Kind::data, "{}: holds no usable record{}; a {} file with at least one would be right", path.string(),
       reasons, report.format);
}

Trace read_csv(const Dialect& dialect, const std::filesystem::path& path, const ReadOptions& options,
               ReadReport& report) {
  report = {};
  report.format = dialect.format;
  Tally tally;
  std::optional<Trace> trace;
  if (dialect.by_halves && options.max_records <= 0)
    trace = read_halves(dialect, path, options, tally, report);
  if (!trace) {
    CsvFile file(path, dialect.style);
    dialect.prepare(file);
    trace = dialect.read(file, options, tally, report);
  }
  report.records = static_cast<int64_t>(trace->size());
  add_count(report.skipped, "IPv6", tally.ipv6);
  add_count(report.notes, "ICMP type/code in the ports set to 0", tally.ports_dropped);
  add_count(report.notes, "TCP flags of another protocol set to 0", tally.flags_dropped);
  require_records(*trace, path, report);
  return std::move(*trace);
}

}  // namespace bench
