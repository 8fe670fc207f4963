#include "models/ewgan_gp/word_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <set>

#include "core/error.h"
#include "core/h5.h"
#include "models/ewgan_gp/pair_words.h"

namespace bench {
namespace {

double cosine(const std::vector<float>& vectors, size_t size, size_t a, size_t b) {
  double out = 0;
  for (size_t d = 0; d < size; ++d) out += static_cast<double>(vectors[a * size + d]) * vectors[b * size + d];
  return out;
}

TEST(PairWords, WordsOfLikeContextsLieCloser) {
  // Kind 0: words 0..9, of which the even ones go with word 10 and 12, the odd ones with 11 and 13.
  PairWords words{3, {}, {0, 1, 2}, {0, 10, 12, 14}};
  Rng rng(1);
  for (int i = 0; i < 3000; ++i) {
    const auto first = static_cast<uint32_t>(rng() % 10);
    for (const uint32_t word : {first, 10 + first % 2, 12 + first % 2}) words.sentences.push_back(word);
  }
  const auto vectors = train_pair_words(words, 8, 10, Seed(2));
  ASSERT_EQ(vectors.size(), 14U * 8);
  double least_same = 1, most_other = -1;
  for (size_t a = 0; a < 10; ++a) {
    EXPECT_NEAR(cosine(vectors, 8, a, a), 1, 1e-5);
    for (size_t b = 0; b < a; ++b) {
      const double c = cosine(vectors, 8, a, b);
      if (a % 2 == b % 2) {
        least_same = std::min(least_same, c);
      } else {
        most_other = std::max(most_other, c);
      }
    }
  }
  EXPECT_GT(least_same, most_other);
  EXPECT_EQ(vectors, train_pair_words(words, 8, 10, Seed(2)));
  EXPECT_NE(vectors, train_pair_words(words, 8, 10, Seed(3)));
}

RecordTable small_table(size_t rows) {
  RecordTable table;
  table.rows = rows;
  table.columns = {{"label:type", {0, 1}, {}, {}, true},
                   {"proto", {6, 17}, {}, {}, true},
                   {"srcip", {10, 20, 30}, {}, {}, true},
                   {"dstip", {20, 40}, {}, {}, true},
                   {"srcport", {1000, 2000}, {}, {}, true},
                   {"dstport", {53, 80}, {}, {}, true},
                   {"time", {}, {}, {}, false},
                   {"bytes", {}, {}, {}, true}};
  for (size_t i = 0; i < rows; ++i) {
    for (const size_t c : {0U, 1U, 3U, 4U, 5U}) table.columns[c].codes.push_back(static_cast<int32_t>(i % 2));
    table.columns[2].codes.push_back(static_cast<int32_t>(i % 3));
    table.columns[6].numbers.push_back(static_cast<double>(i) * 0.25);
    table.columns[7].numbers.push_back(i % 2 == 0 ? 64 : 1000 + static_cast<double>(i));
  }
  return table;
}

TEST(WordRows, DecodingReturnsTheTable) {
  const RecordTable table = small_table(300);
  for (const bool number_words : {true, false}) {
    WordRows rows;
    rows.fit(table, {6, 5, number_words, 16, 0}, Seed(1));
    EXPECT_EQ(rows.width(), 2 + 5 * 6 + 1 + (number_words ? 6 : 1));
    const auto encoded = rows.encode(table);
    ASSERT_EQ(encoded.size(), 300U * static_cast<size_t>(rows.width()));
    for (const float v : encoded) EXPECT_LE(std::abs(v), 1.0001F);
    const auto path = std::filesystem::temp_directory_path() / "headerbench-word-rows.h5";
    H5Writer writer(path);
    rows.save(writer);
    writer.finish();
    WordRows loaded;
    loaded.load(H5Reader(path), without_rows(table));
    std::filesystem::remove(path);
    Rng a(2), b(2);
    const RecordTable out = rows.decode(encoded.data(), 300, a);
    const RecordTable again = loaded.decode(encoded.data(), 300, b);
    for (size_t c = 0; c < 6; ++c) {
      EXPECT_EQ(out.columns[c].codes, table.columns[c].codes);
      EXPECT_EQ(again.columns[c].codes, table.columns[c].codes);
    }
    EXPECT_EQ(out.columns[7].numbers, again.columns[7].numbers);
    for (size_t i = 0; i < 300; ++i) {
      EXPECT_NEAR(out.columns[6].numbers[i], table.columns[6].numbers[i], 1e-3);
      // 64 is an atom and exact; the others lie in 8 bins of equal mass between 1001 and 1299.
      if (i % 2 == 0) {
        EXPECT_EQ(out.columns[7].numbers[i], 64);
      }
      EXPECT_NEAR(out.columns[7].numbers[i], table.columns[7].numbers[i], number_words ? 45 : 0.1);
    }
  }
}

TEST(WordRows, RarePortsShareAWordAndComeBackAsAnyOfThem) {
  RecordTable table = small_table(60);
  table.columns[5].values = {53, 80, 40000, 40001, 40002};
  for (size_t i = 0; i < 3; ++i) table.columns[5].codes[i] = static_cast<int32_t>(2 + i);
  WordRows rows;
  rows.fit(table, {6, 5, true, 16, 2}, Seed(1));
  const auto encoded = rows.encode(table);
  const auto word = [&](size_t row) {
    const auto begin = encoded.begin() + static_cast<std::ptrdiff_t>(row) * rows.width() + 2 + 4 * 6;
    return std::vector<float>(begin, begin + 6);
  };
  EXPECT_EQ(word(0), word(1));
  EXPECT_EQ(word(0), word(2));
  EXPECT_NE(word(0), word(3));
  std::set<int32_t> seen;
  Rng rng(4);
  for (int i = 0; i < 40; ++i) {
    const RecordTable out = rows.decode(encoded.data(), 60, rng);
    seen.insert(out.columns[5].codes[0]);
    EXPECT_EQ(out.columns[5].codes[3], table.columns[5].codes[3]);
  }
  EXPECT_EQ(seen, (std::set<int32_t>{2, 3, 4}));
}

TEST(WordRows, AnyOutputMeansAWordOfItsOwnColumn) {
  const RecordTable table = small_table(60);
  WordRows rows;
  rows.fit(table, {6, 2, true, 16, 0}, Seed(1));
  Rng rng(3);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> noise(500 * static_cast<size_t>(rows.width()));
  for (float& v : noise) v = normal(rng);
  const RecordTable out = rows.decode(noise.data(), 500, rng);
  for (size_t c = 0; c < 6; ++c) {
    std::set<int32_t> seen(out.columns[c].codes.begin(), out.columns[c].codes.end());
    EXPECT_EQ(*seen.begin(), 0);
    EXPECT_EQ(seen.size(), table.columns[c].values.size());
  }
  for (const double v : out.columns[7].numbers) {
    EXPECT_GE(v, 64);
    EXPECT_LE(v, 1059);
  }
}

TEST(WordRows, UnknownPortsBecomeRareOnesAndOtherUnknownWordsAreNotCovered) {
  RecordTable table = small_table(60);
  table.columns[5].values = {53, 80, 40000};
  table.columns[5].codes[0] = 2;
  WordRows rows;
  rows.fit(table, {6, 5, true, 16, 2}, Seed(1));
  RecordTable other = table;
  other.columns[5].codes[3] = -1;  // dstport has a rare one
  other.columns[4].codes[4] = -1;  // srcport has none
  other.columns[2].codes[5] = -1;
  other.columns[7].numbers[6] = 500;  // between the words of 64 and of 1001
  const std::vector<bool> covered = rows.covers(other);
  for (size_t i = 0; i < 60; ++i) EXPECT_EQ(covered[i], i != 4 && i != 5) << i;
  EXPECT_EQ(other.columns[5].codes[3], 2);
  other.columns[4].codes[4] = other.columns[2].codes[5] = 0;
  Rng rng(1);
  const RecordTable back = rows.decode(rows.encode(other).data(), 60, rng);
  EXPECT_EQ(back.columns[5].codes[3], 2);
  EXPECT_GE(back.columns[7].numbers[6], 64);
  EXPECT_LE(back.columns[7].numbers[6], 1059);
}

}  // namespace
}  // namespace bench
