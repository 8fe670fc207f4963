// NetShare's CSV layouts, read and written.
//   flows:   srcip,dstip,srcport,dstport,proto,ts,td,pkt,byt[,label],type
//   packets: srcip,dstip,srcport,dstport,proto,time,pkt_len,version,ihl,tos,id,flag,off,ttl,chksum
// ts and time are microseconds since 1970, td is seconds, addresses are decimal integers (dotted ones are
// read, too). Columns are found by name. Ports are kept as they are, whatever the protocol: the output of
// other programs is scored through this reader. version, ihl and chksum are not kept. A further column
// tcp_flags is read and written where the trace has it, and ts or time is left out where the trace has no
// time.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "datasets/csv_dialect.h"
#include "datasets/output_file.h"

namespace bench {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr size_t kWriteBuffer = 1 << 20;

struct HeaderColumns {
  int tos, id, flag, off, ttl;
  bool complete() const { return std::min({tos, id, flag, off, ttl}) >= 0; }
  bool any() const { return std::max({tos, id, flag, off, ttl}) >= 0; }
};

class NetshareReader {
 public:
  NetshareReader(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport& report)
      : file_(file), options_(options), tally_(tally), report_(report) {
    trace_.kind = file_.find("pkt_len") >= 0 ? TraceKind::packets : TraceKind::flows;
    time_ = file_.find(packets() ? "time" : "ts");
    flags_ = file_.find("tcp_flags");
    for (const std::string_view name : {"label", "type"}) {
      const int column = file_.find(name);
      if (column >= 0) labels_.emplace_back(column, LabelReader(trace_, std::string(name)));
    }
  }

  Trace read() {
    const int srcip = file_.need("srcip"), dstip = file_.need("dstip"), srcport = file_.need("srcport"),
              dstport = file_.need("dstport"), proto = file_.need("proto");
    find_rest();
    while (wants_more(trace_, options_) && file_.next()) {
      FiveTuple tuple;
      if (!file_.address(srcip, tuple.srcip, true) || !file_.address(dstip, tuple.dstip, true)) {
        ++tally_.ipv6;
        continue;
      }
      tuple.srcport = file_.port(srcport);
      tuple.dstport = file_.port(dstport);
      tuple.proto = file_.protocol(proto);
      push_tuple(trace_, tuple);
      if (time_ >= 0)
        trace_.time.push_back(file_.time(time_, 3, "a time in microseconds since 1970", INT64_MIN));
      if (packets()) {
        push_packet();
      } else {
        push_flow(trace_, file_.duration(td_), file_.integer(pkt_, 0, INT64_MAX),
                  file_.integer(byt_, 0, INT64_MAX));
      }
      if (flags_ >= 0) trace_.tcp_flags.push_back(static_cast<uint8_t>(file_.integer(flags_, 0, 255)));
      for (auto& [column, label] : labels_) label.add(file_[column]);
      reserve_for(file_, options_, trace_);
    }
    if (packets() && header_.any() && !header_.complete()) {
      add_count(report_.notes, "header columns left out: not all of tos, id, flag, off, ttl are there",
                static_cast<int64_t>(trace_.size()));
    }
    return std::move(trace_);
  }

 private:
  bool packets() const { return trace_.kind == TraceKind::packets; }

  void find_rest() {
    if (packets()) {
      length_ = file_.need("pkt_len");
      header_ = {file_.find("tos"), file_.find("id"), file_.find("flag"), file_.find("off"),
                 file_.find("ttl")};
      return;
    }
    td_ = file_.need("td");
    pkt_ = file_.need("pkt");
    byt_ = file_.need("byt");
  }

  void push_packet() {
    trace_.length.push_back(static_cast<int32_t>(file_.integer(length_, 1, 65535)));
    if (!header_.complete()) return;
    trace_.tos.push_back(static_cast<uint8_t>(file_.integer(header_.tos, 0, 255)));
    trace_.id.push_back(static_cast<uint16_t>(file_.integer(header_.id, 0, 65535)));
    trace_.ip_flags.push_back(static_cast<uint8_t>(file_.integer(header_.flag, 0, 7)));
    trace_.fragment_offset.push_back(static_cast<uint16_t>(file_.integer(header_.off, 0, 8191)));
    trace_.ttl.push_back(static_cast<uint8_t>(file_.integer(header_.ttl, 0, 255)));
  }

  CsvFile& file_;
  const ReadOptions& options_;
  Tally& tally_;
  ReadReport& report_;
  Trace trace_;
  int time_ = -1, flags_ = -1, td_ = -1, pkt_ = -1, byt_ = -1, length_ = -1;
  HeaderColumns header_{-1, -1, -1, -1, -1};
  std::vector<std::pair<int, LabelReader>> labels_;
};

using Buffer = fmt::memory_buffer;

void put(Buffer& out, std::string_view text) { out.append(text.data(), text.data() + text.size()); }

void put_integer(Buffer& out, int64_t value) {
  const fmt::format_int text(value);
  out.append(text.data(), text.data() + text.size());
}

// value / 10^digits, without zeros at the end of the fraction and without a fraction of zeros alone.
void put_fixed(Buffer& out, int64_t value, int64_t scale, int digits) {
  if (value < 0) {
    put(out, "-");
    put_integer(out, -(value / scale));
    value = -(value % scale);
  } else {
    put_integer(out, value / scale);
    value %= scale;
  }
  if (value == 0) return;
  const std::string fraction = fmt::format(".{:0{}}", value, digits);
  put(out, std::string_view(fraction).substr(0, fraction.find_last_not_of('0') + 1));
}

std::vector<std::string> quoted_names(const LabelColumn& label, const std::filesystem::path& path) {
  std::vector<std::string> names;
  for (const auto& name : label.names) {
    if (name.find_first_of("\r\n") != std::string::npos) {
      fail(Kind::data, "{}: name {} of the column {} has a line break, which a CSV line cannot hold",
           path.string(), names.size() + 1, label.name);
    }
    const bool plain = name.find_first_of(",\"") == std::string::npos;
    std::string text = plain ? name : "\"";
    for (const char c : plain ? std::string() : name)
      text += c == '"' ? std::string("\"\"") : std::string(1, c);
    names.push_back(plain ? text : text + '"');
  }
  return names;
}

std::string header_line(const Trace& trace) {
  const bool packets = trace.kind == TraceKind::packets;
  std::string line = "srcip,dstip,srcport,dstport,proto";
  if (!trace.time.empty()) line += packets ? ",time" : ",ts";
  line += packets ? ",pkt_len" : ",td,pkt,byt";
  if (packets && trace.has_header()) line += ",version,ihl,tos,id,flag,off,ttl,chksum";
  for (const auto& label : trace.labels) line += "," + label.name;
  if (!trace.tcp_flags.empty()) line += ",tcp_flags";
  return line + "\n";
}

void put_header(Buffer& out, const Trace& trace, size_t row) {
  put(out, ",4,5,");
  put_integer(out, trace.tos[row]);
  put(out, ",");
  put_integer(out, trace.id[row]);
  put(out, ",");
  put_integer(out, trace.ip_flags[row]);
  put(out, ",");
  put_integer(out, trace.fragment_offset[row]);
  put(out, ",");
  put_integer(out, trace.ttl[row]);
  put(out, ",0");
}

void put_row(Buffer& out, const Trace& trace, size_t row,
             const std::vector<std::vector<std::string>>& label_names) {
  for (const int64_t value : {int64_t{trace.srcip[row]}, int64_t{trace.dstip[row]},
                              int64_t{trace.srcport[row]}, int64_t{trace.dstport[row]}}) {
    put_integer(out, value);
    put(out, ",");
  }
  put(out, proto_name(trace.proto[row]));
  if (!trace.time.empty()) {
    put(out, ",");
    put_fixed(out, trace.time[row], 1000, 3);
  }
  put(out, ",");
  if (trace.kind == TraceKind::packets) {
    put_integer(out, trace.length[row]);
    if (trace.has_header()) put_header(out, trace, row);
  } else {
    put_fixed(out, trace.duration[row], kNanosecondsPerSecond, 9);
    put(out, ",");
    put_integer(out, trace.packets[row]);
    put(out, ",");
    put_integer(out, trace.bytes[row]);
  }
  for (size_t k = 0; k < label_names.size(); ++k) {
    put(out, ",");
    put(out, label_names[k][static_cast<size_t>(trace.labels[k].codes[row])]);
  }
  if (!trace.tcp_flags.empty()) {
    put(out, ",");
    put_integer(out, trace.tcp_flags[row]);
  }
  put(out, "\n");
}

}  // namespace

Trace read_netshare_csv(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  constexpr auto kRead = [](CsvFile& file, const ReadOptions& wanted, Tally& tally, ReadReport& part) {
    return NetshareReader(file, wanted, tally, part).read();
  };
  return read_csv({"netshare-csv", {}, [](CsvFile& file) { file.take_header(); }, kRead}, path, options,
                  report);
}

void write_netshare_csv(const Trace& trace, const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> label_names;
  for (const auto& label : trace.labels) label_names.push_back(quoted_names(label, path));
  OutputFile file(path);
  Buffer out;
  put(out, header_line(trace));
  for (size_t row = 0; row < trace.size(); ++row) {
    put_row(out, trace, row, label_names);
    if (out.size() < kWriteBuffer) continue;
    file.write({out.data(), out.size()});
    out.clear();
  }
  file.write({out.data(), out.size()});
  file.finish();
}

}  // namespace bench
