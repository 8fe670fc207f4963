#pragma once
// Table rows <-> rows of floats for a network (Xu et al., "Modeling tabular data using conditional GAN",
// NeurIPS 2019, section 4.2): a number becomes its place within one mode of a mixture, in [-1, 1], and a
// one-hot of the mode; a category becomes a one-hot.

#include <cstdint>
#include <string>
#include <vector>

#include "core/seed.h"
#include "models/encode/layout.h"
#include "models/rows/mixture.h"
#include "models/rows/record_table.h"

namespace bench {

struct RowEncoderOptions {
  int64_t modes = 10;        ///< at most so many per number
  int64_t mixture_rows = 0;  ///< rows that the mixtures are fitted to, drawn at random; 0 = all
  bool log1p = false;        ///< durations, packets and bytes as log(1 + x)
};

/// Columns of one table column: for a number the place and then its modes.
struct RowSpan {
  int64_t offset = 0, width = 0;
  bool number = false;
};

class RowEncoder {
 public:
  /// Learns the mixtures. `table` has rows.
  void fit(const RecordTable& table, const RowEncoderOptions& options, Seed seed);
  const Layout& layout() const { return layout_; }
  const std::vector<RowSpan>& spans() const { return spans_; }  ///< of each table column
  int64_t width() const { return layout_.width; }
  /// [rows, width()]. The mode of a number is drawn in proportion to its responsibility.
  std::vector<float> encode(const RecordTable& table, Rng& rng) const;
  /// What `rows` rows of width() floats, soft or as encoded, mean: the largest column of each category.
  RecordTable decode(const float* in, size_t rows) const;
  /// The columns of the table, without rows.
  const RecordTable& columns() const { return columns_; }

  void save(H5Writer& file) const;
  /// `columns` as they were in fit(), without rows. Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  void lay_out();
  RecordTable columns_;
  std::vector<Mixture> mixtures_;  ///< of each column; of use for numbers only
  std::vector<uint8_t> logarithm_;
  std::vector<RowSpan> spans_;
  Layout layout_;
};

}  // namespace bench
