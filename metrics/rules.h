#pragma once
// Rules that a plausible header record keeps, with counts of the records that each one speaks about and of
// those that keep it. Real traces break rules too: a count means something beside the real one.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

/// Field of the score over all header rules together; no rule has this id.
inline constexpr const char* kAnyRule = "any";

struct RuleCount {
  int64_t applies = 0;  ///< records (sessions for V14) where the premise holds
  int64_t keeps = 0;    ///< those of them that pass
};

struct RuleInput {
  const Trace& trace;
  TimeWindow window;                ///< of the training part; begin < end where it is known
  std::vector<uint8_t>& violating;  ///< per record; a header rule sets 1 where the record breaks it
};

struct Rule {
  std::string id;                    ///< "V4"
  std::string text;                  ///< "if port = 53 then proto = udp"
  std::vector<TraceKind> kinds;      ///< kinds of trace that it is about
  std::vector<std::string> columns;  ///< columns of a Trace that it needs, by the names of for_each_column
  /// About the header of one record, whatever the others and the clock are: such rules mark `violating`.
  bool header = true;
  std::function<RuleCount(const RuleInput&)> count;
};

/// V1 - V7 and V9 - V14 of the specification as far as a Trace can tell: version, header length, checksum and
/// lengths behind the IP header are not in it. V8, which networks are inside, is a matter of the dataset:
/// its descriptor (datasets/catalog) has it as text of metrics/rule_file.h.
const std::vector<Rule>& built_in_rules();

/// The first column that the rule needs and the trace lacks; "" if it has all.
std::string missing_column(const Rule& rule, const Trace& trace);

/// Counts and marks the records of a header rule: `premise(trace, row)` and `check(trace, row)`.
template <typename Premise, typename Check>
RuleCount count_records(const RuleInput& in, const Premise& premise, const Check& check) {
  RuleCount out;
  for (size_t i = 0; i < in.trace.size(); ++i) {
    if (!premise(in.trace, i)) continue;
    ++out.applies;
    if (check(in.trace, i)) {
      ++out.keeps;
    } else {
      in.violating[i] = 1;
    }
  }
  return out;
}

/// The rules that look at several records at once.
RuleCount count_inside_window(const RuleInput& in);
/// Packets that follow another one of their five-tuple in the source's order, and are not older than it.
RuleCount count_in_order(const RuleInput& in);
/// TCP sessions (both directions of a pair of endpoints) with SYN from one side, SYN-ACK from the other and
/// ACK from the first.
RuleCount count_handshakes(const RuleInput& in);
/// TCP sessions with a FIN or RST.
RuleCount count_teardowns(const RuleInput& in);

}  // namespace bench
