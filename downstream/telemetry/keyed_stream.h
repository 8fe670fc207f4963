#pragma once
// A trace as what a telemetry sketch sees: one (key, weight) per record, and the exact totals to judge it by.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/trace.h"
#include "downstream/telemetry/key.h"
#include "downstream/telemetry/sketch.h"

namespace bench {

enum class KeyField { srcip, dstip, five_tuple };

/// What a record weighs. Of packets: 1, 1, length. Of flow records: 1, packets, bytes.
enum class WeightUnit { records, packets, bytes };

/// "srcip", "dstip", "five_tuple".
std::string_view key_field_name(KeyField field);
/// "records", "packets", "bytes".
std::string_view weight_unit_name(WeightUnit unit);
/// Inverses. Throw Error(config) that names the known ones.
KeyField key_field_from_name(std::string_view name);
WeightUnit weight_unit_from_name(std::string_view name);

struct KeyedStream {
  std::string reason;             ///< why nothing can be counted, one sentence; empty if it can
  std::vector<Key> keys;          ///< the different ones, in order of first appearance
  std::vector<int64_t> totals;    ///< exact weight of each
  std::vector<uint32_t> numbers;  ///< per record, its key's place in `keys`
  std::vector<int64_t> weights;   ///< per record
  int64_t total = 0;              ///< of all weights, 1 .. 2^62
};

/// Fewer than 2^32 records. Sets `reason` (and only that) if there is no record, if all weights are 0, or if
/// their sum exceeds 2^62.
KeyedStream keyed_stream(const Trace& trace, KeyField field, WeightUnit unit);

/// Adds every record in order.
void feed(const KeyedStream& stream, Sketch& sketch);
/// The estimate of each key of the stream.
std::vector<double> estimates_of(const Sketch& sketch, const KeyedStream& stream);

}  // namespace bench
