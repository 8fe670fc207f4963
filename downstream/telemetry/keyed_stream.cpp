#include "downstream/telemetry/keyed_stream.h"

#include <array>
#include <unordered_map>

#include "core/error.h"

namespace bench {
namespace {

constexpr int64_t kMostTotal = int64_t{1} << 62;
constexpr std::array<std::string_view, 3> kFields{"srcip", "dstip", "five_tuple"};
constexpr std::array<std::string_view, 3> kUnits{"records", "packets", "bytes"};

void put(Key& key, uint64_t number, int bytes) {
  while (bytes > 0) key.packed[key.size++] = static_cast<uint8_t>(number >> (8 * --bytes));
}

Key key_of(const Trace& trace, KeyField field, size_t row) {
  switch (field) {
    case KeyField::srcip:
      return address_key(trace.srcip[row]);
    case KeyField::dstip:
      return address_key(trace.dstip[row]);
    case KeyField::five_tuple:
      return five_tuple_key(five_tuple(trace, row));
  }
  return {};
}

int64_t weight_of(const Trace& trace, WeightUnit unit, size_t row) {
  const bool flows = trace.kind == TraceKind::flows;
  switch (unit) {
    case WeightUnit::records:
      return 1;
    case WeightUnit::packets:
      return flows ? trace.packets[row] : 1;
    case WeightUnit::bytes:
      return flows ? trace.bytes[row] : trace.length[row];
  }
  return 0;
}

template <typename Enum>
Enum from_name(const std::array<std::string_view, 3>& names, std::string_view name, std::string_view what) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  fail(Kind::config, "\"{}\" is no {}; there are {}, {} and {}", name, what, names[0], names[1], names[2]);
}

KeyedStream without_stream(std::string reason) {
  KeyedStream stream;
  stream.reason = std::move(reason);
  return stream;
}

}  // namespace

Key address_key(uint32_t address) {
  Key key;
  put(key, address, 4);
  return key;
}

Key five_tuple_key(const FiveTuple& tuple) {
  Key key;
  put(key, tuple.srcip, 4);
  put(key, tuple.dstip, 4);
  put(key, tuple.srcport, 2);
  put(key, tuple.dstport, 2);
  put(key, tuple.proto, 1);
  return key;
}

std::string_view key_field_name(KeyField field) { return kFields[static_cast<size_t>(field)]; }
std::string_view weight_unit_name(WeightUnit unit) { return kUnits[static_cast<size_t>(unit)]; }
KeyField key_field_from_name(std::string_view name) {
  return from_name<KeyField>(kFields, name, "key field");
}
WeightUnit weight_unit_from_name(std::string_view name) {
  return from_name<WeightUnit>(kUnits, name, "unit of weights");
}

KeyedStream keyed_stream(const Trace& trace, KeyField field, WeightUnit unit) {
  if (trace.size() == 0) return without_stream("the trace has no records");
  KeyedStream stream;
  stream.numbers.reserve(trace.size());
  stream.weights.reserve(trace.size());
  std::unordered_map<Key, uint32_t> number_of;
  for (size_t row = 0; row < trace.size(); ++row) {
    const Key key = key_of(trace, field, row);
    const auto [known, added] = number_of.try_emplace(key, static_cast<uint32_t>(stream.keys.size()));
    if (added) {
      stream.keys.push_back(key);
      stream.totals.push_back(0);
    }
    const int64_t weight = weight_of(trace, unit, row);
    if (weight > kMostTotal - stream.total) {
      return without_stream(
          fmt::format("the {} of the records sum to more than 2^62", weight_unit_name(unit)));
    }
    stream.total += weight;
    stream.totals[known->second] += weight;
    stream.numbers.push_back(known->second);
    stream.weights.push_back(weight);
  }
  if (stream.total == 0) return without_stream(fmt::format("all records have 0 {}", weight_unit_name(unit)));
  return stream;
}

void feed(const KeyedStream& stream, Sketch& sketch) {
  for (size_t i = 0; i < stream.numbers.size(); ++i) {
    sketch.add(stream.keys[stream.numbers[i]], stream.weights[i]);
  }
}

std::vector<double> estimates_of(const Sketch& sketch, const KeyedStream& stream) {
  std::vector<double> estimates;
  estimates.reserve(stream.keys.size());
  for (const Key& key : stream.keys) estimates.push_back(sketch.estimate(key));
  return estimates;
}

}  // namespace bench
