#pragma once
// Table rows <-> rows of floats for E-WGAN-GP (Ring, Schloer, Landes, Hotho, "Flow-based network traffic
// generation using generative adversarial networks", Computers & Security 2019): addresses, ports, protocol
// and discretised numbers are words, each by its vector; a vector means the nearest word of its column.

#include <cstdint>
#include <vector>

#include "core/seed.h"
#include "models/encode/continuous.h"
#include "models/encode/layout.h"
#include "models/encode/nearest.h"
#include "models/rows/record_table.h"

namespace bench {

struct WordRowOptions {
  int64_t word_size = 20, word_epochs = 10;
  bool number_words = true;  ///< numbers by words of their bins, else by their place between the extremes
  int64_t bins = 64;
  int64_t rare = 0;  ///< ports of a column that occur less often share one word
};

/// Columns in the table's order: word_size for a word; a one-hot for flags and labels; one in [0, 1] for time
/// and, without number_words, for every number.
class WordRows {
 public:
  /// `table` has rows; its addresses and ports are Identifiers::value.
  void fit(const RecordTable& table, const WordRowOptions& options, Seed seed);
  const Layout& layout() const { return layout_; }
  int64_t width() const { return layout_.width; }
  /// Which rows of a table with these columns have a word for each of their categories. A port of code -1
  /// becomes one of its column's rare ports, where there are any.
  std::vector<bool> covers(RecordTable& table) const;
  /// [rows, width()] for rows of fit()'s table, or of another one that it covers: a number in a bin without a
  /// word takes the next one that has a word.
  std::vector<float> encode(const RecordTable& table) const;
  /// What `rows` rows of width() floats mean. `rng` draws a number within
  /// its bin and a port among the rare ones.
  RecordTable decode(const float* in, size_t rows, Rng& rng) const;
  void save(H5Writer& file) const;
  /// `columns` as they were in fit(), without rows. Throws Error(data).
  void load(const H5Reader& file, const RecordTable& columns);

 private:
  enum class Form { word, one_hot, unit };
  struct Column {
    Form form = Form::one_hot;
    int64_t offset = 0, width = 0;
    ContinuousCoder coder;       ///< of a number
    std::vector<int32_t> bins;   ///< of a number by words: those that occur, ascending
    std::vector<int32_t> rare;   ///< codes that share one word, ascending
    std::vector<float> vectors;  ///< [words, word_size], by code or by place in `bins`
    NearestVector search;
  };
  Form form_of(const TableColumn& column) const;
  static bool is_rare(const Column& column, int32_t code);
  int32_t word_of(const Column& column, const TableColumn& from, size_t row) const;
  void lay_out();

  WordRowOptions options_;
  RecordTable columns_;
  std::vector<Column> coders_;
  Layout layout_;
};

}  // namespace bench
