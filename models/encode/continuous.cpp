#include "models/encode/continuous.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

#include "core/error.h"
#include "core/h5.h"

namespace bench {

void ContinuousCoder::fit(Scale scale, std::vector<double> values) {
  *this = {};
  scale_ = scale;
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  lo_ = values.front();
  hi_ = values.back();
  if (scale != Scale::quantile || lo_ == hi_) return;
  const auto total = static_cast<double>(values.size());
  for (auto first = values.begin(); first != values.end();) {
    const auto last = std::upper_bound(first, values.end(), *first);
    const double below = static_cast<double>(std::distance(values.begin(), first)) / total;
    const double up_to = static_cast<double>(std::distance(values.begin(), last)) / total;
    if (static_cast<double>(std::distance(first, last)) >= kAtomShare * total) {
      values_.insert(values_.end(), {*first, *first});
      shares_.insert(shares_.end(), {below, up_to});
    } else {
      values_.push_back(*first);
      shares_.push_back((below + up_to) / 2);
    }
    first = last;
  }
}

void ContinuousCoder::fit_range(Scale scale, double lo, double hi) {
  assert(scale != Scale::quantile && lo < hi);
  *this = {};
  scale_ = scale;
  lo_ = lo;
  hi_ = hi;
}

double ContinuousCoder::squash(double value) const {
  return scale_ == Scale::log ? std::log1p(value) : value;
}

float ContinuousCoder::encode(double value) const {
  if (lo_ == hi_) return 0;
  value = std::clamp(value, lo_, hi_);
  if (scale_ != Scale::quantile) {
    return static_cast<float>((squash(value) - squash(lo_)) / (squash(hi_) - squash(lo_)));
  }
  const auto [first, last] = std::equal_range(values_.begin(), values_.end(), value);
  const auto i = static_cast<size_t>(first - values_.begin());
  const auto n = static_cast<size_t>(last - first);
  if (n > 0) return static_cast<float>((shares_[i] + shares_[i + n - 1]) / 2);
  const double part = (value - values_[i - 1]) / (values_[i] - values_[i - 1]);
  return static_cast<float>(shares_[i - 1] + part * (shares_[i] - shares_[i - 1]));
}

double ContinuousCoder::decode(float code) const {
  if (lo_ == hi_) return lo_;
  const double u = std::clamp(static_cast<double>(code), 0.0, 1.0);
  if (scale_ == Scale::linear) return lo_ + u * (hi_ - lo_);
  if (scale_ == Scale::log) {
    const double bottom = std::log1p(lo_);
    return std::clamp(std::expm1(bottom + u * (std::log1p(hi_) - bottom)), lo_, hi_);
  }
  const auto above = std::upper_bound(shares_.begin(), shares_.end(), u);
  if (above == shares_.begin()) return lo_;
  if (above == shares_.end()) return hi_;
  const auto i = static_cast<size_t>(above - shares_.begin());
  const double part = (u - shares_[i - 1]) / (shares_[i] - shares_[i - 1]);
  return values_[i - 1] + part * (values_[i] - values_[i - 1]);
}

void ContinuousCoder::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":range", std::vector<double>{static_cast<double>(scale_), lo_, hi_});
  file.column(name + ":values", values_);
  file.column(name + ":shares", shares_);
}

void ContinuousCoder::load(const H5Reader& file, const std::string& name) {
  const auto range = file.column<double>(name + ":range");
  values_ = file.column<double>(name + ":values");
  shares_ = file.column<double>(name + ":shares");
  const bool known = range.size() == 3 && range[0] >= 0 && range[0] <= 2 && range[1] <= range[2];
  if (!known || values_.size() != shares_.size() || !std::is_sorted(values_.begin(), values_.end()) ||
      !std::is_sorted(shares_.begin(), shares_.end())) {
    fail(Kind::data, "saved encoder: the scale of {} is damaged", name);
  }
  scale_ = static_cast<Scale>(static_cast<int>(range[0]));
  lo_ = range[1];
  hi_ = range[2];
  if (scale_ == Scale::quantile && lo_ != hi_ && values_.size() < 2) {
    fail(Kind::data, "saved encoder: the scale of {} has {} points; at least 2 would be right", name,
         values_.size());
  }
}

}  // namespace bench
