#pragma once
// One comparison of a rule file: a field of a record against ranges of integers.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/trace.h"

namespace bench {

/// Where a term stands: in front of every message about it.
struct RulePlace {
  const std::string& file;
  size_t line;
};

struct RuleTerm {
  using Get = int64_t (*)(const Trace&, size_t row);

  std::vector<Get> ends;                            ///< two for ip and port
  std::vector<std::pair<int64_t, int64_t>> ranges;  ///< both ends included
  bool negated = false;

  bool holds(const Trace& trace, size_t row) const;
};

/// Throws Error(config). The columns that the term needs beyond the five-tuple are added to `columns`, and
/// `kinds` loses those that never have them.
RuleTerm parse_term(std::string_view field, std::string_view op, std::string_view value,
                    const RulePlace& place, std::vector<std::string>& columns, std::vector<TraceKind>& kinds);

}  // namespace bench
