#pragma once
// The fields of a trace as the metrics see them, under NetShare's names: numeric columns as exact integers,
// and categorical columns as counts.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/flows.h"
#include "metrics/metric.h"

namespace bench {

/// A numeric field of one kind of trace.
struct NumericSpec {
  std::string_view name;  ///< "td", "pkt", "byt", "ts"; "pkt_len", "time", "flow_size", "interarrival", "ttl"
  std::string_view unit;  ///< unit of strict mode
  double raw_per_unit;    ///< integers per unit: 1e9 where the integers are nanoseconds
  bool clock;             ///< a point in time: compared relative to an origin
  bool in_paper;          ///< has an "emd" in paper mode
  bool header;      ///< an IPv4 header column that not every source has: no score if the real trace lacks it
  bool per_record;  ///< values[i] belongs to record i
  std::string_view lacking;  ///< what a trace without values has, e.g. "no time column"
  /// The values, in any order unless per_record: one per record, five-tuple (flow_size) or gap inside one
  /// (interarrival).
  std::vector<int64_t> (*values)(const Trace& trace);
};

/// Numeric fields of a kind, in the order of scores.
const std::vector<NumericSpec>& numeric_specs(TraceKind kind);

/// A numeric field of both traces, sorted once for all statistics.
struct NumericPair {
  std::vector<int64_t> real, synthetic;  ///< ascending, raw integers
  std::string missing;                   ///< why there is nothing to compare; empty if both sides have values
};

NumericPair prepare(const NumericSpec& spec, const ScoringPair& pair);
/// value - origin for each, held at the ends of the int64 range where it would wrap.
std::vector<int64_t> relative_to(const std::vector<int64_t>& values, int64_t origin);
/// The values in the field's unit.
std::vector<double> in_units(const std::vector<int64_t>& values, double raw_per_unit);
/// sign(v) log1p(|v|), element by element: ascending values stay ascending.
std::vector<double> signed_log1p(std::vector<double> values);

/// Times [ns] between successive records of a five-tuple, flow by flow, in order of time. The trace has
/// times.
std::vector<int64_t> gaps_in_flows(const Trace& trace, const FlowIndex& flows);

/// A categorical field of both traces as counts; entry i is the same value, or the same popularity rank, in
/// both.
struct CountField {
  std::string name;
  bool in_paper = false;
  std::vector<int64_t> real, synthetic;
  std::string missing;  ///< why there is nothing to compare; empty if both sides have records
};

/// srcip and dstip by popularity rank; srcport, dstport, proto by value; then, where the real trace has them,
/// the bit fields flag (the IP flags) and tcp_flags and every label column by name.
std::vector<CountField> count_fields(const ScoringPair& pair);

/// Occurrences of each address, most frequent first.
std::vector<int64_t> rank_counts(const std::vector<uint32_t>& addresses);
/// Occurrences of each of the 65,536 ports.
std::vector<int64_t> port_counts(const std::vector<uint16_t>& ports);
/// Occurrences of each of the 256 values of a byte.
std::vector<int64_t> byte_counts(const std::vector<uint8_t>& bytes);

/// "" if both traces have records, else the reason.
std::string empty_side(const ScoringPair& pair);

}  // namespace bench
