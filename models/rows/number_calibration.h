#pragma once
// Takes a generator's own distribution out of its numbers: a drawn number is read by its rank among numbers
// that the generator drew after training. Marginals then follow the training part; what goes with what stays
// the generator's. Not in the papers of the row models.

#include <string>
#include <vector>

#include "core/seed.h"
#include "models/encode/continuous.h"
#include "models/rows/record_table.h"

namespace bench {

class NumberCalibration {
 public:
  /// `made` has the columns of `real` and at least one row.
  void fit(const RecordTable& real, const RecordTable& made);
  /// Replaces the numbers of a table of the same columns; nothing before fit(). `rng` breaks ties.
  void apply(RecordTable& table, Rng& rng) const;
  void save(H5Writer& file) const;
  /// `columns` as they were in fit(), without rows. Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  struct Column {
    size_t place = 0;
    std::vector<double> made;  ///< ascending
    ContinuousCoder real;
  };
  std::vector<Column> columns_;
};

}  // namespace bench
