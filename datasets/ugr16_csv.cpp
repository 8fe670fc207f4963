// UGR16 (nfdump) flows: te,td,sa,da,sp,dp,pr,flg,fwd,stos,pkt,byt,label, with or without that header line.
// te is the END of the flow in UTC at one second's resolution, td its duration in seconds, so time = te - td.
// td is rounded to the nanosecond, which takes away the dust of binary fractions (0.47200000000000003).
// label (background, blacklist, anomaly-...) becomes the label column "type", its name in NetShare's layout.

#include "datasets/csv_dialect.h"

namespace bench {
namespace {

void prepare(CsvFile& file) {
  if (file.row()[0] == "te") {
    file.take_header();
  } else {
    file.name_columns(
        {"te", "td", "sa", "da", "sp", "dp", "pr", "flg", "fwd", "stos", "pkt", "byt", "label"});
  }
}

Trace read(CsvFile& file, const ReadOptions& options, Tally& tally, ReadReport&) {
  const int te = file.need("te"), td = file.need("td"), sa = file.need("sa"), da = file.need("da"),
            sp = file.need("sp"), dp = file.need("dp"), pr = file.need("pr"), flg = file.need("flg"),
            pkt = file.need("pkt"), byt = file.need("byt"), label = file.need("label");
  Trace trace;
  trace.kind = TraceKind::flows;
  LabelReader type(trace, "type");
  while (wants_more(trace, options) && file.next()) {
    FiveTuple tuple;
    if (!file.address(sa, tuple.srcip) || !file.address(da, tuple.dstip)) {
      ++tally.ipv6;
      continue;
    }
    tuple.srcport = file.port(sp);
    tuple.dstport = file.port(dp);
    tuple.proto = file.protocol(pr);
    drop_ports(tuple, tally);
    push_tuple(trace, tuple);
    const int64_t duration = file.duration(td);
    trace.time.push_back(file.utc(te) - duration);
    push_flow(trace, duration, file.integer(pkt, 0, INT64_MAX), file.integer(byt, 0, INT64_MAX));
    trace.tcp_flags.push_back(netflow_flags(file, flg, tuple.proto, tally));
    type.add(file[label]);
    reserve_for(file, options, trace);
  }
  return trace;
}

}  // namespace

Trace read_ugr16_csv(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report) {
  return read_csv({"ugr16-csv", {}, prepare, read}, path, options, report);
}

}  // namespace bench
