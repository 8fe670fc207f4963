#include "models/stan/attributes.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"
#include "models/rows/value_bins.h"
#include "models/stan/streams.h"

namespace bench {
namespace {

bool is_identifier(const std::string& name) {
  return name == "srcip" || name == "dstip" || name == "srcport" || name == "dstport";
}

bool is_five_tuple(const std::string& name) { return is_identifier(name) || name == "proto"; }

/// The record of the window [window] from which value `codes[row]` can be copied, the nearest one; `window`
/// if there is none. Sets in `open` [window] which records are not hidden by a nearer one of the same value.
int64_t copy_of(const std::vector<int32_t>& codes, size_t row, const int64_t* before, int64_t window,
                uint8_t* open) {
  int64_t out = window;
  for (int64_t k = 0; k < window; ++k) {
    open[k] = 0;
    if (before[k] >= static_cast<int64_t>(codes.size())) continue;
    const int32_t value = codes[static_cast<size_t>(before[k])];
    open[k] = 1;
    for (int64_t nearer = 0; nearer < k; ++nearer)
      if (codes[static_cast<size_t>(before[nearer])] == value) open[k] = 0;
    if (out == window && value == codes[row]) out = k;
  }
  return out;
}

/// Time since the begin for the first record of a stream, else the gap.
std::vector<double> relative_times(const std::vector<double>& times, const std::vector<int64_t>& before,
                                   size_t window) {
  std::vector<double> out = times;
  for (size_t i = 0; i < times.size(); ++i)
    if (before[i * window] < static_cast<int64_t>(times.size()))
      out[i] -= times[static_cast<size_t>(before[i * window])];
  return out;
}

}  // namespace

std::vector<int32_t> five_tuples(const RecordTable& table) {
  std::vector<int32_t> out(table.rows);
  std::map<std::vector<int32_t>, int32_t> known;
  for (size_t i = 0; i < table.rows; ++i) {
    std::vector<int32_t> tuple;
    for (const TableColumn& column : table.columns)
      if (is_five_tuple(column.name)) tuple.push_back(column.codes[i]);
    out[i] = known.try_emplace(std::move(tuple), static_cast<int32_t>(known.size())).first->second;
  }
  return out;
}

void StanAttributes::fit(const RecordTable& table, const std::vector<int32_t>& stream,
                         const StanOptions& options) {
  *this = {};
  options_ = options;
  labels_.fit(table);
  bins_.resize(table.columns.size());
  fresh_.resize(table.columns.size());
  scales_.resize(table.columns.size());
  const auto window = static_cast<size_t>(options.window);
  const std::vector<int64_t> before = rows_before(stream, options.window);
  std::vector<uint8_t> open(window);
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    if (is_identifier(column.name)) {
      std::vector<int64_t> counts(column.values.size());
      for (const int32_t code : column.codes) ++counts[static_cast<size_t>(code)];
      bins_[c] = value_bins(counts, options.categories, port_border(column));
      fresh_[c].assign(counts.size(), 0);
      for (size_t i = 0; i < table.rows; ++i) {
        const bool fresh = !options.copies || copy_of(column.codes, i, &before[i * window], options.window,
                                                      open.data()) == options.window;
        fresh_[c][static_cast<size_t>(column.codes[i])] += fresh;
      }
    } else if (column.name == "time") {
      std::vector<double> starts, gaps;
      const std::vector<double> relative = relative_times(column.numbers, before, window);
      for (size_t i = 0; i < table.rows; ++i)
        (before[i * window] == static_cast<int64_t>(table.rows) ? starts : gaps).push_back(relative[i]);
      start_.fit(std::move(starts));
      scales_[c].fit(std::move(gaps));
      clock_.fit(column.numbers);
    } else if (!column.is_category()) {
      scales_[c].fit(column.numbers);
    }
  }
  list_attributes(table);
}

void StanAttributes::list_attributes(const RecordTable& columns) {
  const auto bins_in = [this](size_t c) {
    return bins_[c].empty() ? 0 : *std::max_element(bins_[c].begin(), bins_[c].end()) + 1;
  };
  const auto add = [&](Attribute::Kind kind, size_t column, int64_t classes) {
    const bool five_tuple = column != Attribute::kLabels && is_five_tuple(columns.columns[column].name);
    Attribute attribute{kind, column, classes, cardinalities_.size(), 0, five_tuple};
    if (kind == Attribute::Kind::number) attribute.place = numbers_++;
    if (kind != Attribute::Kind::repeat)
      cardinalities_.push_back(kind == Attribute::Kind::number ? Attribute::kNumberBins : classes);
    if (kind == Attribute::Kind::identifier || kind == Attribute::Kind::repeat) {
      attribute.place = copying_++;
      cardinalities_.push_back(options_.window + 1);
    }
    list_.push_back(attribute);
  };
  size_t source = Attribute::kLabels;
  for (size_t c = 0; c < columns.columns.size(); ++c)
    if (columns.columns[c].name == "srcip") source = c;
  if (options_.hosts) add(Attribute::Kind::given, source, bins_in(source));
  if (!labels_.empty())
    add(Attribute::Kind::category, Attribute::kLabels, static_cast<int64_t>(labels_.size()));
  if (options_.copies) add(Attribute::Kind::repeat, Attribute::kLabels, 1);
  for (size_t c = count_labels(columns); c < columns.columns.size(); ++c) {
    const TableColumn& column = columns.columns[c];
    if (column.name == "time") time_ = c;
    if (options_.hosts && c == source) continue;
    if (is_identifier(column.name)) {
      add(Attribute::Kind::identifier, c, bins_in(c));
    } else if (column.is_category()) {
      add(Attribute::Kind::category, c, static_cast<int64_t>(column.values.size()));
    } else {
      add(Attribute::Kind::number, c, 0);
    }
  }
}

size_t StanAttributes::begin_of_five_tuple() const {
  size_t out = 0;
  while (out < list_.size() && (!list_[out].five_tuple || list_[out].kind == Attribute::Kind::given)) ++out;
  return out;
}

size_t StanAttributes::end_of_five_tuple() const {
  size_t out = begin_of_five_tuple();
  while (out < list_.size() && list_[out].five_tuple) ++out;
  return out;
}

StanRows StanAttributes::encode(const RecordTable& table, const std::vector<int32_t>& stream) const {
  const size_t rows = table.rows, window = static_cast<size_t>(options_.window),
               inputs = cardinalities_.size();
  StanRows out;
  out.before = rows_before(stream, options_.window);
  out.codes.resize((rows + 1) * inputs);
  out.units.resize((rows + 1) * numbers_);
  out.targets.resize(rows * list_.size());
  out.open.resize(rows * copying_ * window);
  out.low.resize(rows * numbers_);
  out.high.resize(rows * numbers_);
  std::copy(cardinalities_.begin(), cardinalities_.end(),
            out.codes.end() - static_cast<std::ptrdiff_t>(inputs));
  std::vector<bool> repeats(rows, false);
  for (size_t a = 0; a < list_.size(); ++a) {
    const Attribute& attribute = list_[a];
    std::vector<int32_t> codes;
    std::vector<double> numbers;
    if (attribute.kind == Attribute::Kind::repeat) {
      codes = five_tuples(table);
    } else if (attribute.column == Attribute::kLabels) {
      codes = labels_.codes(table);
    } else {
      codes = table.columns[attribute.column].codes;
      numbers = table.columns[attribute.column].numbers;
      if (is_time(attribute)) numbers = relative_times(numbers, out.before, window);
    }
    for (size_t i = 0; i < rows; ++i) {
      int64_t* code = &out.codes[i * inputs + attribute.input];
      int64_t& target = out.targets[i * list_.size() + a];
      if (attribute.kind == Attribute::Kind::number) {
        const bool first = out.before[i * window] == static_cast<int64_t>(rows);
        const NumberScale& its = scale(attribute, first);
        const size_t place = its.index(numbers[i]);
        out.low[i * numbers_ + attribute.place] = static_cast<float>(its.lo(place));
        out.high[i * numbers_ + attribute.place] = static_cast<float>(its.hi(place));
        const double middle = its.middle(place);
        out.units[i * numbers_ + attribute.place] = static_cast<float>(middle);
        *code = static_cast<int64_t>(middle * Attribute::kNumberBins);
      } else if (attribute.kind == Attribute::Kind::category) {
        *code = target = codes[i];
      } else if (attribute.kind == Attribute::Kind::given) {
        *code = bin(attribute, codes[i]);
      } else {
        uint8_t* open = &out.open[(i * copying_ + attribute.place) * window];
        int64_t copied = copy_of(codes, i, &out.before[i * window], options_.window, open);
        if (!options_.copies) {
          copied = options_.window;
          std::fill(open, open + window, uint8_t{0});
        }
        if (attribute.kind == Attribute::Kind::repeat) {
          *code = target = copied;
          repeats[i] = copied < options_.window;
          continue;
        }
        *code = bin(attribute, codes[i]);
        code[1] = copied;
        target = copied < options_.window ? copied : options_.window + *code;
      }
      if (attribute.five_tuple && repeats[i]) target = kKnown;
    }
  }
  return out;
}

void StanAttributes::to_clock(std::vector<double>& times) const {
  std::vector<size_t> order(times.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return times[a] < times[b]; });
  const auto n = static_cast<double>(order.size());
  for (size_t first = 0; first < order.size();) {
    const double old = times[order[first]];
    size_t last = first;
    while (last < order.size() && times[order[last]] == old) ++last;
    const double now = clock_.value((static_cast<double>(first) + static_cast<double>(last)) / 2 / n);
    for (; first < last; ++first) times[order[first]] = now;
  }
}

void StanAttributes::save(H5Writer& file) const {
  labels_.save(file);
  for (size_t c = 0; c < scales_.size(); ++c) {
    const std::string name = "attribute " + std::to_string(c);
    file.column(name + ":bins", bins_[c]);
    file.column(name + ":fresh", fresh_[c]);
    if (scales_[c].size() > 0) scales_[c].save(file, name);
  }
  if (time_ == Attribute::kLabels) return;
  start_.save(file, "start");
  clock_.save(file, "clock");
}

void StanAttributes::load(const H5Reader& file, const RecordTable& columns, const StanOptions& options) {
  *this = {};
  options_ = options;
  labels_.load(file, columns);
  bins_.resize(columns.columns.size());
  fresh_.resize(columns.columns.size());
  scales_.resize(columns.columns.size());
  for (size_t c = 0; c < columns.columns.size(); ++c) {
    const TableColumn& column = columns.columns[c];
    const std::string name = "attribute " + std::to_string(c);
    bins_[c] = file.column<int32_t>(name + ":bins");
    fresh_[c] = file.column<int64_t>(name + ":fresh");
    const size_t values = is_identifier(column.name) ? column.values.size() : 0;
    const bool right = std::all_of(bins_[c].begin(), bins_[c].end(), [](int32_t bin) { return bin >= 0; });
    if (bins_[c].size() != values || fresh_[c].size() != values || !right)
      fail(Kind::data, "saved STAN: {} has {} bins and {} counts; {} each would be right", column.name,
           bins_[c].size(), fresh_[c].size(), values);
    if (!column.is_category()) scales_[c].load(file, name);
  }
  list_attributes(columns);
  if (time_ == Attribute::kLabels) return;
  start_.load(file, "start");
  clock_.load(file, "clock");
}

}  // namespace bench
