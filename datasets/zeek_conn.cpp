// Zeek connection logs in three dresses: conn.log with its "#fields" lines, conn.log without any header in
// the classic order (20 columns without local_resp, 21 to 23 with it), and comma-separated tables with a
// header line of Zeek's names. In the labelled logs of IoT-23 the last tab-separated field holds
// tunnel_parents, label and detailed-label with three spaces between them.
//
// One record is one connection, both directions: packets = orig_pkts + resp_pkts, bytes = orig_ip_bytes +
// resp_ip_bytes (IP headers included, as in NetFlow). "-" and empty fields count as 0. ICMP type and code
// stand in the port columns and become 0. label becomes the label column "label", detailed-label "type",
// where they are there.

#include <optional>

#include "core/error.h"
#include "datasets/csv_dialect.h"

namespace bench {
namespace {

constexpr int64_t kMost = INT64_MAX / 2;  // of one direction
constexpr std::string_view kGap = "   ";
constexpr std::string_view kUnknownProtocol = "unknown_transport";

std::vector<std::string> classic_names(size_t columns) {
  std::vector<std::string> names{
      "ts",         "uid",           "id.orig_h",     "id.orig_p",  "id.resp_h",  "id.resp_p",
      "proto",      "service",       "duration",      "orig_bytes", "resp_bytes", "conn_state",
      "local_orig", "local_resp",    "missed_bytes",  "history",    "orig_pkts",  "orig_ip_bytes",
      "resp_pkts",  "resp_ip_bytes", "tunnel_parents"};
  if (columns == 20) names.erase(names.begin() + 13);
  for (size_t i = names.size(); i < columns; ++i) names.push_back("column " + std::to_string(i + 1));
  return names;
}

// The columns inside the last one of IoT-23's labelled logs.
std::vector<std::string_view> parts(std::string_view text) {
  std::vector<std::string_view> list;
  while (true) {
    const size_t gap = text.find(kGap);
    list.push_back(text.substr(0, gap));
    if (gap == std::string_view::npos) return list;
    text.remove_prefix(gap);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
}

void prepare(CsvFile& file) {
  std::vector<std::string> names;
  const bool tabs = file.row()[0].find('\t') != std::string_view::npos || file.row()[0].starts_with('#');
  if (!tabs) {
    file.take_header();
    file.need("id.orig_h");
    return;
  }
  CsvStyle style = file.style();
  style.delimiter = '\t';
  file.set_style(style);
  do {
    if (!file.row()[0].starts_with('#')) break;
    if (file.row()[0] != "#fields") continue;
    names.clear();
    for (size_t i = 1; i < file.row().size(); ++i) names.emplace_back(file.row()[i]);
  } while (file.read_row());
  if (names.empty()) {
    const size_t columns = file.row().size();
    if (columns < 20 || columns > 23) {
      fail(Kind::data, "{}: record 1: has {} columns and there is no #fields line; 20 to 23 would be right",
           file.path().string(), columns);
    }
    names = classic_names(columns);
  }
  file.name_columns(std::move(names));
}

class ZeekReader {
 public:
  explicit ZeekReader(CsvFile& file) : file_(file) {
    trace_.kind = TraceKind::flows;
    const auto last = parts(file.names().back());
    for (size_t i = 0; i < last.size(); ++i) {
      if (last.size() > 1 && last[i] == "label") label_part_ = i;
      if (last.size() > 1 && last[i] == "detailed-label") type_part_ = i;
    }
  }

  Trace read(const ReadOptions& options, Tally& tally, ReadReport& report) {
    const int srcip = file_.need("id.orig_h"), dstip = file_.need("id.resp_h"),
              srcport = file_.need("id.orig_p"), dstport = file_.need("id.resp_p"),
              proto = file_.need("proto"), duration = file_.need("duration"), sent = file_.need("orig_pkts"),
              received = file_.need("resp_pkts"), sent_bytes = file_.need("orig_ip_bytes"),
              received_bytes = file_.need("resp_ip_bytes"), ts = file_.find("ts");
    const int label = file_.find("label"), type = file_.find("detailed-label");
    const bool has_label = label >= 0 || label_part_ > 0, has_type = type >= 0 || type_part_ > 0;
    std::optional<LabelReader> labels, types;
    if (has_label) labels.emplace(trace_, "label");
    if (has_type) types.emplace(trace_, "type");
    int64_t unknown = 0;
    while (wants_more(trace_, options) && file_.next()) {
      FiveTuple tuple;
      if (!file_.address(srcip, tuple.srcip) || !file_.address(dstip, tuple.dstip)) {
        ++tally.ipv6;
        continue;
      }
      if (file_[proto] == kUnknownProtocol) {
        ++unknown;
        continue;
      }
      tuple.srcport = file_.port(srcport);
      tuple.dstport = file_.port(dstport);
      tuple.proto = file_.protocol(proto);
      drop_ports(tuple, tally);
      push_tuple(trace_, tuple);
      if (ts >= 0) trace_.time.push_back(file_.time(ts, 9, "a time in seconds since 1970"));
      push_flow(trace_, file_.duration(duration),
                file_.integer(sent, 0, kMost) + file_.integer(received, 0, kMost),
                file_.integer(sent_bytes, 0, kMost) + file_.integer(received_bytes, 0, kMost));
      if (labels) labels->add(text(label, label_part_));
      if (types) types->add(text(type, type_part_));
      reserve_for(file_, options, trace_);
    }
    add_count(report.skipped, "unknown transport protocol", unknown);
    return std::move(trace_);
  }

 private:
  std::string_view text(int column, size_t part) const {
    if (column >= 0) return file_[column];
    const int last = static_cast<int>(file_.names().size()) - 1;
    const auto list = parts(file_[last]);
    if (part >= list.size())
      file_.wrong(last, "tunnel_parents, label and detailed-label with three spaces between");
    return list[part];
  }

  CsvFile& file_;
  Trace trace_;
  size_t label_part_ = 0;  // 0: not inside the last column
  size_t type_part_ = 0;
};

Trace read(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport& report) {
  return ZeekReader(file).read(options, tally, report);
}

}  // namespace

Trace read_zeek_conn(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  const CsvStyle style{.missing = Missing::zero, .comments = true};
  return read_csv({"zeek-conn", style, prepare, read}, path, options, report);
}

}  // namespace bench
