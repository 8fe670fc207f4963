// TON_IoT network flows (Train_Test_Network and the processed files): Zeek's connection columns under TON's
// names, found by header, with or without the column ts (seconds since 1970). Without ts the trace has no
// time.
//
// One record is one connection, both directions: packets = src_pkts + dst_pkts, bytes = src_ip_bytes +
// dst_ip_bytes (IP headers included, as in NetFlow). "-" and empty fields count as 0. ICMP type and code
// stand in the port columns and become 0. label (0/1) becomes the label column "label", type "type", where
// they are there.

#include "datasets/csv_dialect.h"

namespace bench {
namespace {

constexpr int64_t kMost = INT64_MAX / 2;  // of one direction

Trace read(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport&) {
  const int srcip = file.need("src_ip"), dstip = file.need("dst_ip"), srcport = file.need("src_port"),
            dstport = file.need("dst_port"), proto = file.need("proto"), duration = file.need("duration"),
            sent = file.need("src_pkts"), received = file.need("dst_pkts"),
            sent_bytes = file.need("src_ip_bytes"), received_bytes = file.need("dst_ip_bytes"),
            ts = file.find("ts");
  Trace trace;
  trace.kind = TraceKind::flows;
  std::vector<std::pair<int, LabelReader>> labels;
  for (const std::string_view name : {"label", "type"}) {
    if (file.find(name) >= 0) labels.emplace_back(file.find(name), LabelReader(trace, std::string(name)));
  }
  while (wants_more(trace, options) && file.next()) {
    FiveTuple tuple;
    if (!file.address(srcip, tuple.srcip) || !file.address(dstip, tuple.dstip)) {
      ++tally.ipv6;
      continue;
    }
    tuple.srcport = file.port(srcport);
    tuple.dstport = file.port(dstport);
    tuple.proto = file.protocol(proto);
    drop_ports(tuple, tally);
    push_tuple(trace, tuple);
    if (ts >= 0) trace.time.push_back(file.time(ts, 9, "a time in seconds since 1970"));
    push_flow(trace, file.duration(duration), file.integer(sent, 0, kMost) + file.integer(received, 0, kMost),
              file.integer(sent_bytes, 0, kMost) + file.integer(received_bytes, 0, kMost));
    for (auto& [column, label] : labels) label.add(file[column]);
    reserve_for(file, options, trace);
  }
  return trace;
}

}  // namespace

Trace read_ton_csv(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  const CsvStyle style{.missing = Missing::zero};
  return read_csv({"ton-csv", style, [](CsvFile& file) { file.take_header(); }, read}, path, options, report);
}

}  // namespace bench
