#include "models/rows/record_rules.h"

#include <algorithm>
#include <type_traits>

#include "datasets/ip_header.h"
#include "models/encode/flow_encoder.h"

namespace bench {

bool breaks_ports_rule(const Trace& trace, size_t row) {
  return !has_ports(trace.proto[row]) && (trace.srcport[row] != 0 || trace.dstport[row] != 0);
}

int64_t least_bytes(const Trace& trace, size_t row) {
  const bool packet = trace.kind == TraceKind::packets;
  const bool later = packet && !trace.fragment_offset.empty() && trace.fragment_offset[row] > 0;
  return (packet ? 1 : trace.packets[row]) * header_bytes(trace.proto[row], later);
}

void make_legal(Trace& trace, const RecordRules& rules, std::map<std::string, int64_t>& changes) {
  const auto set = [&changes](auto& value, int64_t right, const char* column) {
    if (value == right) return;
    value = static_cast<std::remove_reference_t<decltype(value)>>(right);
    ++changes[column];
  };
  for (size_t i = 0; i < trace.size(); ++i) {
    if (rules.ports && !has_ports(trace.proto[i])) {
      set(trace.srcport[i], 0, "srcport");
      set(trace.dstport[i], 0, "dstport");
    }
    if (!trace.tcp_flags.empty() && trace.proto[i] != kTcp) set(trace.tcp_flags[i], 0, "tcp_flags");
    if (!rules.header) continue;
    if (trace.kind == TraceKind::packets) {
      set(trace.length[i], std::max<int64_t>(trace.length[i], least_bytes(trace, i)), "length");
    } else {
      set(trace.bytes[i], std::max(trace.bytes[i], least_bytes(trace, i)), "bytes");
    }
  }
}

}  // namespace bench
