#include "metrics/columns.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "datasets/labels.h"
#include "metrics/marginals.h"

namespace bench {
namespace {

template <typename T>
std::vector<uint32_t> codes(const std::vector<T>& column) {
  return {column.begin(), column.end()};
}

CategoryPair label_pair(LabelColumn real, const Trace& synthetic) {
  CategoryPair pair{real.name, {}, {}, ""};
  const LabelColumn* other = find_label(synthetic, real.name);
  if (other == nullptr) {
    pair.missing = fmt::format("the synthetic trace has no {} column", real.name);
    return pair;
  }
  std::vector<uint32_t> shared;
  for (const auto& name : other->names) shared.push_back(static_cast<uint32_t>(real.code_of(name)));
  for (const int32_t code : real.codes) pair.real.push_back(static_cast<uint32_t>(code));
  for (const int32_t code : other->codes) pair.synthetic.push_back(shared[static_cast<size_t>(code)]);
  return pair;
}

}  // namespace

std::vector<CategoryPair> category_pairs(const Trace& real, const Trace& synthetic) {
  std::vector<CategoryPair> pairs;
  const auto add = [&](std::string_view name, const auto& r, const auto& s) {
    CategoryPair pair{std::string(name), {}, {}, ""};
    if (s.empty()) {
      pair.missing = fmt::format("the synthetic trace has no {} column", name);
    } else {
      pair.real = codes(r);
      pair.synthetic = codes(s);
    }
    pairs.push_back(std::move(pair));
  };
  add("srcip", real.srcip, synthetic.srcip);
  add("dstip", real.dstip, synthetic.dstip);
  add("srcport", real.srcport, synthetic.srcport);
  add("dstport", real.dstport, synthetic.dstport);
  add("proto", real.proto, synthetic.proto);
  if (!real.ip_flags.empty()) add("flag", real.ip_flags, synthetic.ip_flags);
  if (!real.tcp_flags.empty()) add("tcp_flags", real.tcp_flags, synthetic.tcp_flags);
  for (const LabelColumn& label : real.labels) pairs.push_back(label_pair(label, synthetic));
  return pairs;
}

std::vector<NumberPair> number_pairs(const Trace& real, const Trace& synthetic, int64_t origin) {
  std::vector<NumberPair> pairs;
  for (const NumericSpec& spec : numeric_specs(real.kind)) {
    if (!spec.per_record) continue;
    NumberPair pair{&spec, spec.values(real), spec.values(synthetic), ""};
    if (pair.real.empty() && spec.header) continue;
    if (pair.real.empty() || pair.synthetic.empty()) {
      pair.missing =
          fmt::format("the {} trace has {}", pair.real.empty() ? "real" : "synthetic", spec.lacking);
    } else if (spec.clock) {
      pair.real = relative_to(pair.real, origin);
      pair.synthetic = relative_to(pair.synthetic, origin);
    }
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

Trace first_of_each_flow(const Trace& trace, const FlowIndex& flows) {
  std::vector<size_t> rows(flows.size());
  for (size_t f = 0; f < flows.size(); ++f) rows[f] = flows.flow(f).front();
  return select(trace, rows);
}

std::vector<uint32_t> services(const std::vector<uint32_t>& ports) {
  std::vector<uint32_t> out(ports);
  for (uint32_t& port : out) port = std::min<uint32_t>(port, kServicePorts);
  return out;
}

std::vector<uint32_t> quarter_octaves(const std::vector<int64_t>& values) {
  std::vector<uint32_t> out;
  out.reserve(values.size());
  for (const int64_t value : values) {
    const double size = 1 + static_cast<double>(std::max<int64_t>(value, 0));
    out.push_back(static_cast<uint32_t>(std::floor(4 * std::log2(size))));
  }
  return out;
}

}  // namespace bench
