#include "models/bayes_net/variables.h"

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "core/h5.h"
#include "models/rows/value_bins.h"

namespace bench {

void BayesVariables::fit(const RecordTable& table, int64_t most_bins) {
  assert(table.rows > 0);
  labels_.fit(table);
  numbers_.assign(table.columns.size(), {});
  bins_.assign(table.columns.size(), {});
  for (size_t c = count_labels(table); c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    if (!column.is_category()) {
      std::vector<double>& values = numbers_[c];
      values = column.numbers;
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
    }
    std::vector<int64_t> counts(column.is_category() ? column.values.size() : numbers_[c].size());
    if (static_cast<int64_t>(counts.size()) <= most_bins) continue;
    for (size_t i = 0; i < table.rows; ++i) ++counts[static_cast<size_t>(value_code(column, c, i))];
    bins_[c] = value_bins(counts, most_bins, port_border(column));
  }
  list_variables(table);
}

void BayesVariables::list_variables(const RecordTable& columns) {
  list_.clear();
  of_column_.assign(columns.columns.size(), Variable::kNone);
  if (!labels_.empty()) list_.push_back({"labels", Variable::kNone, Variable::kNone});
  for (size_t c = count_labels(columns); c < columns.columns.size(); ++c) {
    const std::string& name = columns.columns[c].name;
    size_t bin = Variable::kNone;
    if (!bins_[c].empty()) {
      bin = list_.size();
      list_.push_back({name + " bin", c, Variable::kNone});
    }
    of_column_[c] = list_.size();
    list_.push_back({name, c, bin});
  }
}

int32_t BayesVariables::value_code(const TableColumn& column, size_t index, size_t row) const {
  if (column.is_category()) return column.codes[row];
  const auto& values = numbers_[index];
  return static_cast<int32_t>(std::lower_bound(values.begin(), values.end(), column.numbers[row]) -
                              values.begin());
}

BayesVariables::Columns BayesVariables::codes(const RecordTable& table) const {
  Columns out(list_.size(), std::vector<int32_t>(table.rows));
  if (!labels_.empty()) out[0] = labels_.codes(table);
  for (size_t v = labels_.empty() ? 0 : 1; v < list_.size(); ++v) {
    const size_t c = list_[v].column;
    const bool bin = of_column_[c] != v;
    for (size_t i = 0; i < table.rows; ++i) {
      const int32_t code = value_code(table.columns[c], c, i);
      out[v][i] = bin ? bins_[c][static_cast<size_t>(code)] : code;
    }
  }
  return out;
}

RecordTable BayesVariables::table(const Columns& codes, const RecordTable& columns) const {
  RecordTable out = columns;
  out.rows = codes.front().size();
  labels_.put(codes.front(), out);
  for (size_t c = count_labels(columns); c < out.columns.size(); ++c) {
    TableColumn& column = out.columns[c];
    const std::vector<int32_t>& of = codes[of_column_[c]];
    if (column.is_category()) {
      column.codes = of;
      continue;
    }
    column.numbers.resize(out.rows);
    for (size_t i = 0; i < out.rows; ++i) column.numbers[i] = numbers_[c][static_cast<size_t>(of[i])];
  }
  return out;
}

void BayesVariables::save(H5Writer& file) const {
  labels_.save(file);
  std::vector<int32_t> bins;
  std::vector<double> numbers;
  std::vector<int64_t> sizes;
  for (size_t c = 0; c < numbers_.size(); ++c) {
    numbers.insert(numbers.end(), numbers_[c].begin(), numbers_[c].end());
    bins.insert(bins.end(), bins_[c].begin(), bins_[c].end());
    sizes.push_back(static_cast<int64_t>(numbers_[c].size()));
    sizes.push_back(static_cast<int64_t>(bins_[c].size()));
  }
  file.column("variables:numbers", numbers);
  file.column("variables:bins", bins);
  file.column("variables:sizes", sizes);
}

void BayesVariables::load(const H5Reader& file, const RecordTable& columns) {
  labels_.load(file, columns);
  const auto bins = file.column<int32_t>("variables:bins");
  const auto numbers = file.column<double>("variables:numbers");
  const auto sizes = file.column<int64_t>("variables:sizes");
  const size_t n = columns.columns.size();
  const auto check = [](bool right, std::string_view what) {
    if (!right) fail(Kind::data, "saved Bayesian network: {} is not as save() writes it", what);
  };
  check(sizes.size() == 2 * n, "variables:sizes");
  numbers_.assign(n, {});
  bins_.assign(n, {});
  size_t number = 0, bin = 0;
  for (size_t c = 0; c < n; ++c) {
    const auto take = [&](const auto& from, size_t& place, int64_t size, auto& to) {
      check(size >= 0 && static_cast<size_t>(size) <= from.size() - place, "variables:sizes");
      const auto first = from.begin() + static_cast<std::ptrdiff_t>(place);
      to.assign(first, first + static_cast<std::ptrdiff_t>(size));
      place += static_cast<size_t>(size);
    };
    take(numbers, number, sizes[2 * c], numbers_[c]);
    take(bins, bin, sizes[2 * c + 1], bins_[c]);
    check(columns.columns[c].is_category() == numbers_[c].empty(), "variables:numbers");
  }
  list_variables(columns);
}

}  // namespace bench
