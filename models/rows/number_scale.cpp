#include "models/rows/number_scale.h"

#include <algorithm>

#include "core/error.h"
#include "core/h5.h"

namespace bench {

void NumberScale::fit(std::vector<double> values) {
  if (values.empty()) values = {0};
  std::sort(values.begin(), values.end());
  values_.clear();
  ends_.clear();
  const auto n = static_cast<double>(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (i + 1 < values.size() && values[i + 1] == values[i]) continue;
    values_.push_back(values[i]);
    ends_.push_back(static_cast<double>(i + 1) / n);
  }
}

size_t NumberScale::index(double value) const {
  const auto above = std::upper_bound(values_.begin(), values_.end(), value);
  return above == values_.begin() ? 0 : static_cast<size_t>(above - values_.begin()) - 1;
}

size_t NumberScale::place(double unit) const {
  const auto above = std::upper_bound(ends_.begin(), ends_.end(), unit);
  return std::min(static_cast<size_t>(above - ends_.begin()), ends_.size() - 1);
}

double NumberScale::value(double unit) const {
  const size_t i = place(unit);
  const double width = hi(i) - lo(i);
  if (i == 0 || width >= kAtomShare) return values_[i];
  const double inside = std::clamp((unit - lo(i)) / width, 0.0, 1.0);
  return values_[i - 1] + inside * (values_[i] - values_[i - 1]);
}

void NumberScale::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":values", values_);
  file.column(name + ":ends", ends_);
}

void NumberScale::load(const H5Reader& file, const std::string& name) {
  values_ = file.column<double>(name + ":values");
  ends_ = file.column<double>(name + ":ends");
  if (values_.empty() || values_.size() != ends_.size() || !std::is_sorted(ends_.begin(), ends_.end()))
    fail(Kind::data, "saved scale {}: {} values with {} shares; as many, ascending, would be right", name,
         values_.size(), ends_.size());
}

}  // namespace bench
