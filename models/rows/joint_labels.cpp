#include "models/rows/joint_labels.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "core/error.h"

namespace bench {

size_t count_labels(const RecordTable& table) {
  size_t out = 0;
  while (out < table.columns.size() && table.columns[out].name.starts_with("label:")) ++out;
  return out;
}

void JointLabels::fit(const RecordTable& table) {
  const size_t labels = count_labels(table);
  std::set<std::vector<int32_t>> seen;
  std::vector<int32_t> combination(labels);
  for (size_t i = 0; labels > 0 && i < table.rows; ++i) {
    for (size_t c = 0; c < labels; ++c) combination[c] = table.columns[c].codes[i];
    seen.insert(combination);
  }
  combinations_.assign(seen.begin(), seen.end());
}

std::vector<int32_t> JointLabels::codes(const RecordTable& table) const {
  std::vector<int32_t> out(table.rows), combination(combinations_.at(0).size());
  for (size_t i = 0; i < table.rows; ++i) {
    for (size_t c = 0; c < combination.size(); ++c) combination[c] = table.columns[c].codes[i];
    const auto place = std::lower_bound(combinations_.begin(), combinations_.end(), combination);
    assert(place != combinations_.end() && *place == combination);
    out[i] = static_cast<int32_t>(place - combinations_.begin());
  }
  return out;
}

void JointLabels::put(const std::vector<int32_t>& codes, RecordTable& table) const {
  for (size_t c = 0; !empty() && c < combinations_[0].size(); ++c) {
    std::vector<int32_t>& column = table.columns[c].codes;
    column.resize(codes.size());
    for (size_t i = 0; i < codes.size(); ++i) column[i] = combinations_.at(static_cast<size_t>(codes[i]))[c];
  }
}

std::vector<int32_t> JointLabels::choices(const std::vector<RowCondition>& given) const {
  std::vector<int32_t> out;
  for (size_t k = 0; k < combinations_.size(); ++k) {
    const bool fits = std::all_of(given.begin(), given.end(), [&](const RowCondition& condition) {
      return combinations_[k].at(condition.column) == condition.code;
    });
    if (fits) out.push_back(static_cast<int32_t>(k));
  }
  if (out.empty()) fail(Kind::config, "no training record has the {} given labels together", given.size());
  return out;
}

void JointLabels::save(H5Writer& file) const {
  std::vector<int32_t> all;
  for (const auto& combination : combinations_) all.insert(all.end(), combination.begin(), combination.end());
  file.column("labels", all);
}

void JointLabels::load(const H5Reader& file, const RecordTable& columns) {
  const auto all = file.column<int32_t>("labels");
  const size_t labels = count_labels(columns);
  if (labels == 0 ? !all.empty() : all.empty() || all.size() % labels != 0)
    fail(Kind::data, "saved model: column labels has {} codes for {} label columns", all.size(), labels);
  combinations_.clear();
  for (size_t i = 0; i < all.size(); i += labels) {
    combinations_.emplace_back();
    for (size_t c = 0; c < labels; ++c) {
      const int32_t code = all[i + c];
      if (code < 0 || static_cast<size_t>(code) >= columns.columns[c].values.size())
        fail(Kind::data, "saved model: label code {} of {} does not occur", code, columns.columns[c].name);
      combinations_.back().push_back(code);
    }
  }
}

}  // namespace bench
