#pragma once
// Streams for the tests and timings of this folder.

#include <cstdint>
#include <vector>

#include "datasets/surrogate/sampling.h"
#include "downstream/telemetry/keyed_stream.h"

namespace bench {

/// Packets whose source addresses are Zipf ranks 0 .. hosts - 1 with this slope; every packet from a host of
/// rank r goes to port r % 65536 of one of 4 destinations. length 40 + rank % 1461.
inline Trace zipf_packets(size_t records, int hosts, double slope, uint64_t seed) {
  const surrogate::Zipf zipf(hosts, slope);
  surrogate::Dice dice{Seed(seed)};
  Trace trace;
  for (size_t i = 0; i < records; ++i) {
    const auto rank = static_cast<uint32_t>(zipf.rank(dice.uniform()));
    trace.srcip.push_back(0x0A000000 + rank);
    trace.dstip.push_back(0x0B000000 + static_cast<uint32_t>(dice.integer(0, 3)));
    trace.srcport.push_back(5000);
    trace.dstport.push_back(static_cast<uint16_t>(rank));
    trace.proto.push_back(6);
    trace.length.push_back(40 + static_cast<int32_t>(rank % 1461));
  }
  return trace;
}

inline KeyedStream zipf_stream(size_t records, int hosts, double slope, uint64_t seed,
                               KeyField field = KeyField::srcip) {
  return keyed_stream(zipf_packets(records, hosts, slope, seed), field, WeightUnit::records);
}

/// Of `kind` with this many rows and columns, the rest by default.
inline SketchOptions sized(SketchKind kind, int rows, int64_t columns, HashKind hash = HashKind::xxhash) {
  SketchOptions options = default_options(kind);
  options.rows = rows;
  options.columns = columns;
  options.hash = hash;
  return options;
}

inline constexpr HashKind kHashKinds[] = {HashKind::xxhash, HashKind::siphash};

}  // namespace bench
