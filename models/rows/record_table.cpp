#include "models/rows/record_table.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "models/encode/fields.h"
#include "models/encode/flow_encoder.h"
#include "models/rows/record_rules.h"

namespace bench {
namespace {

/// The rule about ports is kept if at most this share of the records without ports break it.
constexpr double kRuleTolerance = 0.01;

/// Where a column of the table comes from.
struct Source {
  std::string column;  ///< as column_of() names it
  int bit = -1;        ///< -1 = the whole value
};

Source source_of(const std::string& name) {
  const size_t colon = name.find(':');
  if (colon == name.npos || name.starts_with("label:")) return {name, -1};
  return {name.substr(0, colon), std::stoi(name.substr(colon + 1))};
}

double unit_of(std::string_view column) {
  return column == "time" || column == "duration" ? kNanosecondsPerSecond : 1;
}

bool is_address(std::string_view column) { return column == "srcip" || column == "dstip"; }
bool is_port(std::string_view column) { return column == "srcport" || column == "dstport"; }
bool is_number(const std::string& column, const TableOptions& options) {
  if (is_address(column)) return options.addresses == Identifiers::number;
  if (is_port(column)) return options.ports == Identifiers::number;
  return column != "proto" && column != "ip_flags" && column != "tcp_flags" && !column.starts_with("label:");
}

std::vector<std::string> table_columns(const Trace& trace, const TableOptions& options) {
  std::vector<std::string> out, rest;
  for (const auto& label : trace.labels) out.push_back("label:" + label.name);
  out.emplace_back("proto");
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (column.empty() || name == "proto") return;
    const bool address = is_address(name), identifier = address || is_port(name);
    if (!identifier) {
      rest.emplace_back(name);
    } else if ((address ? options.addresses : options.ports) != Identifiers::bits) {
      out.emplace_back(name);
    } else {
      for (int bit = address ? 31 : 15; bit >= 0; --bit)
        out.push_back(std::string(name) + ":" + std::to_string(bit));
    }
  });
  std::stable_partition(rest.begin(), rest.end(), [](const std::string& name) { return name == "time"; });
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

/// A column as integers; `ordered` stands in order of time. Time is relative, as the options say.
std::vector<int64_t> raw_values(const Trace& ordered, const Source& source, const TableOptions& options,
                                const TimeWindow& window) {
  std::vector<int64_t> out = column_of(ordered, source.column);
  if (source.bit >= 0) {
    for (int64_t& value : out) value = (value >> source.bit) & 1;
  }
  if (source.column == "time" && options.gaps) {
    std::adjacent_difference(out.begin(), out.end(), out.begin());
    if (!out.empty()) out.front() = 0;
  } else if (source.column == "time") {
    for (int64_t& value : out) value -= window.begin;
  }
  return out;
}

/// True if records of protocols without ports have the ports 0.
bool keeps_ports_rule(const Trace& trace) {
  size_t without = 0, broken = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    without += !has_ports(trace.proto[i]);
    broken += breaks_ports_rule(trace, i);
  }
  return static_cast<double>(broken) <= kRuleTolerance * static_cast<double>(without);
}

}  // namespace

const TableColumn* RecordTable::find(std::string_view name) const {
  for (const TableColumn& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

RecordTable without_rows(const RecordTable& table) {
  RecordTable out;
  for (const TableColumn& column : table.columns)
    out.columns.push_back({column.name, column.values, {}, {}, column.integral});
  return out;
}

void RecordColumns::fit(const Trace& trace, TimeWindow window) {
  assert(trace.size() > 0);
  const Trace ordered = select(trace, time_order(trace));
  window_ = window;
  stretch_ = 1;
  like_ = {};
  like_.kind = ordered.kind;
  for (const auto& label : ordered.labels) like_.labels.push_back({label.name, label.names, {}});
  header_rule_ = keeps_header_rule(ordered);
  ports_rule_ = keeps_ports_rule(ordered);
  empty_ = {};
  ranges_.clear();
  for (const std::string& name : table_columns(ordered, options_)) {
    const Source source = source_of(name);
    std::vector<int64_t> values = raw_values(ordered, source, options_, window_);
    std::sort(values.begin(), values.end());
    TableColumn column{name, {}, {}, {}, true};
    ranges_.push_back({values.front(), values.back()});
    if (options_.open && source.bit >= 0) values = {0, 1};
    if (options_.open && is_address(source.column)) ranges_.back() = {0, UINT32_MAX};
    if (options_.open && is_port(source.column)) ranges_.back() = {0, UINT16_MAX};
    if (is_number(source.column, options_)) {
      const auto unit = static_cast<int64_t>(unit_of(source.column));
      column.integral = std::all_of(values.begin(), values.end(), [&](int64_t v) { return v % unit == 0; });
    } else {
      values.erase(std::unique(values.begin(), values.end()), values.end());
      column.values = std::move(values);
    }
    empty_.columns.push_back(std::move(column));
  }
}

RecordTable RecordColumns::encode(const Trace& trace) const { return rows_of(trace, Unknown::error); }

RecordTable RecordColumns::rows_of(const Trace& trace, Unknown unknown) const {
  const Trace ordered = select(trace, time_order(trace));
  RecordTable out = empty_;
  out.rows = ordered.size();
  for (size_t c = 0; c < out.columns.size(); ++c) {
    TableColumn& column = out.columns[c];
    const Source source = source_of(column.name);
    const std::vector<int64_t> raw = raw_values(ordered, source, options_, window_);
    if (raw.size() != out.rows)
      fail(unknown == Unknown::error ? Kind::data : Kind::unsupported,
           "record table: the trace has no column {}, which the training part has", source.column);
    if (column.is_category()) {
      column.codes.resize(out.rows);
      std::transform(raw.begin(), raw.end(), column.codes.begin(), [&](int64_t v) {
        if (unknown == Unknown::minus_one &&
            !std::binary_search(column.values.begin(), column.values.end(), v))
          return -1;
        return static_cast<int32_t>(index_of(column.values, v));
      });
      continue;
    }
    column.numbers.resize(out.rows);
    const double unit = unit_of(source.column),
                 shrink = source.column == "time" && stretch_ != 1 ? (stretch_ > 0 ? 1 / stretch_ : 0) : 1;
    const double lo = static_cast<double>(ranges_[c].lo), hi = static_cast<double>(ranges_[c].hi);
    for (size_t i = 0; i < out.rows; ++i) {
      const double value = static_cast<double>(raw[i]);
      column.numbers[i] = (unknown == Unknown::minus_one ? std::clamp(value * shrink, lo, hi) : value) / unit;
    }
  }
  return out;
}

std::vector<int64_t> RecordColumns::decode_numbers(size_t index, const std::vector<double>& numbers,
                                                   int64_t& clamped) const {
  const double unit = unit_of(source_of(empty_.columns[index].name).column);
  const bool integral = empty_.columns[index].integral;
  const Range range = ranges_[index];
  std::vector<int64_t> out(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double value = integral ? std::round(numbers[i]) * unit : std::round(numbers[i] * unit);
    if (value >= static_cast<double>(range.lo) && value <= static_cast<double>(range.hi)) {
      out[i] = static_cast<int64_t>(value);
      continue;
    }
    out[i] = value > static_cast<double>(range.hi) ? range.hi : range.lo;  // the lower end for a NaN
    ++clamped;
  }
  return out;
}

Trace RecordColumns::decode(const RecordTable& table, std::map<std::string, int64_t>& clamps) const {
  assert(table.columns.size() == empty_.columns.size());
  Trace out = like_;
  std::vector<int64_t> bits(table.rows, 0);
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    const std::vector<int64_t>& values = empty_.columns[c].values;
    assert(column.name == empty_.columns[c].name);
    const Source source = source_of(column.name);
    int64_t clamped = 0;
    std::vector<int64_t> raw;
    if (values.empty()) {
      assert(column.numbers.size() == table.rows);
      raw = decode_numbers(c, column.numbers, clamped);
    } else {
      assert(column.codes.size() == table.rows);
      raw.resize(table.rows);
      std::transform(column.codes.begin(), column.codes.end(), raw.begin(),
                     [&](int32_t code) { return values.at(static_cast<size_t>(code)); });
    }
    if (source.bit >= 0) {
      for (size_t i = 0; i < table.rows; ++i) bits[i] |= raw[i] << source.bit;
      if (source.bit > 0) continue;
      raw = std::exchange(bits, std::vector<int64_t>(table.rows, 0));
    }
    if (source.column == "time") place_times(raw, clamped);
    if (clamped > 0) clamps[source.column] += clamped;
    put_column(out, source.column, raw);
  }
  make_legal(out, clamps);
  return select(out, time_order(out));
}

void RecordColumns::place_times(std::vector<int64_t>& times, int64_t& clamped) const {
  if (options_.gaps) {
    // Summed as doubles: times of a long trace drawn too long could pass the range of the integers.
    const double sum = std::accumulate(times.begin(), times.end(), 0.0),
                 room = static_cast<double>(window_.end - window_.begin);
    const double squeeze = sum > room ? room / sum : 1;
    if (squeeze < 1) clamped += static_cast<int64_t>(times.size());
    double clock = 0;
    for (int64_t& time : times) {
      clock += static_cast<double>(time) * squeeze;
      time = std::min<int64_t>(std::llround(clock), window_.end - window_.begin);
    }
  }
  for (int64_t& time : times) {
    if (stretch_ != 1)
      time =
          std::min<int64_t>(std::llround(static_cast<double>(time) * stretch_), window_.end - window_.begin);
    time += window_.begin;
  }
}

void RecordColumns::make_legal(Trace& trace, std::map<std::string, int64_t>& clamps) const {
  bench::make_legal(trace, {header_rule_, ports_rule_}, clamps);
}

}  // namespace bench
