#include "models/ewgan_gp/word_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <random>

#include "core/error.h"
#include "core/h5.h"
#include "models/ewgan_gp/pair_words.h"

namespace bench {
namespace {

/// Source and destination share their words.
std::string kind_of(const std::string& name) {
  if (name == "srcip" || name == "dstip") return "address";
  if (name == "srcport" || name == "dstport") return "port";
  return name;
}

/// Key of the word that the rare values of a column share; values are not negative.
int64_t rare_key(size_t column) { return -1 - static_cast<int64_t>(column); }

bool is_word(const std::string& name) { return kind_of(name) != name || name == "proto"; }

int32_t bin_of(const ContinuousCoder& coder, double value, int64_t bins) {
  const auto bin = static_cast<int64_t>(static_cast<double>(coder.encode(value)) * static_cast<double>(bins));
  return static_cast<int32_t>(std::clamp<int64_t>(bin, 0, bins - 1));
}

}  // namespace

WordRows::Form WordRows::form_of(const TableColumn& column) const {
  if (is_word(column.name)) return Form::word;
  if (column.is_category()) return Form::one_hot;
  return options_.number_words && column.name != "time" ? Form::word : Form::unit;
}

bool WordRows::is_rare(const Column& column, int32_t code) {
  return std::binary_search(column.rare.begin(), column.rare.end(), code);
}

int32_t WordRows::word_of(const Column& column, const TableColumn& from, size_t row) const {
  if (from.is_category()) return from.codes[row];
  const int32_t bin = bin_of(column.coder, from.numbers[row], options_.bins);
  const auto place = std::lower_bound(column.bins.begin(), column.bins.end() - 1, bin);
  return static_cast<int32_t>(place - column.bins.begin());
}

void WordRows::lay_out() {
  layout_ = {};
  for (size_t c = 0; c < coders_.size(); ++c) {
    Column& column = coders_[c];
    column.width = column.form == Form::word      ? options_.word_size
                   : column.form == Form::one_hot ? static_cast<int64_t>(columns_.columns[c].values.size())
                                                  : 1;
    column.offset = layout_.width;
    if (column.form == Form::word) layout_.add(Head::Kind::word, column.width, 1);
    if (column.form == Form::one_hot) layout_.add(Head::Kind::category, 1, column.width);
    if (column.form == Form::unit) layout_.add(Head::Kind::unit, 1, 1);
    if (column.form == Form::word) column.search.build(column.vectors, options_.word_size);
  }
}

void WordRows::fit(const RecordTable& table, const WordRowOptions& options, Seed seed) {
  assert(table.rows > 0);
  options_ = options;
  columns_ = {};
  coders_.assign(table.columns.size(), {});
  std::map<std::string, std::map<int64_t, uint32_t>> kinds;  // word of each value
  std::vector<size_t> words;                                 // columns of that form
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& from = table.columns[c];
    columns_.columns.push_back({from.name, from.values, {}, {}, from.integral});
    Column& column = coders_[c];
    column.form = form_of(from);
    if (!from.is_category())
      column.coder.fit(column.form == Form::word ? Scale::quantile : Scale::linear, from.numbers);
    if (column.form != Form::word) continue;
    words.push_back(c);
    auto& vocabulary = kinds[kind_of(from.name)];
    if (kind_of(from.name) == "port") {
      std::vector<int64_t> counts(from.values.size(), 0);
      for (const int32_t code : from.codes) ++counts[static_cast<size_t>(code)];
      for (size_t code = 0; code < counts.size(); ++code) {
        if (counts[code] < options.rare) column.rare.push_back(static_cast<int32_t>(code));
      }
    }
    for (size_t code = 0; code < from.values.size(); ++code)
      vocabulary[is_rare(column, static_cast<int32_t>(code)) ? rare_key(c) : from.values[code]];
    for (const double value : from.numbers) vocabulary[bin_of(column.coder, value, options.bins)];
    for (const auto& [bin, word] : vocabulary) {
      if (!from.is_category()) column.bins.push_back(static_cast<int32_t>(bin));
    }
  }
  PairWords pairs;
  pairs.columns = words.size();
  std::map<std::string, size_t> kind_index;
  uint32_t next = 0;
  for (auto& [kind, vocabulary] : kinds) {
    kind_index[kind] = pairs.kind_begin.size();
    pairs.kind_begin.push_back(next);
    for (auto& [value, word] : vocabulary) word = next++;
  }
  pairs.kind_begin.push_back(next);
  std::vector<std::vector<uint32_t>> word_of_place;  // of each column in `words`
  for (const size_t c : words) {
    const TableColumn& from = table.columns[c];
    pairs.kind.push_back(kind_index[kind_of(from.name)]);
    const auto& vocabulary = kinds[kind_of(from.name)];
    std::vector<uint32_t> own;
    for (size_t code = 0; code < from.values.size(); ++code) {
      const bool rare = is_rare(coders_[c], static_cast<int32_t>(code));
      own.push_back(vocabulary.at(rare ? rare_key(c) : from.values[code]));
    }
    for (const int32_t bin : coders_[c].bins) own.push_back(vocabulary.at(bin));
    word_of_place.push_back(std::move(own));
  }
  for (size_t i = 0; i < table.rows; ++i) {
    for (size_t w = 0; w < words.size(); ++w) {
      const auto place = static_cast<size_t>(word_of(coders_[words[w]], table.columns[words[w]], i));
      pairs.sentences.push_back(word_of_place[w][place]);
    }
  }
  const std::vector<float> vectors =
      train_pair_words(pairs, options.word_size, options.word_epochs, seed.child("words"));
  for (size_t w = 0; w < words.size(); ++w) {
    for (const uint32_t word : word_of_place[w]) {
      const auto begin = vectors.begin() + static_cast<std::ptrdiff_t>(word) * options.word_size;
      coders_[words[w]].vectors.insert(coders_[words[w]].vectors.end(), begin, begin + options.word_size);
    }
  }
  lay_out();
}

std::vector<bool> WordRows::covers(RecordTable& table) const {
  std::vector<bool> out(table.rows, true);
  for (size_t c = 0; c < coders_.size(); ++c) {
    std::vector<int32_t>& codes = table.columns[c].codes;
    for (size_t i = 0; i < codes.size(); ++i) {
      if (codes[i] >= 0) continue;
      if (coders_[c].rare.empty()) {
        out[i] = false;
      } else {
        codes[i] = coders_[c].rare.front();
      }
    }
  }
  return out;
}

std::vector<float> WordRows::encode(const RecordTable& table) const {
  const auto width = static_cast<size_t>(layout_.width);
  std::vector<float> out(table.rows * width, 0.0F);
  for (size_t c = 0; c < coders_.size(); ++c) {
    const Column& column = coders_[c];
    const TableColumn& from = table.columns[c];
    float* place = out.data() + column.offset;
    for (size_t i = 0; i < table.rows; ++i, place += width) {
      if (column.form == Form::one_hot) {
        place[from.codes[i]] = 1;
      } else if (column.form == Form::unit) {
        place[0] = column.coder.encode(from.numbers[i]);
      } else {
        std::copy_n(column.vectors.data() + word_of(column, from, i) * column.width, column.width, place);
      }
    }
  }
  return out;
}

RecordTable WordRows::decode(const float* in, size_t rows, Rng& rng) const {
  std::uniform_real_distribution<double> unit(0, 1);
  RecordTable out = columns_;
  out.rows = rows;
  for (size_t c = 0; c < coders_.size(); ++c) {
    const Column& column = coders_[c];
    TableColumn& to = out.columns[c];
    const float* place = in + column.offset;
    for (size_t i = 0; i < rows; ++i, place += layout_.width) {
      if (column.form == Form::one_hot) {
        to.codes.push_back(static_cast<int32_t>(std::max_element(place, place + column.width) - place));
      } else if (column.form == Form::unit) {
        to.numbers.push_back(column.coder.decode(place[0]));
      } else if (const int64_t word = column.search.nearest(place); to.is_category()) {
        const auto code = static_cast<int32_t>(word);
        const auto one_of = static_cast<size_t>(unit(rng) * static_cast<double>(column.rare.size()));
        to.codes.push_back(is_rare(column, code) ? column.rare[one_of] : code);
      } else {
        const double bin = column.bins[static_cast<size_t>(word)] + unit(rng);
        to.numbers.push_back(
            column.coder.decode(static_cast<float>(bin / static_cast<double>(options_.bins))));
      }
    }
  }
  return out;
}

void WordRows::save(H5Writer& file) const {
  file.column("words:options",
              std::vector<int64_t>{options_.word_size, options_.word_epochs, options_.number_words ? 1 : 0,
                                   options_.bins, options_.rare});
  for (size_t c = 0; c < coders_.size(); ++c) {
    const Column& column = coders_[c];
    const std::string name = fmt::format("words{}", c);
    if (!columns_.columns[c].is_category()) column.coder.save(file, name + ":number");
    if (column.form != Form::word) continue;
    file.column(name + ":bins", column.bins);
    file.column(name + ":rare", column.rare);
    file.column(name + ":vectors", column.vectors);
  }
}

void WordRows::load(const H5Reader& file, const RecordTable& columns) {
  const auto options = file.column<int64_t>("words:options");
  if (options.size() != 5 || options[0] < 1 || options[3] < 1)
    fail(Kind::data, "saved words: {} options; 5 ones would be right", options.size());
  options_ = {options[0], options[1], options[2] != 0, options[3], options[4]};
  columns_ = {};
  coders_.assign(columns.columns.size(), {});
  for (size_t c = 0; c < coders_.size(); ++c) {
    const TableColumn& from = columns.columns[c];
    columns_.columns.push_back({from.name, from.values, {}, {}, from.integral});
    Column& column = coders_[c];
    const std::string name = fmt::format("words{}", c);
    column.form = form_of(from);
    if (!from.is_category()) column.coder.load(file, name + ":number");
    if (column.form != Form::word) continue;
    column.bins = file.column<int32_t>(name + ":bins");
    column.rare = file.column<int32_t>(name + ":rare");
    column.vectors = file.column<float>(name + ":vectors");
    const size_t words = from.is_category() ? from.values.size() : column.bins.size();
    const bool known = std::all_of(column.rare.begin(), column.rare.end(), [&](int32_t code) {
      return code >= 0 && static_cast<size_t>(code) < from.values.size();
    });
    if (!known || words == 0 || column.vectors.size() != words * static_cast<size_t>(options_.word_size))
      fail(Kind::data, "saved words of {}: {} components; {} words of {} would be right", from.name,
           column.vectors.size(), words, options_.word_size);
  }
  lay_out();
}

}  // namespace bench
