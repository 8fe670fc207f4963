#pragma once
// One numeric field <-> [0, 1].

#include <string>
#include <string_view>
#include <vector>

namespace bench {

class H5Reader;
class H5Writer;

/// How a numeric field is brought to [0, 1].
enum class Scale {
  linear,   ///< (x - lo) / (hi - lo)
  log,      ///< the same of log(1 + x), x >= 0
  quantile  ///< empirical distribution function: equal mass gets equal room
};

/// Values outside what fit() saw are clipped to it. A constant field is encoded as 0 and remembered.
///
/// The quantile scale keeps atoms exact: a value that makes up at least kAtomShare of the data owns an
/// interval as wide as its share, is encoded as the middle of it, and every number inside decodes to exactly
/// that value. Between atoms it interpolates linearly between neighbouring values.
class ContinuousCoder {
 public:
  static constexpr double kAtomShare = 0.01;

  /// Learns the range (or the distribution) of `values`; an empty vector gives the constant 0.
  void fit(Scale scale, std::vector<double> values);
  /// A range that is known beforehand, lo < hi; Scale::linear or Scale::log.
  void fit_range(Scale scale, double lo, double hi);

  float encode(double value) const;
  /// Inverse of encode up to float32 rounding; `code` is clipped to [0, 1].
  double decode(float code) const;
  double lowest() const { return lo_; }
  double highest() const { return hi_; }

  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  double squash(double value) const;

  Scale scale_ = Scale::linear;
  double lo_ = 0;
  double hi_ = 0;
  // Scale::quantile: the distribution function as a polyline through (values_[i], shares_[i]), both
  // ascending; an atom is two points of equal value.
  std::vector<double> values_;
  std::vector<double> shares_;
};

}  // namespace bench
