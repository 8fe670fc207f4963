#pragma once
// CTGAN's condition vector and training by sampling (Xu et al. 2019, section 4.3): the one-hots of all
// category columns side by side, 0 except for the conditioned columns.

#include <cstdint>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/rows/row_encoder.h"
#include "models/rows/row_model.h"

namespace bench {

class H5Reader;
class H5Writer;

/// One category that a row shall have: columns offset .. offset + width - 1 of the encoded row are its
/// column's one-hot, `code` the place of the 1.
struct Choice {
  int64_t row, offset, width, code;
  size_t column;  ///< of the table
};

/// What a batch is conditioned on.
struct ConditionBatch {
  std::vector<size_t> rows;     ///< training rows that fit
  std::vector<float> vectors;   ///< [batch, width()]
  std::vector<Choice> choices;  ///< by row
};

class Conditions {
 public:
  enum class Kind {
    column,  ///< one category of one column
    service  ///< protocol, ports and labels of one training row, where they are categories
  };
  /// `log_frequency`: categories are drawn in training by log(1 + count), else by count.
  void fit(const RecordTable& table, const RowEncoder& encoder, Kind kind, bool log_frequency);
  int64_t width() const { return width_; }
  /// Column uniform, category by its frequency, a row uniform among those that have it. Needs fit().
  ConditionBatch draw_training(size_t batch, Rng& rng) const;
  /// For these rows of a table with the same columns: of each row its own category in one column, which is
  /// drawn uniformly. Kind::column.
  ConditionBatch draw_own(const RecordTable& table, std::vector<size_t> rows, Rng& rng) const;
  /// The same conditions in another order.
  ConditionBatch permuted(const ConditionBatch& batch, Rng& rng) const;

  /// For `n` rows to be made, of which the given categories are part. column: column uniform, category by
  /// count or, `log_frequency`, by log(1 + count); given ones stand alone. service: those of training rows
  /// that fit, in random order, none again before each was there; the given ones alone if none fits.
  /// ConditionBatch::rows is empty.
  ConditionBatch draw_sampling(size_t n, const std::vector<RowCondition>& given, bool log_frequency,
                               Rng& rng) const;

  void save(H5Writer& file) const;
  /// Throws Error(data).
  void load(const H5Reader& file, const RowEncoder& encoder);

 private:
  struct Column {
    size_t place = 0;    ///< in the table
    int64_t offset = 0;  ///< in the condition vector
    RowSpan span;        ///< in the encoded row
    bool service = false;
    std::vector<double> counts;  ///< of each category
    std::vector<double> sums;    ///< cumulated weights for training
    std::vector<size_t> begins;  ///< fit() only: rows of category k stand at begins[k] ..
    std::vector<uint32_t> rows;  ///< fit() only
  };
  void lay_out(const RowEncoder& encoder);
  void add(ConditionBatch& batch, size_t row, size_t column, int32_t code) const;

  Kind kind_ = Kind::column;
  int64_t width_ = 0;
  std::vector<Column> columns_;         ///< the categories
  std::vector<size_t> services_;        ///< among columns_
  std::vector<int32_t> service_codes_;  ///< [training rows, services_]
};

}  // namespace bench
