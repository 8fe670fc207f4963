#include "models/rows/row_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/h5.h"
#include "models/rows/number_calibration.h"

namespace bench {
namespace {

/// A category of three values, a number with two modes, one that never changes, bytes over six decades.
RecordTable small_table(size_t rows) {
  Rng rng(1);
  std::normal_distribution<double> normal(0, 1);
  RecordTable table;
  table.rows = rows;
  table.columns = {{"proto", {1, 6, 17}, {}, {}, true},
                   {"ttl", {}, {}, {}, true},
                   {"tos", {}, {}, {}, true},
                   {"bytes", {}, {}, {}, true}};
  for (size_t i = 0; i < rows; ++i) {
    table.columns[0].codes.push_back(static_cast<int32_t>(i % 3));
    table.columns[1].numbers.push_back((i % 4 == 0 ? 60 : 120) + normal(rng));
    table.columns[2].numbers.push_back(8);
    table.columns[3].numbers.push_back(std::pow(10.0, 1 + static_cast<double>(i % 61) / 10));
  }
  return table;
}

TEST(RowEncoder, LayoutAndRowsAreAsPublished) {
  const RecordTable table = small_table(600);
  RowEncoder encoder;
  encoder.fit(table, {10, 0, false}, Seed(1));
  int64_t offset = 0;
  for (size_t c = 0; c < 4; ++c) {
    const RowSpan& span = encoder.spans()[c];
    EXPECT_EQ(span.offset, offset);
    EXPECT_EQ(span.number, c > 0);
    offset += span.width;
  }
  EXPECT_EQ(encoder.spans()[0].width, 3);
  EXPECT_EQ(encoder.spans()[2].width, 2);  // a constant: one mode
  EXPECT_EQ(encoder.width(), offset);
  Rng rng(2);
  const std::vector<float> rows = encoder.encode(table, rng);
  ASSERT_EQ(rows.size(), table.rows * static_cast<size_t>(encoder.width()));
  for (size_t i = 0; i < table.rows; ++i) {
    const float* row = rows.data() + i * static_cast<size_t>(encoder.width());
    for (const RowSpan& span : encoder.spans()) {
      const float* begin = row + span.offset + (span.number ? 1 : 0);
      EXPECT_EQ(std::accumulate(begin, row + span.offset + span.width, 0.0F), 1);
      EXPECT_EQ(*std::max_element(begin, row + span.offset + span.width), 1);
      if (span.number) {
        EXPECT_LE(std::abs(row[span.offset]), 0.99F);
      }
    }
  }
}

TEST(RowEncoder, DecodingReturnsTheTable) {
  const RecordTable table = small_table(600);
  for (const bool log1p : {false, true}) {
    RowEncoder encoder;
    encoder.fit(table, {10, 0, log1p}, Seed(1));
    Rng rng(2);
    const RecordTable out = encoder.decode(encoder.encode(table, rng).data(), table.rows);
    ASSERT_EQ(out.rows, table.rows);
    EXPECT_EQ(out.columns[0].codes, table.columns[0].codes);
    // Off by more than rounding only where a value lies 4 deviations from the mode that was drawn for it.
    for (const size_t c : {1U, 2U, 3U}) {
      size_t far = 0;
      for (size_t i = 0; i < table.rows; ++i) {
        const double real = table.columns[c].numbers[i];
        far += std::abs(out.columns[c].numbers[i] - real) > 1e-3 * (1 + std::abs(real));
      }
      EXPECT_LE(far, table.rows / 50) << c << log1p;
    }
  }
}

TEST(RowEncoder, SameSeedSameRowsAlsoAfterLoading) {
  const RecordTable table = small_table(200);
  RowEncoder encoder, loaded;
  encoder.fit(table, {10, 100, true}, Seed(1));
  const auto path = std::filesystem::temp_directory_path() / "headerbench-row-encoder.h5";
  H5Writer writer(path);
  encoder.save(writer);
  writer.finish();
  loaded.load(H5Reader(path), encoder.columns());
  Rng a(3), b(3), c(4);
  const auto rows = encoder.encode(table, a);
  EXPECT_EQ(rows, loaded.encode(table, b));
  EXPECT_NE(rows, loaded.encode(table, c));  // modes are drawn
  EXPECT_EQ(encoder.layout(), loaded.layout());
  EXPECT_EQ(encoder.decode(rows.data(), 200).columns[3].numbers,
            loaded.decode(rows.data(), 200).columns[3].numbers);
  RecordTable fewer = encoder.columns();
  fewer.columns.pop_back();
  EXPECT_THROW(loaded.load(H5Reader(path), fewer), Error);
  std::filesystem::remove(path);
}

TEST(NumberCalibration, MarginalsFollowTheTrainingPartAndOrderStays) {
  const RecordTable real = small_table(3000);
  RecordTable made = real;
  for (TableColumn& column : made.columns) {
    for (double& v : column.numbers) v = 3 * std::sqrt(v) - 5;  // monotone: ranks stay
  }
  NumberCalibration calibration;
  RecordTable untouched = made;
  Rng rng(1);
  calibration.apply(untouched, rng);
  EXPECT_EQ(untouched.columns[1].numbers, made.columns[1].numbers);
  calibration.fit(real, made);
  const auto path = std::filesystem::temp_directory_path() / "headerbench-calibration.h5";
  H5Writer writer(path);
  calibration.save(writer);
  writer.finish();
  NumberCalibration loaded;
  loaded.load(H5Reader(path), without_rows(real));
  std::filesystem::remove(path);
  RecordTable out = made, again = made;
  Rng a(7), b(7);
  calibration.apply(out, a);
  loaded.apply(again, b);
  for (const size_t c : {1U, 2U, 3U}) {
    EXPECT_EQ(out.columns[c].numbers, again.columns[c].numbers);
    // Values of one rank come back to within their neighbours, which are far away only beside a gap.
    size_t far = 0;
    for (size_t i = 0; i < real.rows; ++i) {
      const double own = real.columns[c].numbers[i];
      far += std::abs(out.columns[c].numbers[i] - own) > (c == 3 ? 0.3 * own : 0.5);
    }
    EXPECT_LE(far, real.rows / 200) << c;
  }
  EXPECT_EQ(out.columns[0].codes, real.columns[0].codes);
}

}  // namespace
}  // namespace bench
