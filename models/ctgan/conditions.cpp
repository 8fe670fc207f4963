#include "models/ctgan/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

size_t below(size_t n, Rng& rng) { return std::uniform_int_distribution<size_t>(0, n - 1)(rng); }

bool is_service(const std::string& name) {
  const std::string stem = name.substr(0, name.find(':'));
  return stem == "label" || stem == "proto" || stem == "srcport" || stem == "dstport";
}

std::vector<double> cumulated(const std::vector<double>& counts, bool log_frequency) {
  std::vector<double> sums;
  double sum = 0;
  for (const double count : counts) sums.push_back(sum += log_frequency ? std::log1p(count) : count);
  return sums;
}

int32_t draw_category(const std::vector<double>& sums, Rng& rng) {
  const double u = std::uniform_real_distribution<double>(0, sums.back())(rng);
  const auto place = std::upper_bound(sums.begin(), sums.end() - 1, u) - sums.begin();
  return static_cast<int32_t>(place);
}

}  // namespace

void Conditions::lay_out(const RowEncoder& encoder) {
  columns_.clear();
  services_.clear();
  width_ = 0;
  for (size_t c = 0; c < encoder.spans().size(); ++c) {
    const RowSpan& span = encoder.spans()[c];
    if (span.number) continue;
    Column column;
    column.place = c;
    column.offset = width_;
    column.span = span;
    column.service = is_service(encoder.columns().columns[c].name);
    if (column.service) services_.push_back(columns_.size());
    width_ += span.width;
    columns_.push_back(std::move(column));
  }
}

void Conditions::fit(const RecordTable& table, const RowEncoder& encoder, Kind kind, bool log_frequency) {
  assert(table.rows > 0);
  kind_ = kind;
  lay_out(encoder);
  for (Column& column : columns_) {
    const std::vector<int32_t>& codes = table.columns[column.place].codes;
    const auto categories = static_cast<size_t>(column.span.width);
    column.begins.assign(categories + 1, 0);
    for (const int32_t code : codes) ++column.begins[static_cast<size_t>(code) + 1];
    column.counts.assign(column.begins.begin() + 1, column.begins.end());
    column.sums = cumulated(column.counts, log_frequency);
    std::partial_sum(column.begins.begin(), column.begins.end(), column.begins.begin());
    column.rows.resize(codes.size());
    std::vector<size_t> next = column.begins;
    for (size_t i = 0; i < codes.size(); ++i)
      column.rows[next[static_cast<size_t>(codes[i])]++] = static_cast<uint32_t>(i);
  }
  service_codes_.clear();
  if (kind_ != Kind::service) return;
  for (size_t i = 0; i < table.rows; ++i) {
    for (const size_t s : services_) service_codes_.push_back(table.columns[columns_[s].place].codes[i]);
  }
}

void Conditions::add(ConditionBatch& batch, size_t row, size_t column, int32_t code) const {
  const Column& c = columns_[column];
  batch.vectors[row * static_cast<size_t>(width_) + static_cast<size_t>(c.offset + code)] = 1;
  batch.choices.push_back({static_cast<int64_t>(row), c.span.offset, c.span.width, code, c.place});
}

ConditionBatch Conditions::draw_training(size_t batch, Rng& rng) const {
  ConditionBatch out;
  out.vectors.assign(batch * static_cast<size_t>(width_), 0.0F);
  const bool joint = kind_ == Kind::service && !services_.empty();
  for (size_t i = 0; i < batch; ++i) {
    const size_t d = joint ? services_[below(services_.size(), rng)] : below(columns_.size(), rng);
    const Column& column = columns_[d];
    const int32_t code = draw_category(column.sums, rng);
    const size_t from = column.begins[static_cast<size_t>(code)];
    const size_t row = column.rows[from + below(column.begins[static_cast<size_t>(code) + 1] - from, rng)];
    out.rows.push_back(row);
    if (!joint) {
      add(out, i, d, code);
      continue;
    }
    for (size_t s = 0; s < services_.size(); ++s)
      add(out, i, services_[s], service_codes_[row * services_.size() + s]);
  }
  return out;
}

ConditionBatch Conditions::draw_own(const RecordTable& table, std::vector<size_t> rows, Rng& rng) const {
  assert(kind_ == Kind::column);
  ConditionBatch out;
  out.vectors.assign(rows.size() * static_cast<size_t>(width_), 0.0F);
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t d = below(columns_.size(), rng);
    add(out, i, d, table.columns[columns_[d].place].codes[rows[i]]);
  }
  out.rows = std::move(rows);
  return out;
}

ConditionBatch Conditions::permuted(const ConditionBatch& batch, Rng& rng) const {
  const size_t n = batch.rows.size();
  const auto width = static_cast<std::ptrdiff_t>(width_);
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), rng);
  ConditionBatch out;
  for (const size_t i : order) {
    out.rows.push_back(batch.rows[i]);
    const auto from = batch.vectors.begin() + static_cast<std::ptrdiff_t>(i) * width;
    out.vectors.insert(out.vectors.end(), from, from + width);
  }
  return out;
}

ConditionBatch Conditions::draw_sampling(size_t n, const std::vector<RowCondition>& given, bool log_frequency,
                                         Rng& rng) const {
  ConditionBatch out;
  out.vectors.assign(n * static_cast<size_t>(width_), 0.0F);
  std::vector<std::pair<size_t, int32_t>> fixed;  // place in columns_, code
  for (const RowCondition& condition : given) {
    const auto c = std::find_if(columns_.begin(), columns_.end(),
                                [&](const Column& column) { return column.place == condition.column; });
    assert(c != columns_.end());
    fixed.emplace_back(c - columns_.begin(), condition.code);
  }
  std::vector<size_t> fitting;
  if (kind_ == Kind::service && !services_.empty()) {
    const size_t all = service_codes_.size() / services_.size();
    for (size_t row = 0; row < all; ++row) {
      const bool fits = std::all_of(fixed.begin(), fixed.end(), [&](const auto& one) {
        const auto s = std::find(services_.begin(), services_.end(), one.first) - services_.begin();
        const auto place = static_cast<size_t>(s);
        return place == services_.size() || service_codes_[row * services_.size() + place] == one.second;
      });
      if (fits) fitting.push_back(row);
    }
  }
  if (!fitting.empty()) {
    for (size_t i = 0; i < n; ++i) {
      if (i % fitting.size() == 0) std::shuffle(fitting.begin(), fitting.end(), rng);
      const size_t row = fitting[i % fitting.size()];
      for (size_t s = 0; s < services_.size(); ++s)
        add(out, i, services_[s], service_codes_[row * services_.size() + s]);
      for (const auto& [column, code] : fixed) {
        if (!columns_[column].service) add(out, i, column, code);
      }
    }
    return out;
  }
  std::vector<std::vector<double>> sums;
  for (const Column& column : columns_) sums.push_back(cumulated(column.counts, log_frequency));
  for (size_t i = 0; i < n; ++i) {
    for (const auto& [column, code] : fixed) add(out, i, column, code);
    if (!fixed.empty()) continue;
    const size_t d = below(columns_.size(), rng);
    add(out, i, d, draw_category(sums[d], rng));
  }
  return out;
}

void Conditions::save(H5Writer& file) const {
  for (const Column& column : columns_)
    file.column(fmt::format("condition{}:counts", column.place), column.counts);
  file.column("condition:services", service_codes_);
  file.attribute("condition:kind", kind_ == Kind::service ? "service" : "column");
}

void Conditions::load(const H5Reader& file, const RowEncoder& encoder) {
  lay_out(encoder);
  kind_ = file.attribute("condition:kind") == "service" ? Kind::service : Kind::column;
  for (Column& column : columns_) {
    column.counts = file.column<double>(fmt::format("condition{}:counts", column.place));
    if (static_cast<int64_t>(column.counts.size()) != column.span.width)
      fail(bench::Kind::data, "saved conditions have {} categories of {}; {} would be right",
           column.counts.size(), encoder.columns().columns[column.place].name, column.span.width);
  }
  service_codes_ = file.column<int32_t>("condition:services");
  for (size_t i = 0; i < service_codes_.size(); ++i) {
    const Column& column = columns_[services_.empty() ? 0 : services_[i % services_.size()]];
    if (services_.empty() || service_codes_[i] < 0 || service_codes_[i] >= column.span.width)
      fail(bench::Kind::data, "saved conditions have the category {} of {}; less than {} would be right",
           service_codes_[i], encoder.columns().columns[column.place].name, column.span.width);
  }
}

}  // namespace bench
