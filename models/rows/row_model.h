#pragma once
// What a network or another model of table rows must do, and the generator made of one: the whole training
// part as a table, one model, records decoded again.

#include <memory>

#include "core/h5.h"
#include "models/model.h"
#include "models/rows/record_table.h"

namespace bench {

/// Row `i` is drawn with these categories: codes[i] of column `column`. No columns: drawn freely.
struct RowCondition {
  size_t column = 0;
  int32_t code = 0;
};

class RowModel {
 public:
  virtual ~RowModel() = default;
  /// Rows stand in order of time. Throws Error(diverged) on a NaN or infinite loss.
  virtual void fit(const RecordTable& table, FitContext& context) = 0;
  /// Exactly `rows` rows with the columns of the training table, categories among its values. `given`: every
  /// row has these categories, where can_condition() is true; nothing else is passed where it is not.
  virtual RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) = 0;
  virtual void save(H5Writer& file) const = 0;
  /// `columns` as they were in fit(), without rows. Throws Error(data).
  virtual void load(const H5Reader& file, const RecordTable& columns) = 0;
  /// Whether sample() can hold categories fixed. Where it cannot, rows that do not fit are drawn again.
  virtual bool can_condition() const { return false; }
};

/// Saved as "rows.h5". sample() counts what decoding had to clamp in the log. For SampleContext::given rows
/// are drawn by condition, or drawn again until enough fit; Error(invalid_output) if fewer than 1 in 1000 do.
std::unique_ptr<Generator> make_row_generator(const TableOptions& options, std::unique_ptr<RowModel> model);

}  // namespace bench
