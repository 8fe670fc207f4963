#include "datasets/formats.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "datasets/byte_source.h"
#include "datasets/csv_dialect.h"
#include "datasets/hdf5_trace.h"

namespace bench {
namespace {

constexpr size_t kSniffedBytes = 1 << 16;
constexpr std::string_view kHdf5Magic = "\x89HDF\r\n\x1a\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_capture(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  uint32_t magic = 0;
  std::memcpy(&magic, bytes.data(), 4);
  // pcapng's section header; pcap with microseconds, nanoseconds and Kuznetzov's variant, in either byte
  // order.
  for (const uint32_t known : {0x0a0d0d0aU, 0xa1b2c3d4U, 0xa1b23c4dU, 0xa1b2cd34U}) {
    if (magic == known || magic == __builtin_bswap32(known)) return true;
  }
  return false;
}

// The first line that is not blank.
std::string_view first_line(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const size_t begin = std::min(text.find_first_not_of("\r\n"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_first_of("\r\n"));
}

class FirstRow {
 public:
  explicit FirstRow(std::string_view line)
      : padded_(std::string(kLinePadding, ' ') + std::string(line) + std::string(kLinePadding, ' ')) {
    const std::string_view text = std::string_view(padded_).substr(kLinePadding, line.size());
    tabs_ = text.find('\t') != std::string_view::npos;
    readable_ = tabs_ ? fields_.split(text, '\t') : fields_.split_quoted(text, ',');
    fields_.trim();
  }
  bool has(std::initializer_list<std::string_view> names) const {
    return std::all_of(names.begin(), names.end(), [this](std::string_view name) {
      for (size_t i = 0; i < fields_.size(); ++i) {
        if (fields_[i] == name) return true;
      }
      return false;
    });
  }
  bool readable() const { return readable_; }
  bool tabs() const { return tabs_; }
  size_t size() const { return fields_.size(); }
  std::string_view operator[](size_t i) const { return fields_[i]; }

 private:
  std::string padded_;
  Fields fields_;
  bool tabs_ = false;
  bool readable_ = false;
};

// Empty if the line fits no dialect.
std::string_view dialect_of(std::string_view line) {
  if (line.starts_with("#separator") || line.starts_with("#fields")) return "zeek-conn";
  const FirstRow row(line);
  if (!row.readable()) return {};
  int64_t number = 0;
  uint32_t address = 0;
  if (row.tabs()) {
    const bool classic = row.size() >= 20 && row.size() <= 23 && parse_fixed(row[0], 9, number) &&
                         parse_fixed(row[3], 0, number);
    return classic ? "zeek-conn" : "";
  }
  if (row.has({"te", "td", "sa", "da", "sp", "dp", "pr"})) return "ugr16-csv";
  if (row.has({"Date first seen", "Src IP Addr", "Dst IP Addr"})) return "cidds-csv";
  if (row.has({"src_ip", "dst_ip", "src_pkts", "dst_pkts"})) return "ton-csv";
  if (row.has({"id.orig_h", "id.resp_h"})) return "zeek-conn";
  if (row.has({"srcip", "dstip", "td", "pkt", "byt"}) || row.has({"srcip", "dstip", "pkt_len"}))
    return "netshare-csv";
  if (row.has({"srcip", "dstip", "frame_len"}) || row.has({"srcip", "dstip", "length"})) return "packet-csv";
  if (row.size() == 13 && UtcParser()(row[0], number) && parse_dotted(row[2], address)) return "ugr16-csv";
  return {};
}

std::string known_ids() {
  std::string ids;
  for (const auto& entry : all_formats()) ids += (ids.empty() ? "" : ", ") + std::string(entry.id);
  return ids;
}

}  // namespace

const std::vector<FormatEntry>& all_formats() {
  static const std::vector<FormatEntry> list{
      {"pcap", "packet capture, pcap or pcapng", read_pcap, write_pcap},
      {"netshare-csv", "NetShare's flow and packet tables", read_netshare_csv, write_netshare_csv},
      {"ugr16-csv", "UGR16 flows (nfdump, 13 columns)", read_ugr16_csv, nullptr},
      {"cidds-csv", "CIDDS-001 and CIDDS-002 flows (16 columns)", read_cidds_csv, nullptr},
      {"ton-csv", "TON_IoT network flows", read_ton_csv, nullptr},
      {"zeek-conn", "Zeek connection logs, with or without header and labels", read_zeek_conn, nullptr},
      {"packet-csv", "packets as CSV with frame lengths", read_packet_csv, nullptr},
      {"hdf5", "HeaderBench's own traces", read_hdf5, write_hdf5},
  };
  return list;
}

std::string detect_format(const std::filesystem::path& path) {
  ByteSource source(path);
  std::string bytes(kSniffedBytes, '\0');
  bytes.resize(source.read(bytes.data(), bytes.size()));
  if (bytes.empty())
    fail(Kind::data, "{}: is empty; a trace in one of the formats {} would be right", path.string(),
         known_ids());
  if (bytes.starts_with(kHdf5Magic)) {
    if (source.compressed())
      fail(Kind::data, "{}: is a compressed HDF5 file; gunzip it first", path.string());
    return "hdf5";
  }
  if (is_capture(bytes)) return "pcap";
  const std::string_view dialect = dialect_of(first_line(bytes));
  if (dialect.empty()) {
    fail(Kind::data, "{}: is in none of the known formats; {} would be right", path.string(), known_ids());
  }
  return std::string(dialect);
}

Trace read_trace(const std::filesystem::path& path, std::string_view format, const ReadOptions& options,
                 ReadReport& report) {
  const std::string id = format == "auto" ? detect_format(path) : std::string(format);
  for (const auto& entry : all_formats()) {
    if (entry.id == id) return entry.read(path, options, report);
  }
  fail(Kind::config, "'{}' is not a trace format; auto, {} would be right", id, known_ids());
}

void write_trace(const Trace& trace, const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".pcap") return write_pcap(trace, path);
  if (extension == ".csv") return write_netshare_csv(trace, path);
  if (extension == ".h5") return write_hdf5(trace, path);
  fail(Kind::config, "{}: no trace can be written with the extension '{}'; .pcap, .csv or .h5 would be right",
       path.string(), extension);
}

Trace read_hdf5(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  report = {};
  report.format = "hdf5";
  Trace trace = read_hdf5_trace(path);
  require_records(trace, path, report);
  const auto wanted = static_cast<size_t>(options.max_records);
  if (options.max_records > 0 && wanted < trace.size()) trace = slice(trace, 0, wanted);
  report.records = static_cast<int64_t>(trace.size());
  return trace;
}

void write_hdf5(const Trace& trace, const std::filesystem::path& path) { write_hdf5_trace(trace, path); }

}  // namespace bench
