#include "models/rows/number_calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <random>

#include "core/h5.h"

namespace bench {
namespace {

/// Values of each side that are kept: enough for a distribution function good to 1e-4.
constexpr size_t kValues = 50'000;

std::vector<double> ranked(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  if (values.size() <= kValues) return values;
  std::vector<double> out(kValues);
  for (size_t i = 0; i < kValues; ++i) out[i] = values[i * (values.size() - 1) / (kValues - 1)];
  return out;
}

}  // namespace

void NumberCalibration::fit(const RecordTable& real, const RecordTable& made) {
  assert(made.rows > 0 && made.columns.size() == real.columns.size());
  columns_.clear();
  for (size_t c = 0; c < real.columns.size(); ++c) {
    if (real.columns[c].is_category()) continue;
    Column column;
    column.place = c;
    column.made = ranked(made.columns[c].numbers);
    column.real.fit(Scale::quantile, ranked(real.columns[c].numbers));
    columns_.push_back(std::move(column));
  }
}

void NumberCalibration::apply(RecordTable& table, Rng& rng) const {
  std::uniform_real_distribution<double> unit(0, 1);
  for (const Column& column : columns_) {
    const auto n = static_cast<double>(column.made.size());
    for (double& value : table.columns[column.place].numbers) {
      const auto [from, to] = std::equal_range(column.made.begin(), column.made.end(), value);
      const auto below = static_cast<double>(from - column.made.begin());
      const auto equal = static_cast<double>(to - from);
      value = column.real.decode(static_cast<float>((below + unit(rng) * equal) / n));
    }
  }
}

void NumberCalibration::save(H5Writer& file) const {
  for (const Column& column : columns_) {
    const std::string name = fmt::format("calibration{}", column.place);
    file.column(name + ":made", column.made);
    column.real.save(file, name);
  }
}

void NumberCalibration::load(const H5Reader& file, const RecordTable& columns) {
  columns_.clear();
  for (size_t c = 0; c < columns.columns.size(); ++c) {
    const std::string name = fmt::format("calibration{}", c);
    if (columns.columns[c].is_category() || !file.has_column(name + ":made")) continue;
    Column column;
    column.place = c;
    column.made = file.column<double>(name + ":made");
    column.real.load(file, name);
    columns_.push_back(std::move(column));
  }
}

}  // namespace bench
