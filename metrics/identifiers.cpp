#include "metrics/identifiers.h"

#include <algorithm>
#include <array>

namespace bench {
namespace {

uint64_t address_pair(const Trace& t, size_t row) {
  return (static_cast<uint64_t>(t.srcip[row]) << 32) | t.dstip[row];
}

void add_addresses(const Trace& t, size_t row, std::vector<RowKey>& keys) {
  keys.push_back({t.srcip[row], 0});
  keys.push_back({t.dstip[row], 0});
}

void add_pair(const Trace& t, size_t row, std::vector<RowKey>& keys) {
  keys.push_back({address_pair(t, row), 0});
}

void add_five_tuple(const Trace& t, size_t row, std::vector<RowKey>& keys) {
  const uint64_t ports = (static_cast<uint64_t>(t.srcport[row]) << 16) | t.dstport[row];
  keys.push_back({address_pair(t, row), (ports << 8) | t.proto[row]});
}

void add_endpoints(const Trace& t, size_t row, std::vector<RowKey>& keys) {
  keys.push_back({t.srcip[row], t.srcport[row]});
  keys.push_back({t.dstip[row], t.dstport[row]});
}

constexpr std::array kKinds{
    IdentifierKind{"addresses", add_addresses}, IdentifierKind{"address pairs", add_pair},
    IdentifierKind{"five-tuples", add_five_tuple}, IdentifierKind{"addresses with port", add_endpoints}};

}  // namespace

std::span<const IdentifierKind> identifier_kinds() { return kKinds; }

std::vector<RowKey> identifiers(const IdentifierKind& kind, const Trace& trace,
                                std::span<const size_t> rows) {
  std::vector<RowKey> keys;
  keys.reserve(2 * rows.size());
  for (const size_t row : rows) kind.add(trace, row, keys);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

double share_among(const std::vector<RowKey>& keys, const std::vector<RowKey>& others) {
  size_t shared = 0;
  for (size_t i = 0, j = 0; i < keys.size() && j < others.size();) {
    if (keys[i] == others[j]) ++shared;
    const bool advance = keys[i] <= others[j];
    i += advance ? 1 : 0;
    j += advance ? 0 : 1;
  }
  return static_cast<double>(shared) / static_cast<double>(keys.size());
}

}  // namespace bench
