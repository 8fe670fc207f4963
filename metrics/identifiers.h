#pragma once
// Names of hosts and connections in a trace, for what a synthetic trace gives away of them.

#include <span>
#include <string_view>
#include <vector>

#include "metrics/row_keys.h"

namespace bench {

struct IdentifierKind {
  std::string_view name;
  void (*add)(const Trace& trace, size_t row, std::vector<RowKey>& keys);
};

/// Addresses of either end, (source, destination) pairs, five-tuples, and (address, port) of either end.
std::span<const IdentifierKind> identifier_kinds();
/// The different identifiers of the rows, ascending.
std::vector<RowKey> identifiers(const IdentifierKind& kind, const Trace& trace, std::span<const size_t> rows);
/// Share of the ascending, non-empty, different `keys` that are among the ascending `others`.
double share_among(const std::vector<RowKey>& keys, const std::vector<RowKey>& others);

}  // namespace bench
