#include "models/rows/row_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr double kDeviations = 4;  ///< of a mode that make 1
constexpr double kLargest = 0.99;

bool heavy_tailed(const std::string& name) {
  return name == "duration" || name == "packets" || name == "bytes";
}

std::string mixture_name(size_t column) { return fmt::format("mixture{}", column); }

}  // namespace

void RowEncoder::lay_out() {
  layout_ = {};
  spans_.clear();
  for (size_t c = 0; c < columns_.columns.size(); ++c) {
    const TableColumn& column = columns_.columns[c];
    RowSpan span{layout_.width, static_cast<int64_t>(column.values.size()), !column.is_category()};
    if (span.number) {
      span.width = 1 + static_cast<int64_t>(mixtures_[c].size());
      layout_.add(Head::Kind::word, 1, 1);
      layout_.add(Head::Kind::category, 1, span.width - 1);
    } else {
      layout_.add(Head::Kind::category, 1, span.width);
    }
    spans_.push_back(span);
  }
}

void RowEncoder::fit(const RecordTable& table, const RowEncoderOptions& options, Seed seed) {
  assert(table.rows > 0);
  columns_ = without_rows(table);
  std::vector<size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), size_t{0});
  if (options.mixture_rows > 0 && static_cast<size_t>(options.mixture_rows) < table.rows) {
    Rng rng = seed.child("rows").rng();
    std::shuffle(rows.begin(), rows.end(), rng);
    rows.resize(static_cast<size_t>(options.mixture_rows));
  }
  mixtures_.assign(table.columns.size(), {});
  logarithm_.assign(table.columns.size(), 0);
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    if (column.is_category()) continue;
    logarithm_[c] = options.log1p && heavy_tailed(column.name);
    std::vector<double> values;
    for (const size_t row : rows) {
      const double v = column.numbers[row];
      values.push_back(logarithm_[c] != 0 ? std::log1p(v) : v);
    }
    mixtures_[c].fit(values, static_cast<size_t>(options.modes), seed.child("clusters", c));
  }
  lay_out();
}

std::vector<float> RowEncoder::encode(const RecordTable& table, Rng& rng) const {
  assert(table.columns.size() == spans_.size());
  const auto width = static_cast<size_t>(layout_.width);
  std::vector<float> out(table.rows * width, 0.0F);
  constexpr double kUnit = 0x1p-53;
  for (size_t c = 0; c < spans_.size(); ++c) {
    const TableColumn& column = table.columns[c];
    float* place = out.data() + spans_[c].offset;
    for (size_t i = 0; i < table.rows; ++i, place += width) {
      if (!spans_[c].number) {
        place[column.codes[i]] = 1;
        continue;
      }
      const double value = logarithm_[c] != 0 ? std::log1p(column.numbers[i]) : column.numbers[i];
      const Mixture& mixture = mixtures_[c];
      const size_t k = mixture.draw(value, static_cast<double>(rng() >> 11) * kUnit);
      const double u = (value - mixture.mean(k)) / (kDeviations * mixture.deviation(k));
      place[0] = static_cast<float>(std::clamp(u, -kLargest, kLargest));
      place[1 + k] = 1;
    }
  }
  return out;
}

RecordTable RowEncoder::decode(const float* in, size_t rows) const {
  RecordTable out = columns_;
  out.rows = rows;
  const auto width = static_cast<size_t>(layout_.width);
  for (size_t c = 0; c < spans_.size(); ++c) {
    const RowSpan& span = spans_[c];
    TableColumn& column = out.columns[c];
    const float* place = in + span.offset;
    for (size_t i = 0; i < rows; ++i, place += width) {
      const float* begin = place + (span.number ? 1 : 0);
      const auto k = static_cast<size_t>(std::max_element(begin, place + span.width) - begin);
      if (!span.number) {
        column.codes.push_back(static_cast<int32_t>(k));
        continue;
      }
      const Mixture& mixture = mixtures_[c];
      const double u = std::clamp(static_cast<double>(place[0]), -1.0, 1.0);
      const double value = mixture.mean(k) + u * kDeviations * mixture.deviation(k);
      column.numbers.push_back(logarithm_[c] != 0 ? std::expm1(value) : value);
    }
  }
  return out;
}

void RowEncoder::save(H5Writer& file) const {
  for (size_t c = 0; c < mixtures_.size(); ++c) {
    if (spans_[c].number) mixtures_[c].save(file, mixture_name(c));
  }
  file.column("logarithm", logarithm_);
}

void RowEncoder::load(const H5Reader& file, const RecordTable& columns) {
  columns_ = without_rows(columns);
  logarithm_ = file.column<uint8_t>("logarithm");
  if (logarithm_.size() != columns_.columns.size())
    fail(Kind::data, "saved row encoder has {} columns; {} would be right", logarithm_.size(),
         columns_.columns.size());
  mixtures_.assign(columns_.columns.size(), {});
  for (size_t c = 0; c < columns_.columns.size(); ++c) {
    if (!columns_.columns[c].is_category()) mixtures_[c].load(file, mixture_name(c));
  }
  lay_out();
}

}  // namespace bench
