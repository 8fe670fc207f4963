#pragma once
// A table of records as STAN's attributes: what the network reads of a record, and what it has to predict.

#include <cstdint>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/rows/joint_labels.h"
#include "models/rows/number_scale.h"
#include "models/rows/record_table.h"

namespace bench {

struct StanOptions {
  bool hosts = true;  ///< streams are source hosts, whose address is given and not predicted
  int64_t window = 6;
  int64_t categories = 256;  ///< most of an address or a port, or one more
  bool copies = true;
};

/// Attributes stand in the order of drawing. Each is one input code; an identifier has a second one, what was
/// copied; a number has an input unit too. The five-tuple of a record that repeats another's is not
/// predicted.
struct Attribute {
  enum class Kind {
    given,       ///< the source host: the bin of its address
    repeat,      ///< the whole five-tuple as in a record of the window, or another one
    category,    ///< one of the values that occur; the labels are one category together
    identifier,  ///< an address or a port: as in a record of the window, or a bin of values
    number       ///< an interval of a NumberScale
  };
  static constexpr size_t kLabels = SIZE_MAX;
  static constexpr int64_t kNumberBins = 32;  ///< input code of a number: its unit in so many steps
  Kind kind = Kind::category;
  size_t column = kLabels;  ///< of the table
  int64_t classes = 0;      ///< categories, or bins of values
  size_t input = 0;         ///< its first input code
  size_t place = 0;         ///< among the numbers, or among those that copy: identifiers and the repeat
  bool five_tuple = false;  ///< one of a record that repeats another's follows from it
};

/// Target of an attribute that follows from the record's repeat.
inline constexpr int64_t kKnown = -1;

/// Codes [rows] that two rows share if their five-tuples are the same; of the columns there are.
std::vector<int32_t> five_tuples(const RecordTable& table);

/// Rows as arrays for a network. The last row of `codes` and `units` stands for a record that is not there.
struct StanRows {
  std::vector<int64_t> before;  ///< [rows, window]: rows of the stream before, the nearest first
  std::vector<int64_t> codes;   ///< [rows + 1, inputs]
  std::vector<float> units;     ///< [rows + 1, numbers]
  /// [rows, attributes]: category; identifiers and the repeat: window record, or window + bin; kKnown.
  std::vector<int64_t> targets;
  std::vector<uint8_t> open;     ///< [rows, copying, window]: records of the window to copy from
  std::vector<float> low, high;  ///< [rows, numbers]: the interval of the value
};

class StanAttributes {
 public:
  /// Learns values, bins and scales. `stream` [rows].
  void fit(const RecordTable& table, const std::vector<int32_t>& stream, const StanOptions& options);
  StanRows encode(const RecordTable& table, const std::vector<int32_t>& stream) const;

  const std::vector<Attribute>& list() const { return list_; }
  /// The attributes of the five-tuple that are drawn stand together: numbers of the first, and of the next
  /// after the last.
  size_t begin_of_five_tuple() const;
  size_t end_of_five_tuple() const;
  const JointLabels& labels() const { return labels_; }
  /// Attributes that copy from the window: identifiers and the repeat.
  size_t copying() const { return copying_; }
  size_t numbers() const { return numbers_; }
  /// Distinct values of each input code; one more stands for a record that is not there.
  const std::vector<int64_t>& cardinalities() const { return cardinalities_; }
  const StanOptions& options() const { return options_; }

  /// The bin of a value (code of the table's column) of an identifier or of the given host.
  int64_t bin(const Attribute& attribute, int32_t value) const {
    return bins_[attribute.column][static_cast<size_t>(value)];
  }
  /// Counts of the values that were not copied, [values]; of an identifier.
  const std::vector<int64_t>& fresh(const Attribute& attribute) const { return fresh_[attribute.column]; }
  /// Scale of a number; of time: since the begin of the window for the first record of a stream, else the
  /// gap.
  const NumberScale& scale(const Attribute& attribute, bool first) const {
    return first && attribute.column == time_ ? start_ : scales_[attribute.column];
  }
  bool is_time(const Attribute& attribute) const { return attribute.column == time_; }
  /// Puts times (s) on the training part's clock by rank; equal times stay equal.
  void to_clock(std::vector<double>& times) const;

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns, const StanOptions& options);

 private:
  void list_attributes(const RecordTable& columns);

  StanOptions options_;
  std::vector<Attribute> list_;
  JointLabels labels_;
  size_t copying_ = 0, numbers_ = 0;
  size_t time_ = Attribute::kLabels;  ///< column; kLabels without time
  std::vector<int64_t> cardinalities_;
  std::vector<std::vector<int32_t>> bins_;   ///< by column: of each value of an address or port
  std::vector<std::vector<int64_t>> fresh_;  ///< by column: of each value of an address or port
  std::vector<NumberScale> scales_;          ///< by column, for numbers
  NumberScale start_, clock_;                ///< first times of streams, all times
};

}  // namespace bench
