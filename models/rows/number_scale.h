#pragma once
// A numeric column <-> (0, 1): every value that occurs owns an interval as wide as its share of the rows.

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

class H5Reader;
class H5Writer;

class NumberScale {
 public:
  /// A value with at least this share comes back exactly; between others value() interpolates.
  static constexpr double kAtomShare = 0.005;

  /// No values: the constant 0.
  void fit(std::vector<double> values);
  size_t size() const { return values_.size(); }
  /// Place of the largest value that is not above `value`, or of the lowest.
  size_t index(double value) const;
  double lo(size_t place) const { return place == 0 ? 0 : ends_[place - 1]; }
  double hi(size_t place) const { return ends_[place]; }
  double middle(size_t place) const { return (lo(place) + hi(place)) / 2; }
  /// Place of the interval that holds `unit`; the first or last one for what lies outside [0, 1].
  size_t place(double unit) const;
  /// What `unit` means.
  double value(double unit) const;

  /// Columns "<name>:values" and "<name>:ends".
  void save(H5Writer& file, const std::string& name) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const std::string& name);

 private:
  std::vector<double> values_, ends_;  ///< ascending; ends_.back() is 1
};

}  // namespace bench
