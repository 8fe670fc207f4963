#pragma once
// Rules about single records that headers set, and records brought to them.

#include <cstdint>
#include <map>
#include <string>

#include "datasets/trace.h"

namespace bench {

struct RecordRules {
  bool header = false;  ///< a packet, or a flow record per packet, is at least as long as its headers
  bool ports = false;   ///< ports are 0 where the protocol has none
};

/// Whether record `row` breaks the rule that ports are 0 where the protocol has none.
bool breaks_ports_rule(const Trace& trace, size_t row);
/// The least length of a packet, or bytes of a flow record, by the headers that record `row` has.
int64_t least_bytes(const Trace& trace, size_t row);

/// Changes records to keep the rules; TCP flags of other protocols are 0 always. Adds to `changes` how many
/// values it changed, by column.
void make_legal(Trace& trace, const RecordRules& rules, std::map<std::string, int64_t>& changes);

}  // namespace bench
